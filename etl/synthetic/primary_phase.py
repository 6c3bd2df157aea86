"""Diagnosis, induction, definitive radiotherapy and adjuvant chemotherapy in this hospital."""

from __future__ import annotations

from typing import Any

from etl.synthetic import (
    bank,
    calendar,
    front_page,
    imaging,
    labs,
    notes,
    nursing,
    pathology,
    radiotherapy,
)
from etl.synthetic.calendar import Day
from etl.synthetic.chemotherapy import give_cycle, name_of
from etl.synthetic.course import Course
from etl.synthetic.followup import operate
from etl.synthetic.front_page import Annex
from etl.synthetic.orders import charge_item, give
from etl.synthetic.told import Told, facts_of
from etl.synthetic.visits import INPATIENT, Chart, Diagnosis, Visit, coded, open_visit

WARD = "头颈放疗科"
_CHEMO = "头颈内科"
_NEOADJUVANT, _CURATIVE, _ADJUVANT = "3", "1", "4"


def stay(
    chart: Chart, first: int, last: int, principal: str | None, others: list[str], ward: str = WARD
) -> Visit:
    """An inpatient stay whose principal diagnosis is the treatment, the cancer another one."""
    keys = ([principal] if principal else []) + others
    diagnoses: list[Diagnosis] = [coded(key) for key in keys + chart.person.comorbidities]
    return open_visit(chart, INPATIENT, first, last, ward, diagnoses)


def ebv(chart: Chart, load: float) -> dict[str, str]:
    """Fixed results of the virus panel: below the detection limit when the load is small."""
    if load < 400:
        below = chart.chance.pick(["<400", "<400", "未检出", "<4.00E+02"])
        return {"EBV-DNA": below}
    value = load * chart.chance.within(0.6, 1.6)
    return {"EBV-DNA": f"{value:.2E}" if value > 1e5 else f"{value:.0f}"}


def infection(chart: Chart) -> dict[str, str]:
    """Hepatitis B as the person carries it."""
    if chart.person.hbv_carrier:
        return {"HBsAg": chart.chance.pick([">250", "阳性(+)", "182.40"]), "HBV-DNA": "<100"}
    return {"HBsAg": chart.chance.pick(["0.00", "阴性(-)", "0.01"]), "HBV-DNA": "未检出"}


def diagnose_here(chart: Chart, course: Course) -> tuple[str, str, str]:
    """The diagnostic stay: biopsy, MRI, chest CT, laboratory; returns the pathology."""
    day, chance = course.diagnosed_on, chart.chance
    visit = stay(chart, day, day + chance.between(4, 7), None, ["npc", "neck_node"])
    visit.pathology = pathology.nasopharynx(chart, visit, day + 1, course.histology, course.eber)
    operate(chart, visit, day + 1, "29.1203", "内镜下鼻咽活组织检查")
    imaging.nasopharynx(chart, visit, day + 1, "primary")
    if course.stage[2] == "M0":
        imaging.chest(chart, visit, day + 2, "chest_contrast", [])
    imaging.negative(chart, visit, day + 2, "bone_scan", "bone")
    imaging.negative(chart, visit, day + 2, "abdomen_us", "liver")
    load = 10 ** chance.within(2.4, 4.6)
    panels = ("blood", "chemistry", "coagulation", "infection", "ebv", "ebv_antibody", "thyroid")
    labs.request(chart, visit, day, panels, fixed=ebv(chart, load) | infection(chart))
    nursing.measure(chart, visit, day, kps=90, ecog=1)
    notes.admission(chart, visit, notes.first_complaint(chart), [])
    stage = notes.stage(chart, *course.stage)
    notes.discharge(chart, visit, [histology_sentence(chart, visit.pathology), stage])
    front_page.write(chart, visit, Annex(course.stage))
    return visit.pathology


def treat_primary(chart: Chart, course: Course, proof: tuple[str, str, str]) -> None:
    """Induction cycles, the radiotherapy stay with concurrent drugs, adjuvant cycles."""
    plan = course.primary
    if plan is None:
        return
    last_day = calendar.window()[1]
    start = course.diagnosed_on + 12
    for cycle in range(1, course.induction_cycles + 1):
        _cycle(
            chart, course, start + 21 * (cycle - 1), course.induction, cycle, _NEOADJUVANT, proof
        )
    if plan.start <= last_day:
        _radiotherapy_stay(chart, course, proof)
    for cycle in range(1, course.adjuvant_cycles + 1):
        day = plan.end + 24 + 21 * (cycle - 1)
        course.primary_end = _cycle(chart, course, day, "GP", cycle, _ADJUVANT, proof)


