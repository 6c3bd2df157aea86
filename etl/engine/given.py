"""The tables that no step fills, with their columns: what landing and the vocabulary provide."""

from collections.abc import Mapping

from etl.source.contracts import (
    EXTRACT_COLUMNS,
    IDENTITY_COLUMNS,
    SOURCE_FILE_COLUMNS,
    Contracts,
)
from etl.vocabulary.maps import code_map
from etl.warehouse import spec

ICD10_NAME_CHECK = {
    "code_prefix": "VARCHAR",
    "required_word_regex": "VARCHAR",
    "forbidden_word_regex": "VARCHAR",
}
CODELIST = {
    "codelist": "VARCHAR",
    "concept_id": "INTEGER",
    "name": "VARCHAR",
    "code": "VARCHAR",
}


def given_tables(contracts: Contracts) -> dict[str, Mapping[str, str]]:
    """Name, columns and DuckDB types of every `raw.*` and `vocabulary.*` table."""
    tables: dict[str, Mapping[str, str]] = {
        f"raw.{name}": contract.raw_columns() for name, contract in contracts.items()
    }
    tables["raw.identity"] = IDENTITY_COLUMNS
    tables["raw.extract"] = EXTRACT_COLUMNS
    tables["raw.source_file"] = SOURCE_FILE_COLUMNS
    for name in spec.VOCABULARY_TABLES:
        tables[f"vocabulary.{name}"] = {c.name: c.duckdb_type for c in spec.columns(name)}
    tables["vocabulary.code_map"] = code_map.COLUMNS
    tables["vocabulary.codelist"] = CODELIST
    tables["vocabulary.icd10_name_check"] = ICD10_NAME_CHECK
    return tables
