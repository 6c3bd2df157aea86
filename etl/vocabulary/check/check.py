"""`npc-omop vocabulary check`: which lines of maps and codelists no longer agree with Athena.

Lines are compared with the vocabulary in use, which an upgrade may have made another one than the
lines were written for. Which domain a target had before, the vocabulary before it says.
"""

import csv
import tempfile
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any, TextIO

import duckdb

from etl.engine.duckdb import connect
from etl.settings import Settings
from etl.vocabulary import kept as keeping
from etl.vocabulary.check.lines import Line, read_lines
from etl.vocabulary.check.touched import count_touched
from etl.vocabulary.local import FIRST, ROWS, find_successors
from etl.vocabulary.replacement import find_replacements
from etl.vocabulary.starter import write_starter
from etl.vocabulary.tables import quoted

STOPPING = ("gone", "other id", "invalid", "not standard")
"""What keeps a map's line from being used: the next run ends with an error that names the line."""


@dataclass(frozen=True)
class Now:
    """The vocabulary in use: its concepts and relationships, as tables in SQL."""

    concept: str
    relationship: str


@dataclass(frozen=True)
class Finding:
    """One way in which a line differs from the vocabulary in use, and what it touches.

    `finding` is gone, other id, invalid, not standard, replaced (a local concept), other domain or
    other name; `now` is what the vocabulary says instead. Rows are source rows for a map, CDM rows
    for a codelist, of the last finished run; NULL where there is none.
    """

    file: str
    line: int
    source_code: str
    source_name: str
    concept_id: int
    concept_name: str
    finding: str
    stops_run: bool
    now: str
    replacement_id: str
    replacement_name: str
    rows: int | None
    patients: int | None


def check(settings: Settings) -> list[Finding]:
    """Compare every line with the vocabulary in use; what stops a run first, then most rows."""
    with (
        connect(settings) as con,
        tempfile.TemporaryDirectory(prefix="check-", dir=settings.lake) as scratch,
    ):
        lines = list(read_lines(settings.mappings, con))
        now, before = _vocabularies(settings, con, Path(scratch))
        found = _differences(con, lines, now, before)
        stale = {f.concept_id for _, f in found if f.finding not in ("other name", "other domain")}
        instead = find_replacements(con, now.concept, now.relationship, stale)
        touched = count_touched(con, settings.lake, {line for line, _ in found})
    findings = []
    for line, finding in found:
        targets = instead.get(finding.concept_id, []) if finding.concept_id in stale else []
        rows, patients = touched.get(line, (None, None))
        findings.append(
            replace(
                finding,
                replacement_id="; ".join(str(concept_id) for concept_id, _ in targets),
                replacement_name="; ".join(name for _, name in targets),
                rows=rows,
                patients=patients,
            )
        )
    return sorted(
        findings, key=lambda f: (not f.stops_run, -(f.rows or 0), f.file, f.line, f.finding)
    )


