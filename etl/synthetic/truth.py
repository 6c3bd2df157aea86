"""What is true: the answers of a perfect abstractor, person by person, criterion by criterion."""

from __future__ import annotations

from dataclasses import dataclass

from etl.synthetic import bank, calendar
from etl.synthetic.course import Course
from etl.synthetic.patients import Person

POPULATION = ("p1", "p2")
INCLUSION = ("i1", "i2", "i3", "i4", "i5", "i6")
EXCLUSION = ("e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9")
CRITERIA = (*POPULATION, *INCLUSION, *EXCLUSION)
PATIENT_COLUMNS = (
    "person_no",
    "empi_id",
    "hzids",
    "kind",
    "near_miss_rule",
    "violations",
    "index_date",
    "arm",
    "eligible",
    *CRITERIA,
    "os_months",
    "os_event",
    "pfs_months",
    "pfs_event",
    "best_response",
    "death_date",
    "last_contact",
    "metastasis_date",
    "primary_end",
    "group",
)
CRITERION_COLUMNS = ("person_no", "empi_id", "criterion", "answer", "value", "date")
_MONTH = 30.4375
_TREATED = ("cohort", "near_miss", "several")


@dataclass
class Truth:
    """Rows for _truth/patient.csv and _truth/criterion.csv of one person."""

    patient: dict[str, str]
    criteria: list[dict[str, str]]


def of_npc(person: Person, course: Course) -> Truth:
    """The truth about a patient with nasopharyngeal carcinoma."""
    answers = _answers(course)
    in_population = answers["p1"] == answers["p2"] == "met"
    eligible = _verdict(answers)
    index = course.index_on if course.kind in _TREATED and answers["p2"] == "met" else None
    row = _base(person, course.kind)
    row |= {
        "near_miss_rule": course.near_miss_rule,
        "violations": "|".join(course.violations),
        "index_date": _iso(index),
        "arm": _arm(course) if index else "",
        "eligible": eligible,
        "metastasis_date": _iso(course.metastasis_on if course.lesions else None),
        "primary_end": _iso(course.primary_end),
        "group": _group(course),
    }
    row |= {name: answer for name, answer in answers.items() if in_population or name in POPULATION}
    if index:
        row |= _outcome(person, course, index)
    return Truth(row, _criteria(person, course, answers, in_population))


def of_other(person: Person, cancer: str) -> Truth:
    """The truth about anybody else: not in the population."""
    row = _base(person, f"other_{cancer}") | {"eligible": "no", "p1": "not_met", "p2": "not_met"}
    return Truth(row, [])


def _base(person: Person, kind: str) -> dict[str, str]:
    ids = [person.hzid, *person.extra_hzids]
    if person.radiotherapy_no:
        ids.append(person.radiotherapy_no)
    return {
        "person_no": str(person.number),
        "empi_id": person.empi,
        "hzids": "|".join(ids),
        "kind": kind,
        "death_date": _iso(person.died_on),
        "last_contact": _iso(person.last_contact),
    }


def _answers(course: Course) -> dict[str, str]:
    answers = dict.fromkeys((*POPULATION, *INCLUSION), "met")
    answers |= dict.fromkeys(EXCLUSION, "not_met")
    if course.kind not in _TREATED:
        has_chest = any(lesion.is_thoracic for lesion in course.lesions)
        answers["p1"] = "met" if has_chest else "unknown" if _nodule_seen(course) else "not_met"
        answers["p2"] = "not_met"
    for name in course.violations:
        rule = bank.violations()[name]
        answers[rule["rule"]] = rule["answer"]
    if answers["p1"] == "not_met":
        answers["p2"] = "not_met"  # no thoracic metastasis, no day to count from
    return answers


def _nodule_seen(course: Course) -> bool:
    """Whether a nodule of unknown nature is seen before the extract and before death."""
    day = course.extras.get("nodule_on")
    return day is not None and day <= min(calendar.window()[1], course.death_on or day)


def _verdict(answers: dict[str, str]) -> str:
    """STUDY: population first, then any failing criterion, then any unknown."""
    population = {answers[name] for name in POPULATION}
    if "not_met" in population:
        return "no"
    failed = any(answers[name] == "not_met" for name in INCLUSION)
    failed = failed or any(answers[name] == "met" for name in EXCLUSION)
    if failed:
        return "no"
    return "review" if "unknown" in answers.values() else "yes"


def _arm(course: Course) -> str:
    return "RT" if course.thoracic_rt else "no RT"


def _group(course: Course) -> str:
    """De novo, within or after six months of the primary treatment (trap 31)."""
    if course.metastasis_on is None or not course.lesions:
        return ""
    if course.primary_end is None:
        return "de novo"
    return "metachronous" if course.metastasis_on - course.primary_end > 183 else "early"


def _outcome(person: Person, course: Course, index: int) -> dict[str, str]:
    death, progression = course.death_on, course.progression_on
    contact = max(person.last_contact, index)
    ends = [day for day in (progression, death) if day]
    # Without an event: the last tumour assessment, day 0 where none followed the index.
    assessed = max(course.extras.get("last_scan", index), index)
    pfs_end = min(ends) if ends else assessed
    return {
        "os_months": f"{((death or contact) - index) / _MONTH:.2f}",
        "os_event": "1" if death else "0",
        "pfs_months": f"{(pfs_end - index) / _MONTH:.2f}",
        "pfs_event": "1" if ends else "0",
        "best_response": course.response,
    }


def _criteria(
    person: Person, course: Course, answers: dict[str, str], in_population: bool
) -> list[dict[str, str]]:
    values = _values(person, course)
    names = CRITERIA if in_population else POPULATION
    return [
        {
            "person_no": str(person.number),
            "empi_id": person.empi,
            "criterion": name,
            "answer": answers[name],
            "value": values.get(name, ("", None))[0],
            "date": _iso(values.get(name, ("", None))[1]),
        }
        for name in names
    ]


def _values(person: Person, course: Course) -> dict[str, tuple[str, int | None]]:
    """What was found, and when, for the criteria that have a value."""
    index = course.index_on
    chest = [lesion for lesion in course.lesions if lesion.is_thoracic]
    largest = max((lesion.size_mm or 0 for lesion in chest), default=0)
    gap = None
    if course.metastasis_on and course.primary_end:
        gap = course.metastasis_on - course.primary_end
    return {
        "p1": ("|".join(lesion.organ for lesion in chest), course.metastasis_on if chest else None),
        "p2": (course.pd1 or "", index if course.pd1 else None),
        "i1": (str(person.age_on(index)) if index else "", index),
        "i2": (f"KPS {course.kps}" if course.kps else f"ECOG {course.ecog}", index),
        "i3": (course.histology, course.diagnosed_on),
        "i4": ("" if gap is None else str(gap), course.primary_end),
        "i5": (f"{largest} mm" if largest else "", course.metastasis_on),
        "i6": ("|".join(f"{k}={v}" for k, v in course.labs.items()), index and index - 1),
        "e2": ("", course.recurrence_on),
    }


def _iso(day: int | None) -> str:
    return calendar.iso(day) if day else ""
