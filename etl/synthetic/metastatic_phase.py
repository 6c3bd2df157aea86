"""Metastasis to the end: work-up, PD-1 and chemotherapy cycles, scans, progression."""

from __future__ import annotations

from etl.synthetic import (
    bank,
    calendar,
    front_page,
    imaging,
    labs,
    notes,
    nursing,
    pathology,
    special,
)
from etl.synthetic import imaging_text as text
from etl.synthetic.calendar import Day
from etl.synthetic.chemotherapy import give_cycle, name_of
from etl.synthetic.complications import irradiate_chest, keep_watch, treat_pneumonitis
from etl.synthetic.course import Course, Lesion
from etl.synthetic.followup import operate
from etl.synthetic.front_page import Annex
from etl.synthetic.metastatic_disease import CHEMO_WARD, SHRINK, STAGE, codes, scan
from etl.synthetic.orders import amount_of, give, number
from etl.synthetic.primary_phase import ebv, infection, regimen_fields, stay
from etl.synthetic.told import Fact, Told
from etl.synthetic.visits import Chart, Visit

_PALLIATIVE = "2"


def work_up(chart: Chart, course: Course, history: list[Told]) -> None:
    """The stay in which the metastasis is found (day = metastasis_on)."""
    day, chance = course.metastasis_on or 0, chart.chance
    visit = stay(chart, day - 1, day + 2, None, codes(course))
    has_labs = course.has_baseline_labs and not course.labs
    scan(chart, visit, day, course, course.modality)
    state = "recurrence" if course.recurrence_on else "clear"
    if "i4_de_novo" not in course.violations:
        imaging.nasopharynx(chart, visit, day, state)
    if any(lesion.organ == "brain" for lesion in course.lesions):
        special.brain_scan(chart, visit, day, course)
    if has_labs:
        labs.request(
            chart,
            visit,
            day - 1,
            ("blood", "chemistry", "coagulation", "infection", "thyroid"),
            fixed=infection(chart),
            is_adequate=True,
        )
    labs.request(chart, visit, day - 1, ("ebv",), fixed=ebv(chart, 10 ** chance.within(3.0, 5.2)))
    nursing.measure(chart, visit, day - 1, kps=course.kps, ecog=course.ecog)
    if not course.is_here and chance.yes(0.6):
        pathology.nasopharynx(chart, visit, day, course.histology, course.eber, is_consult=True)
    if course.is_lung_biopsied:
        _biopsy(chart, visit, day + 1, course)
    seen = "；".join(text.impression(chance, lesion) for lesion in course.lesions)
    exam = bank.phrases("imaging")["exams"][course.modality]["name"]
    finding = notes.say(
        chart, "finding_metastasis", day=Day(day), exam=exam, finding=seen or "未见异常"
    )
    finding = Told(finding, [_spread(lesion) for lesion in course.lesions])
    if course.recurrence_on:
        history = [*history, notes.say(chart, "recurrence", day=Day(day))]
    months = max(1, (day - course.diagnosed_on) // 30)
    complaint = notes.say(chart, "complaint.metastasis", months=months)
    notes.admission(
        chart, visit, complaint, [*history, finding], past=special.past(chart, course, day - 1)
    )
    notes.discharge(chart, visit, [finding, *notes.performance(chart, course.kps, course.ecog)])
    front_page.write(chart, visit, Annex(STAGE))


def _spread(lesion: Lesion) -> Fact:
    """A metastasis that a note names; its report tells it better."""
    return {"type": "progression", "value": lesion.organ, "optional": "1"}


def _biopsy(chart: Chart, visit: Visit, day: int, course: Course) -> None:
    target = next((lesion for lesion in course.lesions if lesion.organ == "lung"), None)
    if target is None or (target.size_mm or 0) < 10:
        return
    operate(chart, visit, day, "33.2600x001", "CT引导下肺穿刺活检")
    pathology.metastasis(chart, visit, day, target.place, course.eber)


def treat(chart: Chart, course: Course, history: list[Told]) -> None:
    """Cycles from the index day on, a scan every second one, then maintenance."""
    index = course.index_on or 0
    last_day = calendar.window()[1]
    stop = min(x for x in (course.progression_on, course.death_on, course.lost_on, last_day) if x)
    scanned, best = course.metastasis_on or index, 1.0
    total = course.cycles + course.maintenance_cycles
    if "p2_chemo_late" in course.extras:
        total = course.cycles
    day = index
    for cycle in range(1, total + 1):
        if cycle > 1:
            day += 21 + chart.chance.between(0, 3)
        if cycle == 2 and "p2_chemo_late" in course.extras:
            day += 15
        if day > stop - 3 and cycle > 1:
            break
        if day > course.adverse.get("pneumonitis", day):
            break  # immunotherapy is stopped for good
        is_chemo = cycle <= course.cycles
        if cycle in (3, 5, 8, 11, 14, 17) and course.response != "PD":
            best = SHRINK[course.response][0 if cycle == 3 else 1]
        visit = _cycle(chart, course, day, cycle, history, is_chemo=is_chemo)
        if cycle in (3, 5, 8, 11, 14, 17) and day < stop - 20:
            change = "shrinking" if course.response in ("CR", "PR") and cycle < 8 else "stable"
            scan(chart, visit, day - 1, course, course.modality, best, change, scanned)
            scanned = day - 1
    scanned = keep_watch(chart, course, max(day, index) + 30, stop, scanned, best)
    course.extras["last_scan"] = scanned
    irradiate_chest(chart, course)
    treat_pneumonitis(chart, course)
    if course.progression_on:
        progress(chart, course, scanned)


def _cycle(
    chart: Chart, course: Course, day: int, cycle: int, history: list[Told], *, is_chemo: bool
) -> Visit:
    """One treatment stay: laboratory the day before, infusion, notes, front page."""
    chance = chart.chance
    regimen = course.regimen if is_chemo else None
    has_day_8 = bool(regimen and regimen.startswith("G"))
    is_first = cycle == 1
    principal = chance.pick(["chemo_maintenance", "chemo_course"]) if regimen else "immunotherapy"
    end = day + (8 if has_day_8 and chance.yes(0.5) else 2)
    visit = stay(chart, day - 1, end, principal, codes(course), CHEMO_WARD)
    if not is_first or course.has_baseline_labs:
        labs.request(
            chart,
            visit,
            day - 1,
            ("blood", "chemistry"),
            fixed=course.labs if is_first else None,
            is_adequate=is_first,
        )
    if cycle % 2 == 0 or is_first:
        load = 10 ** chance.within(2.0, 3.2) if course.response in ("CR", "PR") else 4000.0
        labs.request(chart, visit, day - 1, ("ebv",), fixed=ebv(chart, load))
    if course.pd1 and cycle % 2 == 0:
        hypothyroid = course.adverse.get("hypothyroidism", 10**9) <= day
        thyroid = {"TSH": f"{chance.within(12, 60):.3f}", "FT4": "7.10"} if hypothyroid else None
        labs.request(chart, visit, day - 1, ("thyroid", "cardiac"), fixed=thyroid)
    nursing.measure(chart, visit, day - 1, kps=course.kps, ecog=course.ecog)
    special.before_cycle(chart, course, visit, day, is_first=is_first)
    pd1_given = "p2_not_executed" not in course.extras
    is_apart = "p2_chemo_late" in course.extras
    pd1 = course.pd1 if is_first or not is_apart else None
    give_cycle(
        chart,
        visit,
        day,
        None if is_first and is_apart else regimen,
        pd1,
        cycle,
        is_pd1_executed=pd1_given,
    )
    if regimen:
        visit.operations.append(("99.2503", day))
    if pd1 and pd1_given:
        visit.operations.append(("99.2800x005", day))
    fall = bank.parameters()["adverse_events"]["neutropenia_cycle"] * 0.6
    said = [notes.say(chart, "adverse.none")]
    if regimen and end >= day + 7 and chance.yes(fall):
        low = {"NEUT#": f"{chance.within(0.4, 0.98):.2f}", "WBC": f"{chance.within(1.2, 1.9):.2f}"}
        labs.request(chart, visit, day + 7, ("blood",), fixed=low)
        give(chart, visit, "gcsf", day + 7)
        said = [notes.say(chart, "adverse.neutropenia")]
    _cycle_notes(chart, course, visit, day, cycle, history, regimen, said)
    response = course.response if cycle >= 3 else None
    front_page.write(chart, visit, Annex(STAGE, chemo_intent=_PALLIATIVE, response=response))
    return visit


def _cycle_notes(
    chart: Chart,
    course: Course,
    visit: Visit,
    day: int,
    cycle: int,
    history: list[Told],
    regimen: str | None,
    said: list[Told],
) -> None:
    given = name_of(course.pd1) if course.pd1 else ""
    dose = number(amount_of(chart, course.pd1)) if course.pd1 else ""
    key = "plan_chemo" if not course.pd1 else "plan_pd1" if regimen else "plan_maintenance"
    plan = notes.say(
        chart,
        key,
        cycle=cycle,
        **regimen_fields(regimen or ""),
        pd1=given,
        dose=dose,
        day=Day(day),
    )
    months = max(1, (day - course.diagnosed_on) // 30)
    complaint = notes.say(chart, "complaint.chemo", months=months)
    past = special.past(chart, course, day - 1) if cycle == 1 else None
    kps = notes.performance(chart, course.kps, course.ecog)
    notes.admission(chart, visit, complaint, [*history, *kps], past=past)
    for term in ("hypothyroidism", "rash"):
        if course.adverse.get(term, 10**9) <= day and f"told_{term}" not in course.extras:
            course.extras[f"told_{term}"] = 1
            said = [*said, notes.say(chart, f"adverse.{term}")]
    if cycle in (3, 5, 8):
        said = [*said, notes.response(chart, course.response, cycle - 1)]
    notes.discharge(chart, visit, [plan, *said])


def progress(chart: Chart, course: Course, scanned: int) -> None:
    """The scan that shows progression, and a second line."""
    day = course.progression_on or 0
    visit = stay(chart, day - 1, day + 3, None, codes(course), CHEMO_WARD)
    new = [Lesion("liver", "S7", chart.chance.between(11, 30), "probable")]
    if all(lesion.organ != "liver" for lesion in course.lesions) and chart.chance.yes(0.5):
        course.lesions = [*course.lesions, *new]
    scan(chart, visit, day, course, course.modality, 1.45, "growing", scanned)
    labs.request(chart, visit, day - 1, ("blood", "chemistry", "ebv"), fixed=ebv(chart, 30000))
    nursing.measure(chart, visit, day - 1, kps=70)
    notes.discharge(chart, visit, [notes.response(chart, "PD", course.cycles)])
    front_page.write(chart, visit, Annex(STAGE, response="PD"))
    end = min(course.death_on or 10**9, calendar.window()[1])
    if "p2_alone" in course.violations:
        return  # chemotherapy now would stand within 14 days of the last PD-1 dose
    for cycle in range(1, chart.chance.between(1, 4) + 1):
        when = day + 8 + 21 * (cycle - 1)
        if when > end - 15:
            return
        second = stay(chart, when - 1, when + 2, "chemo_maintenance", codes(course), CHEMO_WARD)
        labs.request(chart, second, when - 1)
        nursing.measure(chart, second, when - 1, kps=70)
        give_cycle(chart, second, when, "nabTP", None, cycle)
        notes.discharge(chart, second, [notes.say(chart, "plan_second_line")])
        front_page.write(chart, second, Annex(STAGE, chemo_intent=_PALLIATIVE))
