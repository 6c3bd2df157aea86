"""The codelists of `mappings/codelists` as `vocabulary.codelist` of the warehouse.

They are read anew by each build, so that an analyst changes a list and builds again; what a listed
concept stands for is asked of the vocabulary that the published CDM was built with.
"""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.errors import ContractError
from etl.vocabulary.maps.codelist import HEADER, RULES, WIDER

if TYPE_CHECKING:
    import psycopg

Line = tuple[str, int, str | None, str | None]
"""Codelist, concept, its name, and a source code where the concept is 0."""


def read_codelists(mappings: Path) -> list[Line]:
    """Every line of every codelist; ContractError naming file and line."""
    lines: list[Line] = []
    for path in sorted((mappings / "codelists").glob("*.csv")):
        if path.stem in RULES:
            continue
        where = f"mappings/codelists/{path.name}"
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            if next(rows, []) != HEADER:
                raise ContractError(f"{where}: wrong header: use {','.join(HEADER)}")
            for cells in rows:
                if len(cells) != len(HEADER) or not cells[0].isdecimal():
                    raise ContractError(
                        f"{where} line {rows.line_num} column concept_id: needs a concept's number"
                        f" and {len(HEADER)} fields"
                    )
                lines.append((path.stem, int(cells[0]), cells[1] or None, cells[2] or None))
    return lines


def write_codelists(con: "psycopg.Connection[tuple[Any, ...]]", lines: list[Line]) -> None:
    """Make `vocabulary.codelist`, wider than the lines where the vocabulary is a full one."""
    con.execute(
        "CREATE TEMP TABLE listed_codelist"
        " (codelist TEXT, concept_id INTEGER, name TEXT, code TEXT) ON COMMIT DROP"
    )
    with con.cursor() as cursor, cursor.copy("COPY pg_temp.listed_codelist FROM STDIN") as copy:
        for line in lines:
            copy.write_row(line)
    con.execute("ANALYZE pg_temp.listed_codelist")
    listed = "SELECT codelist, concept_id, name, code FROM pg_temp.listed_codelist"
    row = con.execute(_IS_STARTER).fetchone()
    if not (row and row[0]):
        tables = ("concept", "concept_ancestor", "concept_relationship")
        listed = WIDER.format(listed=listed, **{table: f"vocabulary.{table}" for table in tables})
    con.execute(f"CREATE TABLE vocabulary.codelist AS\n{listed}")
    con.execute("CREATE INDEX ON vocabulary.codelist (codelist, concept_id)")
    con.execute("ANALYZE vocabulary.codelist")
    con.execute(
        "COMMENT ON TABLE vocabulary.codelist IS"
        " 'One row per concept of a codelist: what a study means by a word'"
    )


_IS_STARTER = """
SELECT bool_or(vocabulary_version LIKE 'starter%')
FROM vocabulary.vocabulary WHERE vocabulary_id = 'None'
"""
