"""The cohort of a study, built inside PostgreSQL from the published CDM, in one transaction."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.engine.plan import Step
from etl.errors import ContractError, EtlError, PlanError, TransformError, WarehouseError
from etl.study.codelists import read_codelists, write_codelists
from etl.study.columns import comment_on
from etl.study.definition import REVIEW, Study, check_codelists
from etl.study.provenance import write_run
from etl.warehouse import spec
from etl.warehouse.session import name
from etl.warehouse.study import renewed

if TYPE_CHECKING:
    import psycopg

    from etl.study.review import Review

Progress = Callable[[str, int, float], None]
ATTRITION = ("criterion", "entering", "met", "not_met", "unknown", "remaining")

LONGEST = 53
"""The longest name of a table: PostgreSQL takes 63 characters, and the index has ten more."""


@dataclass
class Built:
    """What a build made: rows by table, and the attrition where the study has one."""

    study: str
    load_id: str
    rows: dict[str, int] = field(default_factory=dict)
    attrition: list[tuple[Any, ...]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rows_in_all(self) -> int:
        """The rows of all tables."""
        return sum(self.rows.values())

    @property
    def published(self) -> dict[str, int]:
        """The rows of the tables that are for readers: working tables left out."""
        working = f"study.{self.study}_work_"
        return {table: n for table, n in self.rows.items() if not table.startswith(working)}

    @property
    def conflicts(self) -> str | None:
        """That review lines contradict what the CDM knows, where the study looks for it."""
        table = f"study.{self.study}_review_conflict"
        if count := self.rows.get(table):
            return f"{count} lines of the review file contradict known answers: see {table}"
        return None

    def as_dict(self) -> dict[str, Any]:
        """What `npc-omop cohort --json` prints."""
        return {
            "study": self.study,
            "load_id": self.load_id,
            "rows": self.published,
            "attrition": [dict(zip(ATTRITION, row, strict=True)) for row in self.attrition],
            "seconds": round(self.seconds, 3),
        }


def build(
    con_url: str,
    study: Study,
    mappings: Path,
    review: "Review | None" = None,
    progress: Progress = lambda table, rows, seconds: None,
) -> Built:
    """Run a study's steps on the published CDM, and replace its tables as a whole.

    Tables named by the study keep their names in the schema `study`; its working tables are kept
    as `<study>_work_<table>`; `results` gets its rows. Raises ContractError on a bad setting or
    codelist, PlanError on SQL that PostgreSQL does not take, TransformError on a value that does
    not fit, by table and without values; whatever is published stays in any case.
    """
    from etl.study.review import decisions

    steps = study.steps
    check_codelists(steps, mappings)
    lists = read_codelists(mappings)
    names = {step: study.table(step) for step in steps if step.layer == "study"}
    for table in names.values():
        if len(table) > LONGEST:
            raise PlanError(f"study.{table}: the name is longer than {LONGEST} characters")
    run_table = f"{study.name}_run"
    began = time.monotonic()
    with renewed(
        con_url, study.name, frozenset([*names.values(), run_table]), _definition_id(study)
    ) as renewal:
        con = renewal.con
        built = Built(study.name, renewal.load_id)
        write_codelists(con, lists)
        for step in steps:
            last = time.monotonic()
            rows = _filled(con, step)
            if step is REVIEW:
                rows = _review(con, decisions(con, review) if review else [])
            if step in names:
                _finished(con, study, step)
            built.rows[f"{step.layer}.{names.get(step, step.name)}"] = rows
            progress(step.table, rows, time.monotonic() - last)
        built.attrition = _attrition(con, study.name)
        for step, table in names.items():
            if table != step.name:
                con.execute(f"ALTER TABLE {name('study', step.name)} RENAME TO {name(table)}")
        write_run(renewal, study, mappings, review.sha256 if review else None)
        comment_on(con, study)
    built.seconds = time.monotonic() - began
    return built


def _filled(con: "psycopg.Connection[tuple[Any, ...]]", step: Step) -> int:
    """Run one step: a new table, or this study's rows of a table of `results`."""
    import psycopg

    try:
        if step.layer == "study":
            return con.execute(f"CREATE TABLE {step.table} AS\n{step.sql}").rowcount
        columns = ", ".join(column.name for column in _results_columns(step))
        return con.execute(
            f"INSERT INTO {step.table} ({columns})\nSELECT {columns} FROM (\n{step.sql}\n) AS made"
        ).rowcount
    except psycopg.Error as error:
        raise refused(step, error) from None


