"""Beside the cycles: radiotherapy to the chest, pneumonitis, scans after the last cycle."""

from __future__ import annotations

from etl.synthetic import (
    calendar,
    front_page,
    imaging,
    labs,
    notes,
    nursing,
    radiotherapy,
    told,
)
from etl.synthetic import imaging_text as text
from etl.synthetic.calendar import Day
from etl.synthetic.course import Course
from etl.synthetic.front_page import Annex
from etl.synthetic.metastatic_disease import CHEMO_WARD, SHRINK, STAGE, codes, scan
from etl.synthetic.orders import give_daily
from etl.synthetic.primary_phase import WARD, ebv, stay
from etl.synthetic.visits import OUTPATIENT, Chart, coded, open_visit


def keep_watch(
    chart: Chart, course: Course, start: int, stop: int, scanned: int, factor: float
) -> int:
    """Outpatient scans every three months until `stop`; returns the day of the last one."""
    day = start + chart.chance.between(30, 60)
    while day < stop - 25:
        visit = open_visit(
            chart, OUTPATIENT, day, day, "放疗门诊", [coded(x) for x in codes(course)]
        )
        scan(chart, visit, day, course, course.modality, factor, "stable", scanned)
        labs.request(chart, visit, day, ("blood", "chemistry", "ebv"), fixed=ebv(chart, 300))
        scanned = day
        day += 90 + chart.chance.between(-8, 20)
    return scanned


def irradiate_chest(chart: Chart, course: Course) -> None:
    """The planned course to a thoracic metastasis, in a stay of its own."""
    plan = course.thoracic_rt
    if plan is None:
        return
    plan.end = radiotherapy.working_days(plan.start, plan.fractions)[-1]
    visit = stay(chart, plan.start - 2, plan.end + 1, "radiotherapy", codes(course), WARD)
    radiotherapy.deliver(chart, visit, plan, "C2" if course.is_here else "C1")
    organ = {"lung": "肺", "mediastinum": "纵隔", "pleura": "左"}[plan.site]
    place = next((x.place for x in course.lesions if x.organ == plan.site), organ)
    target = f"{place}侧胸膜" if plan.site == "pleura" else place
    said = notes.say(
        chart,
        "plan_thoracic_rt",
        day=Day(plan.start),
        end=Day(plan.end),
        target=target,
        site=plan.site,
        gy=f"{plan.dose_gy:g}",
        cgy=f"{plan.dose_gy * 100:.0f}",
        fractions=plan.fractions,
    )
    if abs(visit.start - (course.index_on or 0)) > 30:
        labs.request(chart, visit, plan.start - 2)
    nursing.measure(chart, visit, plan.start - 2, kps=course.kps, ecog=course.ecog)
    visit.operations.append(("92.2400x004" if plan.fractions < 10 else "92.2400x003", plan.start))
    notes.discharge(chart, visit, [said])
    annex = Annex(STAGE, metastasis_radiotherapy=(f"{place}转移灶", plan))
    front_page.write(chart, visit, annex)


def treat_pneumonitis(chart: Chart, course: Course) -> None:
    """Immune-related pneumonitis: scan, steroids for ten days."""
    end = min(calendar.window()[1], course.death_on or 10**9) - 16
    day = course.adverse.get("pneumonitis")
    if day and day < end and day < (course.progression_on or day + 1):
        visit = stay(chart, day, day + 12, None, ["pneumonitis", *codes(course)], CHEMO_WARD)
        extra = (
            told.say(chart.chance, "imaging", "pneumonitis"),
            told.say(chart.chance, "imaging", "impression.pneumonitis"),
        )
        factor = SHRINK[course.response][0] or 0.4
        shown = [text.scaled(x, factor) for x in course.lesions if x.organ != "brain"]
        imaging.chest(chart, visit, day, "chest_plain", shown, change="stable", extra=extra)
        give_daily(chart, visit, "methylprednisolone", day, day + 9, dose=80)
        labs.request(chart, visit, day, ("blood", "chemistry", "inflammation"))
        notes.discharge(chart, visit, [notes.say(chart, "adverse.pneumonitis")])
        front_page.write(chart, visit, Annex(STAGE))
