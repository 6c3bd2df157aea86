"""The rules for admission, progress, discharge and follow-up notes, each from its own module."""

from etl.notes.adverse_event import adverse_event
from etl.notes.cycle import cycle
from etl.notes.death import death
from etl.notes.illness import illness, pneumonitis
from etl.notes.performance import performance
from etl.notes.progression import progression
from etl.notes.quoted import quoted
from etl.notes.radiotherapy import radiotherapy
from etl.notes.recurrence import recurrence
from etl.notes.regimen import regimen
from etl.notes.response import response
from etl.notes.staging import staging
from etl.notes.steroid import steroid
from etl.notes.systemic_therapy import systemic_therapy
from etl.notes.trial import trial
from etl.notes.unfit import unfit

NOTE = (
    performance,
    response,
    staging,
    cycle,
    regimen,
    systemic_therapy,
    radiotherapy,
    adverse_event,
    pneumonitis,
    steroid,
    illness,
    recurrence,
    progression,
    trial,
    death,
    unfit,
    quoted,
)
