"""What sets single patients apart: earlier immunotherapy, trials, illnesses, brain metastases."""

from __future__ import annotations

from etl.synthetic import calendar, front_page, imaging, labs, notes, nursing, told
from etl.synthetic import imaging_text as text
from etl.synthetic.calendar import Day
from etl.synthetic.chemotherapy import give_cycle
from etl.synthetic.course import Course
from etl.synthetic.front_page import Annex
from etl.synthetic.orders import give, give_daily
from etl.synthetic.primary_phase import regimen_fields, stay
from etl.synthetic.told import Told
from etl.synthetic.visits import OUTPATIENT, Chart, Visit, coded, open_visit

_ILLNESS = {
    "e7_infarction": ("myocardial_infarction", "急性心肌梗死"),
    "e7_bipolar": ("bipolar", "双相情感障碍"),
    "e7_mds": ("mds", "骨髓增生异常综合征"),
}
_GIVEN_ELSEWHERE = (
    "卡瑞利珠单抗",
    "替雷利珠单抗",
    "信迪利单抗",
    "特瑞普利单抗",
    "帕博利珠单抗",
    "纳武利尤单抗",
    "阿替利珠单抗",
    "卡度尼利单抗",
)
_TRIAL_DRUGS = ("SKB264", "BL-B01D1", "HLX43", "KN046")


def earlier(chart: Chart, course: Course) -> None:
    """Everything that happened here between the primary treatment and the index day."""
    extras, index = course.extras, course.index_on or 0
    found = course.metastasis_on or index
    if "e1_here" in extras:
        for step in range(2):
            _treatment(chart, found - 150 + 21 * step, None, course.pd1, step + 1, "immunotherapy")
    if "e3_chemo" in extras:
        for step in range(3):
            _treatment(chart, found + 6 + 21 * step, "TP", None, step + 1, "chemo_maintenance")
    if "rescan" in extras:
        visit = open_visit(chart, OUTPATIENT, index - 6, index - 6, "放疗门诊", [coded("npc")])
        shown = [lesion for lesion in course.lesions if lesion.organ != "brain"]
        imaging.chest(chart, visit, index - 6, "chest_contrast", shown)
    if "e5_pneumonitis" in extras:
        _pneumonitis(chart, index - 70)
    if "e6_unfit" in extras:
        visit = stay(chart, index - 120, index - 114, None, ["npc"])
        note = notes.say(chart, "unfit")
        notes.write(chart, visit, index - 119, "MDT", [note])
        notes.discharge(chart, visit, [notes.say(chart, "unfit_after")])
        front_page.write(chart, visit, None)
    for name, (key, title) in _ILLNESS.items():
        if name in extras:
            _illness(chart, index - 240, key, title)


def past(chart: Chart, course: Course, on: int) -> list[Told]:
    """Sentences of the past history that decide a criterion, in a note of the day `on`."""
    extras, index = course.extras, course.index_on or 0
    found = course.metastasis_on or index
    said = []
    if "e1_elsewhere" in extras:
        drug = chart.chance.pick(_GIVEN_ELSEWHERE)
        year = calendar.year(found - 200)
        is_relative = calendar.year(on) - year == 1 and chart.chance.yes(0.5)
        key = "exposure_last_year" if is_relative else "exposure_elsewhere"
        said.append(notes.say(chart, key, year=year, drug=drug))
    if "e8_trial" in extras:
        said.append(
            notes.say(
                chart,
                "trial_participant",
                day=Day(index - 110),
                drug=_TRIAL_DRUGS[index % len(_TRIAL_DRUGS)],
                last=Day(index - 45),
            )
        )
    elif chart.chance.yes(0.04):
        said.append(notes.say(chart, "trial_declined"))
    if "e5_lupus" in extras:
        said.append(notes.say(chart, "autoimmune"))
    if "e4_symptomatic" in extras:
        said.append(notes.say(chart, "brain_symptomatic"))
    if "brain_asymptomatic" in extras:
        said.append(notes.say(chart, "brain_asymptomatic"))
    if "e5_pneumonitis" in extras:
        said.append(notes.say(chart, "pneumonitis_before", day=Day(index - 70), days=12))
    if notes.AUTOIMMUNE not in chart.avoided and chart.chance.yes(0.1):
        said.append(notes.say(chart, "mimic", day=Day(index - 400)))
    for name, (_, title) in _ILLNESS.items():
        if name in extras:
            said.append(notes.say(chart, "illness", day=Day(index - 240), illness=title))
    return said


def before_cycle(chart: Chart, course: Course, visit: Visit, day: int, *, is_first: bool) -> None:
    """Long-term drugs and the rare diagnoses of the first treatment stay."""
    if "e5_lupus" in course.extras:
        give_daily(chart, visit, "prednisone", day - 1, visit.end, dose=30)
        give_daily(chart, visit, "hydroxychloroquine", day - 1, visit.end, frequency="BID")
    if course.adverse.get("hypothyroidism", 10**9) <= day:
        give_daily(chart, visit, "levothyroxine", day - 1, day + 20, is_taken_home=True)


def brain_scan(chart: Chart, visit: Visit, day: int, course: Course) -> None:
    """Brain MRI; mannitol from four days on when there are symptoms."""
    lesion = next(x for x in course.lesions if x.organ == "brain")
    finding = text.finding(chart.chance, lesion, "first", "", False)
    said = text.impression(chart.chance, lesion)
    imaging.report(chart, visit, day, "brain_mri", [text.concluded(finding, said)], [said])
    if "e4_symptomatic" in course.extras:
        give(chart, visit, "mannitol", day)


def _treatment(
    chart: Chart, day: int, regimen: str | None, pd1: str | None, cycle: int, principal: str
) -> None:
    visit = stay(chart, day - 1, day + 2, principal, ["npc"], "头颈内科")
    labs.request(chart, visit, day - 1)
    nursing.measure(chart, visit, day - 1, kps=90)
    give_cycle(chart, visit, day, regimen, pd1, cycle)
    plan = notes.say(
        chart,
        "plan_immune" if pd1 else "plan_chemo",
        cycle=cycle,
        day=Day(day),
        **regimen_fields(regimen or ""),
    )
    notes.discharge(chart, visit, [plan])
    annex = Annex(("T3", "N2", "M0", "III"), chemo_intent="4") if pd1 else None
    front_page.write(chart, visit, annex)


def _pneumonitis(chart: Chart, day: int) -> None:
    visit = stay(chart, day, day + 12, None, ["pneumonitis", "npc"], "头颈内科")
    seen = told.say(chart.chance, "imaging", "pneumonitis_before")
    said = told.say(chart.chance, "imaging", "pneumonitis_before_said")
    findings = [seen, text.clear(chart.chance, "mediastinum")]
    imaging.report(chart, visit, day, "chest_plain", findings, [said])
    give_daily(chart, visit, "methylprednisolone", day, day + 11)
    labs.request(chart, visit, day, ("blood", "chemistry", "inflammation"))
    notes.discharge(
        chart,
        visit,
        [notes.say(chart, "pneumonitis_before", day=Day(day), days=12)],
    )
    front_page.write(chart, visit, None)


def _illness(chart: Chart, day: int, key: str, title: str) -> None:
    visit = stay(chart, day, day + 6, None, [key, "npc_history"], "肿瘤内科")
    labs.request(chart, visit, day, ("blood", "chemistry", "cardiac"))
    notes.admission(chart, visit, title, [f"因{title}入院治疗。"])
    notes.discharge(chart, visit, [f"{title}经治疗后好转。"])
    front_page.write(chart, visit, None)
