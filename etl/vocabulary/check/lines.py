"""The lines of the mappings that name a concept, of maps and of codelists alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.vocabulary.maps.codelist import HEADER as CODELIST_HEADER
from etl.vocabulary.maps.map_file import read_maps
from etl.vocabulary.tables import csv_rows, header, shown


@dataclass(frozen=True)
class Line:
    """One line that names a concept: of a map (with source vocabulary and code) or a codelist."""

    file: str
    line: int
    source_vocabulary_id: str
    source_code: str
    source_name: str
    vocabulary: str
    target_code: str
    concept_id: int
    concept_name: str

    @property
    def is_map(self) -> bool:
        """Whether a run needs this line's target to be standard."""
        return bool(self.source_vocabulary_id)


def read_lines(mappings: Path, con: duckdb.DuckDBPyConnection) -> Iterator[Line]:
    """Read the lines of all maps and codelists that name a concept.

    `con` must know the macro normal_code. Raises ContractError on a line that cannot be read.
    """
    for line in read_maps(mappings / "concepts", con):
        if line.status != "no_match":
            yield Line(
                *(line.file, line.line, line.source_vocabulary_id, line.code, line.name),
                *(line.vocabulary, line.target_code, line.concept_id, line.concept_name),
            )
    for path in sorted((mappings / "codelists").glob("*.csv")):
        if header(path) == CODELIST_HEADER:
            rows = con.execute(
                f"SELECT try_cast(concept_id AS INTEGER), concept_name FROM {csv_rows(path)}"
            ).fetchall()
            for number, (concept_id, name) in enumerate(rows, 2):
                if concept_id:
                    yield Line(shown(path), number, "", "", "", "", "", concept_id, name or "")
