"""What has no standard concept yet, ranked by rows and patients: the mapper's list of work."""

import csv
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import TextIO

import duckdb

from etl.engine.duckdb import open_table


@dataclass(frozen=True)
class Unmapped:
    """One source code or name without a standard concept."""

    source_vocabulary: str
    source_code: str
    source_value: str
    rows: int
    patients: int
    decision: str


def unmapped(con: duckdb.DuckDBPyConnection, lake: Path) -> list[Unmapped]:
    """List the codes of concept 0, most rows first, each with what was decided.

    `no_match`: somebody looked and nothing fits; `quarantined`: the name contradicts the code;
    `unmapped`: nobody has looked.
    """
    open_table(con, lake, "stem.event")
    open_table(con, lake, "vocabulary.code_map")
    found = con.execute("""
        SELECT
            e.vocabulary, coalesce(e.code, ''), coalesce(e.source_value, ''),
            count(*), count(DISTINCT e.person_id),
            coalesce(
                m.status,
                -- A code that is not looked up: its name contradicts it (trap 3).
                CASE
                    WHEN e.vocabulary = 'npc_icd10' AND e.code IS NULL
                        AND regexp_matches(e.source_value, '^[A-Z][0-9]{2}')
                        THEN 'quarantined'
                END,
                'unmapped'
            )
        FROM stem.event AS e
        LEFT JOIN vocabulary.code_map AS m
            ON m.source_vocabulary_id = e.vocabulary AND m.source_code = e.code AND m.target_no = 0
        WHERE e.concept_id = 0 AND e.not_carried_reason IS NULL
        GROUP BY ALL
        ORDER BY 4 DESC, 5 DESC, 1, 2, 3
    """).fetchall()
    return [Unmapped(*row) for row in found]


def write_csv(rows: list[Unmapped], out: TextIO) -> None:
    """Write the list as CSV with a header."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([f.name for f in fields(Unmapped)])
    writer.writerows(astuple(row) for row in rows)
