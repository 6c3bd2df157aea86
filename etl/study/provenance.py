"""What a cohort was made of, kept beside it, so that a stale one is seen."""

import importlib.metadata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.errors import NotFoundError
from etl.study.definition import Study

if TYPE_CHECKING:
    import psycopg

    from etl.warehouse.study import Renewal

RUN_COLUMNS = {
    "study": "the study's name",
    "cohort_definition_id": "the study's number in results; none where it fills none",
    "definition_sha256": "digest of SQL, settings and the codelists that the SQL names",
    "review_sha256": "digest of the review file that was used; none without one",
    "vocabulary": "schema of the vocabulary that the CDM was built with",
    "cdm_load": "the load of the CDM that the cohort was built from",
    "cdm_release_on": "release date of that CDM (cdm_source)",
    "npc_omop_version": "version of the program",
    "built_at": "when the cohort was built",
}


def write_run(renewal: "Renewal", study: Study, mappings: Path, review: str | None) -> None:
    """Fill `study.<study>_run`: one row, what the tables beside it were made of."""
    table = f"study.{study.name}_run"
    con = renewal.con
    con.execute(
        f"CREATE TABLE {table} (study TEXT, cohort_definition_id INTEGER,"
        " definition_sha256 TEXT, review_sha256 TEXT, vocabulary TEXT, cdm_load TEXT,"
        " cdm_release_on DATE, npc_omop_version TEXT, built_at TIMESTAMPTZ)"
    )
    con.execute(
        f"INSERT INTO {table} SELECT %s, %s, %s, %s, %s, %s,"
        " (SELECT max(cdm_release_date) FROM cdm.cdm_source), %s, clock_timestamp()",
        [
            study.name,
            study.settings.get("cohort_definition_id"),
            study.checksum(mappings),
            review,
            renewal.vocabulary_schema,
            renewal.load_id,
            importlib.metadata.version("npc-omop"),
        ],
    )
    con.execute(
        f"COMMENT ON TABLE {table} IS"
        f" '{study.name}: One row: what the study''s tables were made of.'"
    )


@dataclass(frozen=True)
class Freshness:
    """Whether a published cohort is what a build would make now; `reasons` why not."""

    study: str
    reasons: tuple[str, ...]

    @property
    def is_stale(self) -> bool:
        """Whether the cohort must be built again."""
        return bool(self.reasons)

    @property
    def told(self) -> str:
        """Why it is stale, and what to do, in one line."""
        return (
            f"the cohort of study {self.study} is stale: {'; '.join(self.reasons)}:"
            " build it again with `npc-omop cohort`"
        )


def freshness(con_url: str, study: Study, mappings: Path, review: str | None) -> Freshness:
    """Compare the published cohort with the files and the CDM of now.

    NotFoundError where the study was never built on this warehouse.
    """
    from etl.warehouse.session import connect

    with connect(con_url) as con:
        return freshness_of(con, study, mappings, review)


def freshness_of(
    con: "psycopg.Connection[tuple[Any, ...]]", study: Study, mappings: Path, review: str | None
) -> Freshness:
    """`freshness` on an open connection."""
    import psycopg

    from etl.warehouse.schemas import published_load
    from etl.warehouse.vocabulary import vocabulary_of_cdm

    try:
        row = con.execute(
            "SELECT definition_sha256, review_sha256, vocabulary, cdm_load"
            f" FROM study.{study.name}_run"
        ).fetchone()
    except psycopg.errors.UndefinedTable:
        row = None
    if row is None:
        raise NotFoundError(f"study {study.name} was never built here: `npc-omop cohort` builds it")
    now: list[tuple[str, Any]] = [
        ("SQL, settings or codelists changed", study.checksum(mappings)),
        ("the review file changed", review),
        ("the CDM has another vocabulary", vocabulary_of_cdm(con)),
        ("another CDM was published", published_load(con)),
    ]
    changed = [reason for (reason, value), built in zip(now, row, strict=True) if value != built]
    return Freshness(study.name, tuple(changed))
