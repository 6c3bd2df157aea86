"""The other patients of a cancer hospital: lung, breast, colon and the rest, in less detail."""

from __future__ import annotations

from etl.synthetic import (
    bank,
    calendar,
    front_page,
    imaging,
    labs,
    notes,
    nursing,
    other_imaging,
    pathology,
    radiotherapy,
)
from etl.synthetic.chance import Chance
from etl.synthetic.chemotherapy import give_cycle
from etl.synthetic.course import Radiotherapy
from etl.synthetic.followup import call, operate
from etl.synthetic.front_page import Annex
from etl.synthetic.visits import (
    EMERGENCY,
    INPATIENT,
    OUTPATIENT,
    Chart,
    Diagnosis,
    Visit,
    coded,
    open_visit,
)

_STAGES = {
    "II": ("T2", "N1", "M0", "II"),
    "III": ("T3", "N1", "M0", "III"),
    "IV": ("T3", "N2", "M1", "IV"),
}


def draw(chance: Chance) -> tuple[str, bool, int, int]:
    """(cancer, is a man, birth day, day of the first visit)."""
    cancers = bank.by_key("cancers")
    key = chance.weighted({name: float(row["share"]) for name, row in cancers.items()})
    row = cancers[key]
    first, last = calendar.window()
    start = chance.between(first + 5, last - 40)
    age = min(max(chance.normal(float(row["age"]), float(row["age_sd"])), 18), 94)
    return key, chance.yes(float(row["male"])), int(start - age * 365.25), start


def live(chart: Chart, key: str, start: int) -> None:
    """Diagnosis, surgery, chemotherapy or radiotherapy, controls, perhaps death."""
    row, chance = bank.by_key("cancers")[key], chart.chance
    last = calendar.window()[1]
    setting = bank.parameters()["non_npc"]
    stage = _STAGES[chance.weighted({"II": 0.4, "III": 0.35, "IV": 0.25})]
    dead = chance.yes(setting["death"] * (2.2 if stage[3] == "IV" else 0.6))
    died = start + chance.between(120, 1200)
    chart.person.died_on = died if dead and died < last - 3 else None
    end = min(chart.person.died_on or last, last)
    day = _diagnose(chart, row, start, stage)
    if chance.yes(float(row["surgery_share"])) and day + 20 < end and stage[3] != "IV":
        day = _operate(chart, row, day + 6, stage)
    if row["regimen"] and chance.yes(float(row["chemo_share"])):
        day = _chemotherapy(chart, row, day + 18, end, stage, chance.between(*setting["cycles"]))
    if chance.yes(float(row["rt_share"])) and day + 70 < end:
        day = _radiotherapy(chart, row, day + 25, stage)
    for _ in range(chance.between(*setting["visits_outpatient"])):
        day += chance.between(60, 200)
        if day > end - 5:
            break
        _control(chart, row, day)
    if chance.yes(setting["emergency"]) and day + 40 < end:
        visit = open_visit(
            chart, EMERGENCY, day + 30, day + 30, "急诊科", [coded("pneumonia"), _cancer(row)]
        )
        labs.request(chart, visit, day + 30, ("blood", "inflammation"))
    if chart.person.died_on:
        call(chart, min(chart.person.died_on + 20, last), is_dead=True, causes="cause_other")
    elif day + 200 < last:
        call(chart, day + 180)


def _cancer(row: dict[str, str]) -> Diagnosis:
    return Diagnosis(row["code"], row["name"])


def _stay(chart: Chart, row: dict[str, str], first: int, last: int, principal: str | None) -> Visit:
    diagnoses = [coded(principal)] if principal else []
    diagnoses += [_cancer(row), *(coded(key) for key in chart.person.comorbidities)]
    return open_visit(chart, INPATIENT, first, last, row["department"], diagnoses)


def _diagnose(chart: Chart, row: dict[str, str], day: int, stage: tuple[str, ...]) -> int:
    chance = chart.chance
    is_inpatient = chance.yes(0.5)
    visit = (
        _stay(chart, row, day, day + 5, None)
        if is_inpatient
        else open_visit(chart, OUTPATIENT, day, day, row["department"], [_cancer(row)])
    )
    imaging.report(chart, visit, day, "organ_ct", *other_imaging.primary(chance, row, stage))
    number = pathology.other(chart, visit, min(day + 1, visit.end), row, "穿刺")
    labs.request(chart, visit, day, ("blood", "chemistry", "coagulation", "infection", "marker"))
    if is_inpatient:
        visit.pathology = (number, row["histology"], row["morphology"])
        nursing.measure(chart, visit, day, kps=90, is_brief=True)
        complaint = notes.say(chart, "complaint.other", cancer=row["name"])
        notes.admission(chart, visit, complaint, [])
        said = notes.say(
            chart, "other_pathology", pathology=row["histology"], morphology=row["morphology"]
        )
        notes.discharge(chart, visit, [said])
        front_page.write(chart, visit, Annex((stage[0], stage[1], stage[2], stage[3])))
    return day + 6


