"""One patient with nasopharyngeal carcinoma, from the plan to the rows."""

from __future__ import annotations

from etl.synthetic import (
    calendar,
    imaging,
    imaging_text,
    labs,
    notes,
    nursing,
    pathology,
    special,
    surveillance,
)
from etl.synthetic import metastatic_phase as metastatic
from etl.synthetic import primary_phase as primary
from etl.synthetic.calendar import Day
from etl.synthetic.chemotherapy import give_cycle
from etl.synthetic.course import Course, Lesion, Radiotherapy
from etl.synthetic.front_page import Annex
from etl.synthetic.front_page import write as write_front_page
from etl.synthetic.metastatic_disease import codes
from etl.synthetic.orders import charge_item
from etl.synthetic.radiotherapy import deliver, working_days
from etl.synthetic.told import Told
from etl.synthetic.visits import OUTPATIENT, Chart, coded, open_visit

# What the truth of a patient hangs on is told by its own sentence only.
_AVOIDED = {
    "e4_symptomatic": notes.HEAD,
    "e4_unstated": notes.HEAD,
    "brain_asymptomatic": notes.HEAD,
    "e5_lupus": notes.AUTOIMMUNE,
}


def live(chart: Chart, course: Course) -> None:
    """Write all rows of one patient."""
    chart.avoided = frozenset(_AVOIDED[name] for name in course.extras if name in _AVOIDED)
    _first, _last = calendar.window()
    chart.person.died_on = course.death_on
    if course.kind == "consultation":
        _consult(chart, course)
        return
    history = _primary_history(chart, course)
    if course.metastasis_on is None:
        _without_metastasis(chart, course)
        return
    start = course.primary_end or course.metastasis_on
    if course.is_here:
        surveillance.follow(chart, course, start, course.metastasis_on)
    special.earlier(chart, course)
    if course.kind == "lung_primary":
        _lung_primary(chart, course)
    else:
        metastatic.work_up(chart, course, history)
        metastatic.treat(chart, course, history)
    surveillance.close(chart, course, course.index_on or start)
    if course.death_on and chart.chance.yes(0.35):
        surveillance.die_in_hospital(chart, course, codes(course))


def _primary_history(chart: Chart, course: Course) -> list[Told]:
    """Treat the primary here, or learn of it; returns the sentences later notes repeat."""
    if course.is_here:
        proof = primary.diagnose_here(chart, course)
        primary.treat_primary(chart, course, proof)
        said = [primary.histology_sentence(chart, proof)]
        if course.induction_cycles:
            said.append(
                notes.say(
                    chart, "induction", regimen=course.induction, cycles=course.induction_cycles
                )
            )
        if course.primary:
            said.append(notes.say(chart, "primary_here", **primary.dose_fields(course)))
        return said
    return _told(chart, course)


def _told(chart: Chart, course: Course) -> list[Told]:
    """Treatment elsewhere as the patient's papers tell it: by day, by month, or undated."""
    end = course.primary_end or course.diagnosed_on
    fields = primary.dose_fields(course)
    fields["end"] = Day(end)
    key = {
        "day": "primary_elsewhere_day",
        "month": "primary_elsewhere",
        "none": "primary_elsewhere_undated",
    }[course.primary_end_wording]
    wording = pathology.type_text(chart, course.histology)
    proof = notes.say(
        chart, "histology_elsewhere", pathology=wording, year=calendar.year(course.diagnosed_on)
    )
    if course.histology == "none":
        proof = Told("外院病理资料未带。")
    return [proof, notes.say(chart, key, **fields)]


def _consult(chart: Chart, course: Course) -> None:
    """Seen once or twice for a second opinion."""
    first, last = calendar.window()
    day = min(max(course.diagnosed_on, first + 5), last - 5)
    visit = open_visit(chart, OUTPATIENT, day, day, "放疗门诊", [coded("npc")])
    if chart.chance.yes(0.6):
        pathology.nasopharynx(chart, visit, day, course.histology, course.eber, is_consult=True)
    if chart.chance.yes(0.6):
        labs.request(chart, visit, day, ("blood", "ebv"), fixed=primary.ebv(chart, 1500))
    chart.person.died_on = None


