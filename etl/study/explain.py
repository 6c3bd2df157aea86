"""Why a patient is in the cohort or not: each criterion's answer, with the CDM rows behind it.

Answers come from the published warehouse, so that they are about what analysts see. What was read
from a text comes with its note and the place in it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from etl.errors import NotFoundError
from etl.settings import Settings
from etl.study.chart import Chart, Reference, Row, published_chart
from etl.study.identity import person_of

STUDY = "npc_lung_pd1"
Explanation = dict[str, Any]


def explain(settings: Settings, hospital_id: str) -> tuple[Explanation, list[Row]]:
    """Explain one patient, named by any of his hospital ids (EMPI_ID, HZID, BAH), and the course.

    Raises NotFoundError, without the id, where the hospital does not know it.
    """
    person_id = person_of(settings, hospital_id)
    if person_id is None:
        return outside(None, "master index entries merge in a circle"), []
    from etl.warehouse.server import connect_url

    with published_chart(connect_url(settings)) as chart:
        return explanation(person_id, chart), chart.course(person_id)


def explain_person(settings: Settings, person_id: int) -> tuple[Explanation, list[Row]]:
    """Explain one person of the CDM, and the course; NotFoundError where the CDM has no such."""
    from etl.warehouse.server import connect_url

    with published_chart(connect_url(settings)) as chart:
        if not chart.is_person(person_id):
            raise NotFoundError("no person of the CDM has this id: give a person_id")
        return explanation(person_id, chart), chart.course(person_id)


def explanation(person_id: int, chart: Chart) -> Explanation:
    """Explain one person from the study's tables and the texts behind them."""
    candidates = chart.study(f"{STUDY}_candidate", person_id)
    if not candidates:
        return outside(person_id, "no NPC diagnosis")
    (candidate,) = candidates
    rows = [r for r in chart.study(f"{STUDY}_evidence", person_id) if r["cdm_table"] is not None]
    texts = chart.texts({_told_by(row) for row in rows})
    evidence: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found = {
            "table": row["cdm_table"],
            "id": row["cdm_id"],
            "concept": row["concept_name"] or row["concept_id"],
            "date": _as_text(row["found_on"], row["date_precision"]),
            "value": row["value"],
        }
        if text := texts.get(_told_by(row)):
            found["note"] = _note(text)
        evidence.setdefault(row["criterion"], []).append(found)
    answered = sorted(
        chart.study(f"{STUDY}_criterion", person_id), key=lambda row: row["criterion_no"]
    )
    return {
        "person_id": person_id,
        "eligible": candidate["eligible"],
        "index_date": _as_text(candidate["index_on"]),
        "arm": candidate["arm"],
        "criteria": {
            row["criterion"]: {
                "answer": row["answer"],
                "value": row["value"],
                "date": _as_text(row["found_on"], row["date_precision"]),
                "evidence": sorted(
                    evidence.get(row["criterion"], []),
                    key=lambda one: (one["date"] or "", one["table"], one["id"]),
                ),
            }
            for row in answered
        },
    }


def outside(person_id: int | None, why: str) -> Explanation:
    """The explanation of a patient who is not among the NPC patients."""
    answers = {"p1": why, "p2": "no thoracic metastasis to count from"}
    return {
        "person_id": person_id,
        "eligible": "no",
        "index_date": None,
        "arm": None,
        "criteria": {
            criterion: {"answer": "not met", "value": value, "date": None, "evidence": []}
            for criterion, value in answers.items()
        },
    }


def as_text(explained: Explanation, course: Iterable[Row] = ()) -> str:
    """The explanation for a terminal: the course, then each criterion and its evidence."""
    lines = [
        f"person {explained['person_id'] or '-'}: eligible {explained['eligible']},"
        f" index date {explained['index_date'] or '-'}, arm {explained['arm'] or '-'}"
    ]
    if happened := _course(explained["index_date"], course):
        lines += ["", *happened, ""]
    for criterion, one in explained["criteria"].items():
        dated = f" ({one['date']})" if one["date"] else ""
        lines.append(f"{criterion}  {one['answer']:<8} {one['value']}{dated}")
        for row in one["evidence"]:
            lines.append(
                f"      {row['date'] or '-':<10}  {row['concept'] or '-'}: {row['value']}"
                f"  [{row['table']} {row['id']}]"
            )
            if note := row.get("note"):
                lines.append(f"                  {_quoted(note)}")
    return "\n".join(lines)


def _course(index_date: str | None, course: Iterable[Row]) -> list[str]:
    """The time line: a line an event, the index among them, the same event once."""
    events = [
        (
            row["told_on"] or _as_text(row["started_on"]) or "",
            _as_text(row["ended_on"]),
            row["what"],
            row["said"],
        )
        for row in course
    ]
    if index_date:
        events.append((index_date, None, "INDEX", "first PD-1 inhibitor with chemotherapy"))
    lines = []
    for start, end, what, said in sorted(events, key=lambda event: event[0]):
        until = f" to {end}" if end and end != start else ""
        lines.append(f"{start + until:<24}  {what:<12}  {said or ''}".rstrip())
    return list(dict.fromkeys(lines))


def _told_by(row: Row) -> Reference:
    """The fact that an evidence row names, else the CDM row itself."""
    if row.get("note_nlp_id") is not None:
        return "note_nlp", row["note_nlp_id"]
    return row["cdm_table"], row["cdm_id"]


def _note(text: Row) -> dict[str, Any]:
    """The note of a text's evidence; `start` and `end` count characters from 0, end excluded."""
    return {
        "id": text["note_id"],
        "title": text["note_title"],
        "date": _as_text(text["note_on"]),
        "start": text["span_start"],
        "end": text["span_end"],
        "text": text["said"],
    }


def _quoted(note: dict[str, Any]) -> str:
    said = " ".join((note["text"] or "").split())
    place = "" if note["start"] is None else f" characters {note['start']}-{note['end']}"
    return f"“{said}”  {note['title'] or 'note'} of {note['date']}, note {note['id']}{place}"


def _as_text(day: date | None, precision: str | None = "day") -> str | None:
    """A date as far as it is known: 2023-05-06, 2023-05 or 2023."""
    if day is None:
        return None
    return day.isoformat()[: {"month": 7, "year": 4}.get(precision or "day", 10)]
