"""Codelists and name rules: `mappings/codelists/*.csv` to the lake.

A codelist is what a study means by a word (`pd1`, `thoracic_metastasis`): concepts, and source
codes where a meaning has no concept of its own. With a full vocabulary it also holds what takes a
listed concept's place, and the descendants of listed drugs, conditions and procedures: a clinical
drug counts as its ingredient. Measurements keep to what is listed: "Metastasis" as an ancestor
would make every neck node a distant metastasis.
"""

from pathlib import Path

import duckdb

from etl.errors import ContractError
from etl.vocabulary.maps.code_map import is_starter
from etl.vocabulary.tables import csv_rows, header, quoted, shown, write_parquet

HEADER = ["concept_id", "concept_name", "code", "note"]
# Tables of rules beside the codelists, each written under its own name.
RULES = {
    "icd10_name_check": ["code_prefix", "required_word_regex", "forbidden_word_regex"],
    "icd10_collision": ["code", "version", "name", "agrees_with_4char"],
}


def write_codelists(lake: Path, mappings: Path, con: duckdb.DuckDBPyConnection) -> int:
    """Write `lake/vocabulary/codelist.parquet` (codelist, concept_id, name, code); give its rows.

    One row per codelist and concept; with concept 0 it names a source code instead. The rule
    tables go to files of their own. Raises ContractError naming the file on a wrong header, a
    line given twice and, with the starter vocabulary, an unknown concept or another name than the
    vocabulary's; after an upgrade `npc-omop vocabulary check` reports those.
    """
    lists = []
    strict = is_starter(lake, con)
    for path in sorted((mappings / "codelists").glob("*.csv")):
        expected = RULES.get(path.stem, HEADER)
        if header(path) != expected:
            raise ContractError(f"{shown(path)}: wrong header: use {','.join(expected)}")
        if path.stem in RULES:
            target = lake / "vocabulary" / f"{path.stem}.parquet"
            write_parquet(con, f"SELECT * FROM {csv_rows(path)} ORDER BY ALL", target)
        else:
            _check(path, lake, con, strict)
            lists.append(path)
    listed = " UNION ALL ".join(
        f"SELECT '{path.stem}' AS codelist, CAST(concept_id AS INTEGER) AS concept_id,"
        f" concept_name AS name, code FROM {csv_rows(path)}"
        for path in lists
    )
    select = listed if strict else WIDER.format(listed=listed, **_tables(lake))
    return write_parquet(con, f"{select} ORDER BY ALL", lake / "vocabulary" / "codelist.parquet")


def _tables(lake: Path) -> dict[str, str]:
    names = ("concept", "concept_ancestor", "concept_relationship")
    return {n: f"read_parquet({quoted(lake / 'vocabulary' / f'{n}.parquet')})" for n in names}


WIDER = """
WITH listed AS ({listed}),

successor AS (
    SELECT listed.codelist, maps.concept_id_2 AS concept_id
    FROM {concept_relationship} AS maps
    INNER JOIN listed ON listed.concept_id = maps.concept_id_1
    WHERE maps.relationship_id = 'Maps to' AND maps.invalid_reason IS NULL
),

meant AS (
    SELECT codelist, concept_id FROM listed WHERE concept_id <> 0
    UNION
    SELECT codelist, concept_id FROM successor
),

member AS (
    SELECT meant.codelist, below.descendant_concept_id AS concept_id
    FROM {concept_ancestor} AS below
    INNER JOIN meant ON meant.concept_id = below.ancestor_concept_id
    UNION
    SELECT codelist, concept_id FROM successor
)

SELECT codelist, concept_id, name, code FROM listed
UNION ALL
SELECT member.codelist, member.concept_id, concept.concept_name AS name, NULL AS code
FROM {concept} AS concept
INNER JOIN member ON member.concept_id = concept.concept_id
LEFT JOIN (SELECT DISTINCT codelist, concept_id FROM successor) AS instead
    ON instead.codelist = member.codelist AND instead.concept_id = member.concept_id
LEFT JOIN (SELECT DISTINCT codelist, concept_id FROM listed) AS there
    ON there.codelist = member.codelist AND there.concept_id = member.concept_id
WHERE
    (concept.domain_id IN ('Condition', 'Drug', 'Procedure') OR instead.concept_id IS NOT NULL)
    AND there.concept_id IS NULL
"""
"""Listed concepts, what takes their place, and what is below them; SQL of DuckDB and PostgreSQL."""


def _check(path: Path, lake: Path, con: duckdb.DuckDBPyConnection, strict: bool) -> None:
    concept = quoted(lake / "vocabulary" / "concept.parquet")
    unknown = con.execute(
        f"SELECT line.concept_id FROM {csv_rows(path)} AS line"
        f" ANTI JOIN read_parquet({concept}) AS concept"
        " ON concept.concept_id = try_cast(line.concept_id AS INTEGER)"
        " AND (concept.concept_name = line.concept_name"
        " OR (concept.concept_id = 0 AND line.code IS NOT NULL))"
    ).fetchone()
    if unknown and strict:
        raise ContractError(
            f"{shown(path)} column concept_id: {unknown[0]} is not in the vocabulary under this "
            "name: correct id or name, or give 0 and a code"
        )
    twice = con.execute(
        f"SELECT concept_id FROM {csv_rows(path)} GROUP BY concept_id, code HAVING count(*) > 1"
    ).fetchone()
    if twice:
        raise ContractError(f"{shown(path)} column concept_id: {twice[0]} twice: remove one")
