"""After treatment: outpatient controls, local recurrence, telephone calls, death."""

from __future__ import annotations

from etl.synthetic import calendar, front_page, imaging, labs, notes, nursing, radiotherapy
from etl.synthetic.calendar import Day
from etl.synthetic.course import Course, Lesion, Radiotherapy
from etl.synthetic.followup import call
from etl.synthetic.front_page import Annex
from etl.synthetic.primary_phase import WARD, ebv, stay
from etl.synthetic.visits import OUTPATIENT, Chart, Visit, coded, open_visit

_CLINIC = "放疗门诊"


def control(chart: Chart, course: Course, day: int, *, is_full: bool) -> Visit:
    """One outpatient control; the full one has MRI and chest CT."""
    visit = open_visit(chart, OUTPATIENT, day, day, _CLINIC, [coded("follow_up"), coded("npc")])
    panels = ("blood", "chemistry", "ebv", "thyroid") if is_full else ("blood", "ebv")
    labs.request(chart, visit, day, panels, fixed=ebv(chart, 100))
    if is_full:
        imaging.nasopharynx(chart, visit, day, "clear")
        exam = chart.chance.pick(["chest_plain", "chest_contrast"])
        imaging.chest(chart, visit, day, exam, [])
    elif chart.chance.yes(0.4):
        imaging.negative(chart, visit, day, "abdomen_us", "liver")
    return visit


def follow(chart: Chart, course: Course, start: int, end: int) -> None:
    """Controls from start to end: every three months, later every six."""
    day, count = start + 85 + chart.chance.between(0, 20), 0
    while day < end - 30 and count < 16:
        control(chart, course, day, is_full=count % 2 == 0)
        count += 1
        day += (95 if count < 6 else 185) + chart.chance.between(-10, 25)


def watch_nodule(chart: Chart, course: Course) -> None:
    """A nodule of unknown nature: seen, coded as metastasis, unchanged a year later."""
    day = course.extras["nodule_on"]
    size, is_many = chart.chance.between(4, 8), chart.chance.yes(0.5)
    nodule = Lesion("lung", "右肺上叶", size, "possible", "small", is_many)
    for step in range(3):
        when = day + 120 * step
        if when > min(calendar.window()[1], course.death_on or when):
            return
        diagnoses = [coded("follow_up"), coded("npc")]
        if step:
            diagnoses.append(coded("lung", "2"))
        visit = open_visit(chart, OUTPATIENT, when, when, _CLINIC, diagnoses)
        imaging.chest(
            chart,
            visit,
            when,
            "chest_plain",
            [nodule],
            change="stable" if step else "first",
            before=when - 120 if step else None,
        )
        labs.request(chart, visit, when, ("blood", "ebv", "marker"), fixed=ebv(chart, 90))


def treat_recurrence(chart: Chart, course: Course) -> None:
    """Locoregional recurrence: MRI, re-irradiation of the nasopharynx."""
    day = course.recurrence_on
    if day is None or day > calendar.window()[1]:
        return
    visit = stay(chart, day - 1, day + 5, None, ["npc", "neck_node"])
    imaging.nasopharynx(chart, visit, day, "recurrence")
    imaging.chest(chart, visit, day + 1, "chest_contrast", [])
    labs.request(chart, visit, day, ("blood", "chemistry", "ebv"), fixed=ebv(chart, 2500))
    nursing.measure(chart, visit, day, kps=80)
    notes.admission(
        chart,
        visit,
        notes.say(chart, "complaint.follow", months=18),
        [notes.say(chart, "recurrence", day=Day(day))],
    )
    notes.discharge(chart, visit, [notes.say(chart, "recurrence_plan")])
    front_page.write(chart, visit, Annex(("rT2", "N0", "M0", "rII")))
    if chart.chance.yes(0.6):
        again = Radiotherapy("nasopharynx", day + 14, 30, 60.0)
        again.end = radiotherapy.working_days(again.start, 30)[-1]
        if again.start <= calendar.window()[1]:
            second = stay(chart, again.start - 2, again.end + 1, "radiotherapy", ["npc"], WARD)
            radiotherapy.deliver(chart, second, again, "C2")
            labs.request(chart, second, again.start - 2)
            nursing.measure(chart, second, again.start - 2, kps=80)
            notes.discharge(
                chart, second, [notes.say(chart, "reirradiation", gy="60", fractions=30)]
            )
            annex = Annex(("rT2", "N0", "M0", "rII"), radiotherapy=again)
            front_page.write(chart, second, annex)


def close(chart: Chart, course: Course, start: int) -> None:
    """Telephone follow-up to death, loss or the extract; a death in hospital has its stay."""
    last = calendar.window()[1]
    end = course.death_on or course.lost_on or last
    day = start + 150 + chart.chance.between(0, 60)
    while day < end - 20:
        call(chart, day, progression_on=course.progression_on, recurrence_on=course.recurrence_on)
        day += 180 + chart.chance.between(-20, 60)
    if course.lost_on and course.lost_on + 120 < last:
        call(chart, course.lost_on + 120, is_lost=True)
    if course.death_on:
        call(
            chart,
            min(course.death_on + chart.chance.between(8, 60), last),
            progression_on=course.progression_on,
            is_dead=True,
        )


def die_in_hospital(chart: Chart, course: Course, keys: list[str]) -> None:
    """The last stay, ending on the day of death."""
    day = course.death_on
    if day is None or day > calendar.window()[1]:
        return
    visit = stay(
        chart, day - chart.chance.between(2, 9), day, None, [*keys, "cachexia"], "姑息医学科"
    )
    labs.request(
        chart,
        visit,
        visit.start,
        ("blood", "chemistry", "inflammation"),
        fixed={"ALB": f"{chart.chance.within(21, 29):.1f}", "HGB": "78"},
    )
    nursing.measure(chart, visit, visit.start, kps=30, fever=chart.chance.yes(0.3))
    cause = chart.chance.pick(["呼吸循环衰竭", "多器官功能衰竭", "肿瘤进展"])
    text = notes.say(
        chart,
        "death",
        day=Day(day),
        time=f"{chart.chance.between(1, 9)}时30分",
        cause=cause,
    )
    notes.admission(chart, visit, notes.say(chart, "complaint.decline"), [])
    notes.write(chart, visit, day, "死亡记录", [text])
    front_page.write(chart, visit, None)
