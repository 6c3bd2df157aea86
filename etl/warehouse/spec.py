"""The OMOP CDM 5.4 as SQLAlchemy metadata: 39 tables, with their types, keys and indexes.

The definitions are those of the `omop-cdm` package; what this warehouse needs otherwise stands
below as data, with the reason beside it. Nothing here touches a database.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlalchemy as sa

VOCABULARY_TABLES: tuple[str, ...] = (
    "concept",
    "vocabulary",
    "domain",
    "concept_class",
    "relationship",
    "concept_relationship",
    "concept_synonym",
    "concept_ancestor",
    "drug_strength",
)
"""Shared by the CDMs that were built with them, each version in a schema of its own."""

CDM_TABLES: tuple[str, ...] = (
    "location",
    "care_site",
    "provider",
    "person",
    "observation_period",
    "visit_occurrence",
    "visit_detail",
    "condition_occurrence",
    "drug_exposure",
    "procedure_occurrence",
    "device_exposure",
    "measurement",
    "observation",
    "death",
    "note",
    "note_nlp",
    "specimen",
    "fact_relationship",
    "payer_plan_period",
    "cost",
    "drug_era",
    "dose_era",
    "condition_era",
    "episode",
    "episode_event",
    "metadata",
    "cdm_source",
    "source_to_concept_map",
)
"""Filled by `etl/sql/cdm/<table>.sql`, one file each."""

RESULTS_TABLES: tuple[str, ...] = ("cohort", "cohort_definition")
"""Filled by the studies."""

WITHOUT_KEY: frozenset[str] = frozenset(
    {
        "cdm_source",
        "concept_ancestor",
        "concept_relationship",
        "concept_synonym",
        "death",
        "drug_strength",
        "episode_event",
        "fact_relationship",
        "source_to_concept_map",
    }
)
"""The CDM gives these no primary key; omop-cdm invents one because its ORM needs one."""

WITHOUT_FOREIGN_KEY: dict[tuple[str, str], str] = {
    ("relationship", "reverse_relationship_id"): "not a foreign key of the CDM",
    ("cost", "payer_plan_period_id"): "not a foreign key of the CDM",
    ("source_to_concept_map", "source_vocabulary_id"): (
        "not a foreign key of the CDM: a hospital's own code system need not be a vocabulary"
    ),
}

_RESULTS: dict[str, tuple[tuple[str, str, bool], ...]] = {
    # omop-cdm has neither table. The CDM gives them no primary key; a *_concept_id refers to
    # concept, as everywhere.
    "cohort": (
        ("cohort_definition_id", "INTEGER", True),
        ("subject_id", "BIGINT", True),
        ("cohort_start_date", "DATE", True),
        ("cohort_end_date", "DATE", True),
    ),
    "cohort_definition": (
        ("cohort_definition_id", "INTEGER", True),
        ("cohort_definition_name", "TEXT", True),
        ("cohort_definition_description", "TEXT", False),
        ("definition_type_concept_id", "INTEGER", True),
        ("cohort_definition_syntax", "TEXT", False),
        ("subject_concept_id", "INTEGER", True),
        ("cohort_initiation_date", "DATE", False),
    ),
}

_DUCKDB = {
    "BIGINT": "BIGINT",
    "INTEGER": "INTEGER",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP",
    "DOUBLE_PRECISION": "DOUBLE",
    "TEXT": "VARCHAR",
}


@dataclass(frozen=True)
class Column:
    """One column of the CDM: its name, its type in DuckDB, and whether it may not be NULL."""

    name: str
    duckdb_type: str
    required: bool


def metadata_for(
    cdm_schema: str = "cdm", vocabulary_schema: str = "vocabulary", results_schema: str = "results"
) -> "sa.MetaData":
    """Give the 39 tables, placed in the schemas named, with foreign keys across them."""
    import sqlalchemy as sa
    from omop_cdm.constants import NAMING_CONVENTION, VOCAB_SCHEMA
    from omop_cdm.regular.cdm54 import Base

    concept = f"{vocabulary_schema}.concept.concept_id"
    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)
    for table in Base.metadata.tables.values():
        schema = vocabulary_schema if table.schema == VOCAB_SCHEMA else cdm_schema
        corrected = sa.Table(
            table.name,
            metadata,
            *(
                sa.Column(
                    column.name,
                    _type(column),
                    *_foreign_keys(column, cdm_schema, vocabulary_schema, VOCAB_SCHEMA),
                    nullable=column.nullable,
                    primary_key=column.primary_key and table.name not in WITHOUT_KEY,
                    autoincrement=False,  # ids are arithmetic, never a sequence's
                )
                for column in table.columns
            ),
            schema=schema,
        )
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            names = [column.name for column in index.columns]
            if names != [column.name for column in corrected.primary_key]:
                # the CDM's index on a primary key's column would be the same index twice
                sa.Index(None, *(corrected.c[name] for name in names))
    for name, columns in _RESULTS.items():
        sa.Table(
            name,
            metadata,
            *(
                sa.Column(
                    column,
                    getattr(sa, kind)(),
                    *([sa.ForeignKey(concept)] if column.endswith("concept_id") else []),
                    nullable=not required,
                )
                for column, kind, required in columns
            ),
            schema=results_schema,
        )
    return metadata


@lru_cache(maxsize=1)
def tables() -> dict[str, "sa.Table"]:
    """Give the 39 tables by name, in the schemas cdm, vocabulary and results."""
    by_name = {table.name: table for table in metadata_for().tables.values()}
    return {name: by_name[name] for name in (*VOCABULARY_TABLES, *CDM_TABLES, *RESULTS_TABLES)}


@lru_cache(maxsize=64)
def columns(table: str) -> list[Column]:
    """Give a table's columns in the CDM's order. KeyError for a table the CDM does not have."""
    return [
        Column(column.name, _DUCKDB[type(column.type).__name__], not column.nullable)
        for column in tables()[table].columns
    ]


def _type(column: "sa.Column[Any]") -> Any:
    """Give the column's type here: wider than the CDM's where data would not fit."""
    import sqlalchemy as sa

    if isinstance(column.type, sa.Integer):
        # Event ids are row_id x 100000 + ...; INTEGER stays for concepts, counts and codes.
        is_id = column.name.endswith("_id") or column.name in ("fact_id_1", "fact_id_2")
        return sa.BIGINT() if is_id and "concept_id" not in column.name else sa.INTEGER()
    if isinstance(column.type, sa.Numeric):
        # The CDM says float. PostgreSQL's NUMERIC is slower to load and read, and R and pandas
        # make a double of it anyway.
        return sa.DOUBLE_PRECISION()
    if isinstance(column.type, sa.String):
        # Chinese names, pseudonyms and Athena's own names overflow VARCHAR(n).
        return sa.TEXT()
    return sa.DATE() if isinstance(column.type, sa.Date) else sa.TIMESTAMP()


def _foreign_keys(
    column: "sa.Column[Any]", cdm_schema: str, vocabulary_schema: str, placeholder: str
) -> list["sa.ForeignKey"]:
    import sqlalchemy as sa

    if (column.table.name, column.name) in WITHOUT_FOREIGN_KEY:
        return []
    targets = []
    for key in sorted(column.foreign_keys, key=lambda k: k.target_fullname):
        schema, target = key.target_fullname.split(".", 1)
        schema = vocabulary_schema if schema == placeholder else cdm_schema
        targets.append(sa.ForeignKey(f"{schema}.{target}"))
    return targets