def write_csv(findings: list[Finding], out: TextIO) -> None:
    """Write findings as CSV with a header."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([f.name for f in fields(Finding)])
    writer.writerows(astuple(finding) for finding in findings)


def _vocabularies(
    settings: Settings, con: duckdb.DuckDBPyConnection, scratch: Path
) -> tuple[Now, str]:
    """Give the vocabulary in use, and the concepts of the one before it, in SQL.

    The local concepts are those of the file as it is now: the next run takes them.
    """
    write_starter(scratch, settings.mappings, con)
    starter = {t: _parquet(scratch / "vocabulary", t) for t in ("concept", "concept_relationship")}
    kept = keeping.current(settings)
    if kept is None:
        return Now(starter["concept"], starter["concept_relationship"]), starter["concept"]
    own = {t: _parquet(kept.folder, t) for t in starter}
    find_successors(con, own["concept"], own["concept_relationship"])
    now = Now(
        f"(SELECT * FROM {own['concept']} WHERE concept_id < {FIRST}"
        f" UNION ALL BY NAME {ROWS['concept']})",
        f"(SELECT * FROM {own['concept_relationship']} WHERE concept_id_1 < {FIRST}"
        f" UNION ALL BY NAME {ROWS['concept_relationship']})",
    )
    for before in (keeping.linked(settings.lake), keeping.previous(settings)):
        if before and before.bundle != kept.bundle:
            return now, _parquet(before.folder, "concept")
    return now, starter["concept"]


def _parquet(folder: Path, table: str) -> str:
    return f"read_parquet({quoted(folder / f'{table}.parquet')})"


def _differences(
    con: duckdb.DuckDBPyConnection, lines: list[Line], now: Now, before: str
) -> list[tuple[Line, Finding]]:
    con.execute(
        "CREATE OR REPLACE TEMP TABLE target (number INTEGER, vocabulary VARCHAR, code VARCHAR,"
        " concept_id INTEGER)"
    )
    con.execute(
        "INSERT INTO target SELECT unnest(?), unnest(?), unnest(?), unnest(?)",
        [
            list(range(len(lines))),
            [line.vocabulary for line in lines],
            [line.target_code for line in lines],
            [line.concept_id for line in lines],
        ],
    )
    facts = con.execute(_FACTS.format(now=now.concept, before=before)).fetchall()
    con.execute("DROP TABLE target")
    return [
        (lines[number], _finding(lines[number], kind, says))
        for number, *rest in facts
        for kind, says in _kinds(lines[number], *rest)
    ]


def _kinds(
    line: Line,
    concept_id: int | None,
    name: str,
    domain: str,
    standard: str | None,
    invalid: str | None,
    domain_before: str | None,
    is_vocabulary_there: bool,
) -> Iterator[tuple[str, str]]:
    """Say how a line's concept differs from what the line says, with what is there now."""
    if concept_id is None:
        there = "not in the vocabulary"
        yield "gone", there if is_vocabulary_there else f"{line.vocabulary} was not downloaded"
        return
    if concept_id != line.concept_id:
        yield "other id", f"{concept_id} {name}"
    if invalid and line.concept_id >= FIRST:
        yield "replaced", "Athena has the concept"
    elif invalid:
        yield "invalid", "replaced (U)" if invalid == "U" else "deleted (D)"
    elif standard != "S":
        yield "not standard", "classification" if standard == "C" else "no standard concept"
    if domain_before and domain != domain_before:
        yield "other domain", f"{domain}, was {domain_before}"
    if name != line.concept_name:
        yield "other name", name


def _finding(line: Line, kind: str, says: str) -> Finding:
    return Finding(
        file=line.file,
        line=line.line,
        source_code=line.source_code,
        source_name=line.source_name,
        concept_id=line.concept_id,
        concept_name=line.concept_name,
        finding=kind,
        stops_run=line.is_map and kind in STOPPING,
        now=says,
        replacement_id="",
        replacement_name="",
        rows=None,
        patients=None,
    )


# One row per line: its concept now, by vocabulary and code where the line has one, else by id.
_FACTS = """
WITH there AS (
    SELECT * FROM {now}
    WHERE concept_id IN (SELECT concept_id FROM target)
        OR (vocabulary_id, concept_code) IN (
            SELECT (vocabulary, code) FROM target WHERE code <> ''
        )
)

SELECT
    target.number, there.concept_id, there.concept_name, there.domain_id, there.standard_concept,
    there.invalid_reason, before.domain_id,
    coalesce(target.vocabulary, '') = ''
        OR target.vocabulary IN (SELECT vocabulary_id FROM {now})
FROM target
LEFT JOIN there
    ON CASE
        WHEN target.code <> ''
            THEN there.vocabulary_id = target.vocabulary AND there.concept_code = target.code
        ELSE there.concept_id = target.concept_id
    END
LEFT JOIN (SELECT concept_id, domain_id FROM {before}) AS before
    ON before.concept_id = target.concept_id
ORDER BY target.number, there.concept_id
"""


def summary(findings: list[Finding]) -> dict[str, Any]:
    """Count the findings by kind, and the lines that stop a run."""
    kinds: dict[str, int] = {}
    for finding in findings:
        kinds[finding.finding] = kinds.get(finding.finding, 0) + 1
    return {
        "stops_run": len({(f.file, f.line) for f in findings if f.stops_run}),
        "findings": kinds,
    }