def _operate(chart: Chart, row: dict[str, str], day: int, stage: tuple[str, ...]) -> int:
    end = day + chart.chance.between(6, 11)
    visit = _stay(chart, row, day, end, None)
    operate(
        chart,
        visit,
        day + 2,
        row["operation_code"],
        row["operation_name"],
        anaesthesia="全麻",
        hours=3,
    )
    number = pathology.other(chart, visit, day + 3, row, "手术标本")
    visit.pathology = (number, row["histology"], row["morphology"])
    for offset in (0, 3, 6):
        labs.request(chart, visit, day + offset, ("blood", "chemistry"))
        nursing.measure(chart, visit, day + offset, is_brief=offset > 0)
    complaint = notes.say(chart, "complaint.other", cancer=row["name"])
    notes.admission(chart, visit, complaint, [])
    plan = notes.say(chart, "other_plan", operation=row["operation_name"])
    notes.discharge(chart, visit, [plan])
    front_page.write(chart, visit, Annex((stage[0], stage[1], stage[2], stage[3])))
    return end


def _chemotherapy(
    chart: Chart, row: dict[str, str], day: int, end: int, stage: tuple[str, ...], cycles: int
) -> int:
    pd1 = None
    if row["key"] in ("lung", "esophagus", "stomach") and chart.chance.yes(0.35):
        pd1 = chart.chance.pick(["camrelizumab", "tislelizumab", "sintilimab"])
        if day < calendar.ordinal(bank.parameters()["calendar"]["first_pd1"]):
            pd1 = None
    for cycle in range(1, cycles + 1):
        if day + 5 > end:
            break
        visit = _stay(chart, row, day - 1, day + 2, "chemo_maintenance")
        labs.request(chart, visit, day - 1)
        nursing.measure(chart, visit, day - 1, kps=90 if cycle == 1 else None, is_brief=True)
        give_cycle(chart, visit, day, row["regimen"], pd1, cycle, is_light=True)
        visit.operations.append(("99.2503", day))
        complaint = notes.say(chart, "complaint.other", cancer=row["name"])
        if cycle == 1:
            notes.admission(chart, visit, complaint, [])
        notes.discharge(chart, visit, [notes.say(chart, "plan_other", cycle=cycle)])
        annex = Annex((stage[0], stage[1], stage[2], stage[3]), chemo_intent="2")
        front_page.write(chart, visit, annex)
        day += 21 + chart.chance.between(0, 3)
    return day


def _radiotherapy(chart: Chart, row: dict[str, str], day: int, stage: tuple[str, ...]) -> int:
    site = "lung_primary" if row["key"] == "lung" else "other"
    plan = Radiotherapy(site, day, chart.chance.pick([25, 28, 30]), 0.0)
    plan.dose_gy = plan.fractions * 2.0
    plan.end = radiotherapy.working_days(day, plan.fractions)[-1]
    visit = _stay(chart, row, day - 1, plan.end + 1, "radiotherapy")
    radiotherapy.deliver(chart, visit, plan, "C1")
    for week in range(0, 6, 2):
        labs.request(chart, visit, day + 7 * week, ("blood", "chemistry"))
    nursing.measure(chart, visit, day, kps=90, is_brief=True)
    gy = f"{plan.dose_gy:g}"
    notes.discharge(chart, visit, [notes.say(chart, "rt_other", gy=gy, fractions=plan.fractions)])
    annex = Annex((stage[0], stage[1], stage[2], stage[3]), radiotherapy=plan)
    front_page.write(chart, visit, annex)
    return plan.end


def _control(chart: Chart, row: dict[str, str], day: int) -> None:
    keys = [coded("follow_up_surgery"), _cancer(row)]
    visit = open_visit(chart, OUTPATIENT, day, day, row["department"], keys)
    labs.request(chart, visit, day, ("blood", "chemistry", "marker"))
    if chart.chance.yes(0.6):
        imaging.report(chart, visit, day, "organ_ct", *other_imaging.clear(chart.chance, row))