def _without_metastasis(chart: Chart, course: Course) -> None:
    """Controls, perhaps a local recurrence or a nodule, then telephone calls."""
    last = calendar.window()[1]
    start = course.primary_end or course.diagnosed_on
    end = min(x for x in (course.recurrence_on, course.death_on, course.lost_on, last) if x)
    if start > last:
        return
    if not course.is_here:
        visit = open_visit(chart, OUTPATIENT, start + 30, start + 30, "放疗门诊", [coded("npc")])
        notes.write(chart, visit, start + 30, "首次病程", _told(chart, course))
    surveillance.follow(chart, course, start, min(end, course.extras.get("nodule_on", end)))
    if "nodule_on" in course.extras:
        surveillance.watch_nodule(chart, course)
    surveillance.treat_recurrence(chart, course)
    surveillance.close(chart, course, start)


def _lung_primary(chart: Chart, course: Course) -> None:
    """A lung carcinoma of its own in a patient cured of the nasopharynx."""
    day, last = course.metastasis_on or 0, calendar.window()[1]
    site = "右肺上叶"
    visit = primary.stay(
        chart, day - 1, day + 6, None, ["lung_primary", "npc_history"], "胸部肿瘤科"
    )
    lump = Lesion("lung", site, chart.chance.between(25, 48))
    wording = Told(
        f"{site}见分叶状软组织肿块，大小约{lump.size_mm}mm，可见毛刺征及胸膜牵拉",
        [{"type": "finding", "value": "mass", "site": "lung", "size_mm": str(lump.size_mm)}],
    )
    said = Told(f"{site}周围型肺癌", [{"type": "conclusion", "nature": "primary"}])
    imaging.report(
        chart, visit, day, "chest_contrast", [imaging_text.concluded(wording, said)], [said]
    )
    pathology.lung_primary(chart, visit, day + 1, site)
    labs.request(chart, visit, day, ("blood", "chemistry", "marker", "coagulation"))
    nursing.measure(chart, visit, day, kps=90)
    complaint = notes.say(chart, "complaint.lung")
    notes.admission(chart, visit, complaint, [notes.say(chart, "rt_before")])
    notes.discharge(chart, visit, [notes.say(chart, "lung_pathology")])
    write_front_page(chart, visit, Annex(("T2", "N1", "M0", "IIB")))
    for cycle in range(1, course.cycles + 1):
        when = day + 12 + 21 * (cycle - 1)
        if when > min(last, course.death_on or last) - 4:
            return
        keys = ["lung_primary", "npc_history"]
        second = primary.stay(chart, when - 1, when + 2, "chemo_maintenance", keys, "胸部肿瘤科")
        labs.request(chart, second, when - 1)
        give_cycle(chart, second, when, course.regimen, None, cycle)
        notes.discharge(chart, second, [notes.say(chart, "plan_lung", cycle=cycle)])
        write_front_page(chart, second, Annex(("T2", "N1", "M0", "IIB"), chemo_intent="1"))
    start = day + 12 + 21 * course.cycles
    if start + 60 < min(last, course.death_on or last):
        plan = Radiotherapy("lung_primary", start, 30, 60.0)
        plan.end = working_days(start, 30)[-1]
        stay = primary.stay(
            chart,
            start - 2,
            plan.end + 1,
            "radiotherapy",
            ["lung_primary", "npc_history"],
            "胸部肿瘤科",
        )
        deliver(chart, stay, plan, "C2")
        charge_item(chart, stay, "放射治疗计划设计", "FL0002", start, 3200.0)
        notes.discharge(chart, stay, [notes.say(chart, "rt_lung_primary", gy="60", fractions=30)])
        write_front_page(chart, stay, Annex(("T2", "N1", "M0", "IIB"), radiotherapy=plan))
