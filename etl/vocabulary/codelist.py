"""Codelists and name rules: `mappings/codelists/*.csv` to the lake.

A codelist is what a study means by a word (`pd1`, `thoracic_metastasis`): concepts, and source
codes where a meaning has no concept of its own.
"""

from pathlib import Path

import duckdb

from etl.errors import ContractError
from etl.vocabulary.starter import csv_rows, header, quoted, shown, write_parquet

HEADER = ["concept_id", "concept_name", "code", "note"]
# Tables of rules beside the codelists, each written under its own name.
RULES = {
    "icd10_name_check": ["code_prefix", "required_word_regex", "forbidden_word_regex"],
    "icd10_collision": ["code", "version", "name", "agrees_with_4char"],
}


def write_codelists(lake: Path, mappings: Path, con: duckdb.DuckDBPyConnection) -> int:
    """Write `lake/vocabulary/codelist.parquet` (codelist, concept_id, name, code); give its rows.

    One row per codelist and concept; with concept 0 it names a source code instead. The rule
    tables go to files of their own. Raises ContractError naming the file on a wrong header, an
    unknown concept or another name than the vocabulary's.
    """
    lists = []
    for path in sorted((mappings / "codelists").glob("*.csv")):
        expected = RULES.get(path.stem, HEADER)
        if header(path) != expected:
            raise ContractError(f"{shown(path)}: wrong header: use {','.join(expected)}")
        if path.stem in RULES:
            target = lake / "vocabulary" / f"{path.stem}.parquet"
            write_parquet(con, f"SELECT * FROM {csv_rows(path)} ORDER BY ALL", target)
        else:
            _check(path, lake, con)
            lists.append(path)
    select = " UNION ALL ".join(
        f"SELECT '{path.stem}' AS codelist, CAST(concept_id AS INTEGER) AS concept_id,"
        f" concept_name AS name, code FROM {csv_rows(path)}"
        for path in lists
    )
    return write_parquet(con, f"{select} ORDER BY ALL", lake / "vocabulary" / "codelist.parquet")


def _check(path: Path, lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    concept = quoted(lake / "vocabulary" / "concept.parquet")
    unknown = con.execute(
        f"SELECT line.concept_id FROM {csv_rows(path)} AS line"
        f" ANTI JOIN read_parquet({concept}) AS concept"
        " ON concept.concept_id = try_cast(line.concept_id AS INTEGER)"
        " AND (concept.concept_name = line.concept_name"
        " OR (concept.concept_id = 0 AND line.code IS NOT NULL))"
    ).fetchone()
    if unknown:
        raise ContractError(
            f"{shown(path)} column concept_id: {unknown[0]} is not in the vocabulary under this "
            "name: correct id or name, or give 0 and a code"
        )
    twice = con.execute(
        f"SELECT concept_id FROM {csv_rows(path)} GROUP BY concept_id, code HAVING count(*) > 1"
    ).fetchone()
    if twice:
        raise ContractError(f"{shown(path)} column concept_id: {twice[0]} twice: remove one")