def _cycle(
    chart: Chart,
    course: Course,
    day: int,
    regimen: str,
    cycle: int,
    intent: str,
    proof: tuple[str, str, str],
) -> int:
    """One chemotherapy stay of the primary treatment; returns its last cytotoxic day."""
    if day > calendar.window()[1] or regimen == "none":
        return day
    has_day_8 = "GP" in regimen
    principal = chart.chance.pick(["chemo_course", "chemo_maintenance"])
    others = ["npc", "neck_node"]
    visit = stay(chart, day - 1, day + (8 if has_day_8 else 3), principal, others, _CHEMO)
    visit.pathology = proof
    labs.request(chart, visit, day - 1)
    nursing.measure(chart, visit, day - 1, kps=90)
    last = give_cycle(chart, visit, day, regimen, None, cycle)
    visit.operations.append(("99.2503", day))
    if chart.chance.yes(0.3):
        low = f"{chart.chance.within(0.6, 1.4):.2f}"
        labs.request(chart, visit, min(visit.end, day + 7), ("blood",), fixed={"NEUT#": low})
        give(chart, visit, "gcsf", min(visit.end, day + 7))
    plan = notes.say(chart, "plan_chemo", **regimen_fields(regimen), cycle=cycle, day=Day(day))
    complaint = notes.say(
        chart, "complaint.chemo", months=max(1, (day - course.diagnosed_on) // 30)
    )
    notes.admission(chart, visit, complaint, [histology_sentence(chart, proof)])
    notes.discharge(chart, visit, [plan, notes.say(chart, "adverse.vomiting")])
    front_page.write(chart, visit, Annex(course.stage, chemo_intent=intent))
    return last


def _radiotherapy_stay(chart: Chart, course: Course, proof: tuple[str, str, str]) -> None:
    """Seven weeks: plan, fractions, weekly blood counts, concurrent platinum, summary."""
    plan = course.primary
    assert plan is not None
    last_day = calendar.window()[1]
    visit = stay(chart, plan.start - 3, plan.end + 1, "radiotherapy", ["npc", "neck_node"])
    visit.pathology = proof
    technique = radiotherapy.deliver(chart, visit, plan, "C1")
    charge_item(chart, visit, "放射治疗计划设计", "FL0002", min(plan.start, last_day), 3200.0)
    labs.request(
        chart,
        visit,
        plan.start - 3,
        ("blood", "chemistry", "coagulation", "ebv"),
        fixed=ebv(chart, 200),
    )
    for week in range(1, (plan.end - plan.start) // 7 + 1):
        labs.request(chart, visit, plan.start + 7 * week, ("blood", "chemistry"))
        nursing.measure(chart, visit, plan.start + 7 * week, is_brief=True)
        if week % 3 == 1:
            text = notes.say(chart, "course_note", wbc="3.2", nth=5 * week)
            notes.write(chart, visit, plan.start + 7 * week, "日常病程", [text])
    nursing.measure(chart, visit, plan.start - 3, kps=90, ecog=1)
    if course.concurrent != "none":
        for cycle, day in enumerate((plan.start, plan.start + 21), 1):
            if day <= last_day:
                give_cycle(chart, visit, day, course.concurrent, None, cycle)
    complaint = notes.say(chart, "complaint.chemo", months=3)
    notes.admission(chart, visit, complaint, [histology_sentence(chart, proof)])
    fields = dose_fields(course) | {
        "target": chart.chance.pick(bank.phrases("notes")["rt_targets"]),
        "technique": technique,
    }
    notes.write(chart, visit, plan.end, "放疗小结", [notes.say(chart, "rt_summary", **fields)])
    summary = [notes.say(chart, "primary_here", **fields)]
    if course.concurrent != "none":
        drug = name_of({"DDP": "cisplatin", "NDP": "nedaplatin"}[course.concurrent])
        summary.append(notes.say(chart, "concurrent", drug=drug))
    if chart.chance.yes(0.6):
        summary.append(notes.say(chart, "adverse.radiation"))
    notes.discharge(chart, visit, summary)
    visit.operations.append(("92.2400x003", plan.start))
    front_page.write(chart, visit, Annex(course.stage, radiotherapy=plan, chemo_intent=_CURATIVE))


def dose_fields(course: Course) -> dict[str, Any]:
    """Dose, fractions and dates of the definitive course in every form that notes use."""
    plan = course.primary
    assert plan is not None
    days = plan.end - plan.start + 1
    return {
        "gy": f"{plan.dose_gy:g}",
        "cgy": f"{plan.dose_gy * 100:.0f}",
        "fractions": plan.fractions,
        "weeks": f"{days / 7:.1f}",
        "days": days,
        "start": Day(plan.start),
        "end": Day(plan.end),
    }


def histology_sentence(chart: Chart, proof: tuple[str, str, str]) -> Told:
    """The biopsy as a note quotes it."""
    number, text, _ = proof
    diagnosis = [fact for fact in facts_of(text) if fact["type"] == "diagnosis"]
    quoted = Told(text.rstrip("。"), diagnosis)
    return notes.say(chart, "histology", pathology=quoted, pathology_no=number)


def regimen_fields(regimen: str) -> dict[str, str]:
    """A regimen as a note writes it, and the names under which a reader may know it."""
    return {"regimen": regimen, "regimen_value": {"nabTP": "nabTP|TP"}.get(regimen, regimen)}
