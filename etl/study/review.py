"""The review file: what researchers decided after reading a chart, signed line by line.

A CSV with the columns of `HEADER`: the patient's pseudonym (`person_source_value` of the CDM, or
the 32 characters of the landing), the criterion, the decision (met, not met), the reason, the
reviewer's code and the day. It settles what the CDM leaves unknown; the study's SQL decides how.
"""

import csv
import hashlib
import io
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.errors import NotFoundError, ReviewError
from etl.settings import Settings
from etl.study.definition import Study

if TYPE_CHECKING:
    import psycopg

HEADER = ["patient", "criterion", "decision", "reason", "reviewer_code", "decided_on"]
DECISIONS = ("met", "not met")
MAX_REASON = 500

_PSEUDONYM = re.compile(r"[0-9]{1,12}|[0-9a-f]{32}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,19}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Line:
    """One signed decision, and where it stands. `patient` is a pseudonym."""

    number: int
    patient: str
    criterion: str
    decision: str
    reason: str
    reviewer_code: str
    decided_on: date


@dataclass(frozen=True)
class Review:
    """A checked review file. `persons` are the people behind pseudonyms of the landing."""

    name: str
    content: bytes
    lines: tuple[Line, ...]
    persons: dict[str, int]
    is_kept: bool = False

    @property
    def sha256(self) -> str:
        """The digest of the file."""
        return hashlib.sha256(self.content).hexdigest()


def read_review(path: Path, study: Study, today: date, is_kept: bool = False) -> Review:
    """Read and check a review file, all but its patients; ReviewError naming line and column."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ReviewError(f"{path.name}: {error.strerror}: name a file that can be read") from None
    lines = tuple(parsed(path.name, content, criteria_of(study), today))
    return Review(path.name, content, lines, {}, is_kept)


def parsed(name: str, content: bytes, criteria: set[str], today: date) -> Iterable[Line]:
    """The lines of a review file; without `criteria` any criterion will do."""
    rows = csv.reader(io.StringIO(_decoded(name, content), newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if header != HEADER:
            raise ReviewError(f"{name} line 1: wrong header: use {','.join(HEADER)}")
        for cells in rows:
            if not cells or not any(cell.strip() for cell in cells):
                continue
            yield _line(f"{name} line {rows.line_num}", rows.line_num, cells, criteria, today)
    except csv.Error:
        raise ReviewError(f"{name} line {rows.line_num}: a quotation mark is not closed") from None


def decisions(con: "psycopg.Connection[tuple[Any, ...]]", review: Review) -> list[tuple[Any, ...]]:
    """The rows of `study.review_decision`.

    ReviewError where a patient is not in the CDM, or decided upon twice. A kept file's patients
    may have left the CDM since: their lines are left out.
    """
    known = dict(con.execute(_PERSONS, [[line.patient for line in review.lines]]).fetchall())
    there = {row[0] for row in con.execute(_THERE, [list(review.persons.values())]).fetchall()}
    known |= {key: person for key, person in review.persons.items() if person in there}
    found: dict[tuple[int, str], int] = {}
    rows: list[tuple[Any, ...]] = []
    for line in review.lines:
        person = known.get(line.patient)
        where = f"{review.name} line {line.number}"
        if person is None:
            if review.is_kept:
                continue
            raise ReviewError(f"{where} column patient: no patient of the CDM has this pseudonym")
        first = found.setdefault((person, line.criterion), line.number)
        if first != line.number:
            raise ReviewError(
                f"{where} column criterion: this patient's {line.criterion} is decided in line"
                f" {first} already: keep one"
            )
        rows.append(
            (
                person,
                line.criterion,
                line.decision,
                line.reason,
                line.reviewer_code,
                line.decided_on,
            )
        )
    return rows


def kept_path(settings: Settings, study: Study) -> Path:
    """Where the data home keeps a study's review file."""
    return settings.review / f"{study.name}.csv"


def kept_review(settings: Settings, study: Study, today: date) -> Review | None:
    """The review file that the data home keeps, None without one."""
    path = kept_path(settings, study)
    return with_persons(settings, read_review(path, study, today, True)) if path.exists() else None


def kept_digest(settings: Settings, study: Study) -> str | None:
    """The digest of the review file that the data home keeps, None without one."""
    path = kept_path(settings, study)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def keep(settings: Settings, study: Study, review: Review) -> None:
    """Keep a review file in the data home, whole or not at all, for its owner only."""
    path = kept_path(settings, study)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(".tmp")
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(review.content)
    os.replace(unfinished, path)


def with_persons(settings: Settings, review: Review) -> Review:
    """Add the persons behind the pseudonyms of the landing; a file without such asks nothing."""
    from etl.study.identity import one_person, persons_of

    wanted = {line.patient for line in review.lines if len(line.patient) == 32}
    if not wanted:
        return review
    persons: dict[str, int] = {}
    for key, found in persons_of(settings, wanted).items():
        try:
            person = one_person(found)
        except NotFoundError:
            continue  # several patients share this id
        if person is not None:
            persons[key] = person
    return Review(review.name, review.content, review.lines, persons, review.is_kept)


def criteria_of(study: Study) -> set[str]:
    """The criteria that a study knows: the rows of its step `criterion`; empty without one."""
    import duckdb

    step = next((s for s in study.steps if s.table == "study.criterion" and not s.reads), None)
    if step is None:
        return set()
    with duckdb.connect() as con:
        found = con.execute(f"SELECT criterion FROM (\n{step.sql}\n) AS listed").fetchall()
    return {row[0] for row in found}


def _decoded(name: str, content: bytes) -> str:
    """The text of a file saved as UTF-8, or by a Chinese Excel."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ReviewError(f"{name}: is no text: save it as CSV in UTF-8")


def _line(where: str, number: int, cells: list[str], criteria: set[str], today: date) -> Line:
    if len(cells) != len(HEADER):
        raise ReviewError(f"{where}: has {len(cells)} fields, needs {len(HEADER)}")
    patient, criterion, decision, reason, code, day = (cell.strip() for cell in cells)
    if not _PSEUDONYM.fullmatch(patient.lower()):
        raise ReviewError(
            f"{where} column patient: must be a pseudonym: the CDM's person_source_value"
        )
    if not criterion or (criteria and criterion not in criteria):
        raise ReviewError(
            f"{where} column criterion: unknown: use one of {', '.join(sorted(criteria)) or 'them'}"
        )
    decision = decision.replace("_", " ")
    if decision not in DECISIONS:
        raise ReviewError(f"{where} column decision: must be one of: {', '.join(DECISIONS)}")
    if not reason or len(reason) > MAX_REASON or not reason.isprintable():
        raise ReviewError(
            f"{where} column reason: must say why, in one line of up to {MAX_REASON} characters"
        )
    if not _CODE.fullmatch(code):
        raise ReviewError(
            f"{where} column reviewer_code: must be a code of up to 20 letters, digits, - _ ."
        )
    if not _DAY.fullmatch(day):
        raise ReviewError(f"{where} column decided_on: must be a day, as 2025-03-31")
    try:
        decided_on = date.fromisoformat(day)
    except ValueError:
        raise ReviewError(f"{where} column decided_on: no such day") from None
    if decided_on > today:
        raise ReviewError(f"{where} column decided_on: lies in the future")
    return Line(number, patient.lower(), criterion, decision, reason, code, decided_on)


_PERSONS = (
    "SELECT person_source_value, person_id FROM cdm.person WHERE person_source_value = ANY(%s)"
)
_THERE = "SELECT person_id FROM cdm.person WHERE person_id = ANY(%s)"