def refused(step: Step, error: "psycopg.Error") -> EtlError:
    """What PostgreSQL says of a step, without a value: of the SQL itself its own words."""
    from etl.warehouse.session import explained

    kind, state = type(error).__name__, error.diag.sqlstate or ""
    if state.startswith(("42", "0A")):  # syntax, unknown names, what PostgreSQL cannot do
        return PlanError(f"{step.table}: {error.diag.message_primary}")
    if state.startswith(("21", "22", "23")):
        return TransformError(
            f"{step.table}: a value does not fit ({kind}): PostgreSQL's message may quote it and is"
            " not shown; try the step's SQL in psql"
        )
    told = explained(error)
    return WarehouseError(f"{step.table}: {told}")


def _finished(con: "psycopg.Connection[tuple[Any, ...]]", study: Study, step: Step) -> None:
    """Index, statistics and comment of a new table: the next steps need the first two."""
    from psycopg import sql

    columns = {row[0] for row in con.execute(_COLUMNS, [step.name]).fetchall()}
    if "person_id" in columns:
        # named by the study: the indexes of several share a schema
        index = name(f"{study.table(step)}_person_id")
        con.execute(f"CREATE INDEX {index} ON {step.table} (person_id)")
    con.execute(f"ANALYZE {step.table}")
    con.execute(
        sql.SQL("COMMENT ON TABLE {} IS {}").format(
            sql.Identifier(step.layer, step.name), sql.Literal(f"{study.name}: {step.grain}")
        )
    )


def _review(con: "psycopg.Connection[tuple[Any, ...]]", decided: list[tuple[Any, ...]]) -> int:
    with con.cursor() as cursor, cursor.copy(f"COPY {REVIEW.table} FROM STDIN") as copy:
        for row in decided:
            copy.write_row(row)
    return len(decided)


def _attrition(con: "psycopg.Connection[tuple[Any, ...]]", study: str) -> list[tuple[Any, ...]]:
    """Criterion, entering, met, not met, unknown, remaining; empty where the study has none."""
    table = f"{study}_attrition"
    if not {*ATTRITION, "criterion_no"} <= {row[0] for row in con.execute(_COLUMNS, [table])}:
        return []
    listed = ", ".join(ATTRITION)
    return con.execute(f"SELECT {listed} FROM study.{table} ORDER BY criterion_no").fetchall()


def _definition_id(study: Study) -> int | None:
    """The study's number in `results`; ContractError where it fills them without one."""
    number = study.settings.get("cohort_definition_id")
    if any(step.layer == "results" for step in study.steps):
        if type(number) is not int:
            raise ContractError(
                f"{study.folder.name}/settings.yaml: cohort_definition_id: a study that fills"
                " results needs a number of its own"
            )
        return number
    return None


def _results_columns(step: Step) -> list[spec.Column]:
    if step.name not in spec.RESULTS_TABLES:
        raise PlanError(f"{step.table}: results holds {' and '.join(spec.RESULTS_TABLES)} only")
    return spec.columns(step.name)


_COLUMNS = """
SELECT attribute.attname
FROM pg_catalog.pg_attribute AS attribute
JOIN pg_catalog.pg_class AS relation ON relation.oid = attribute.attrelid
JOIN pg_catalog.pg_namespace AS place ON place.oid = relation.relnamespace
WHERE place.nspname = 'study' AND relation.relname = %s
    AND attribute.attnum > 0 AND NOT attribute.attisdropped
"""
