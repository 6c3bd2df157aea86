"""The study's schemas made anew, in one transaction: readers see the old tables or the new ones.

A schema is renamed at the beginning, which waits for nobody and is seen by nobody before the end;
only then the old tables are locked, for an instant. A failure leaves everything as it was.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from etl.errors import ContractError, NotFoundError
from etl.warehouse import spec
from etl.warehouse.fill import LoadReport, fill, fresh
from etl.warehouse.publish import PUBLISH_LOCK, WAIT_SECONDS, hold
from etl.warehouse.roles import carry_grants
from etl.warehouse.schemas import drop_old, load_of, mark, published_load, put_behind, rename
from etl.warehouse.session import connect, name
from etl.warehouse.vocabulary import vocabulary_of_cdm

if TYPE_CHECKING:
    import psycopg

SCHEMAS = ("study", "vocabulary")
"""What a build makes anew. `results` is shared by the studies: each has its own rows in it."""


@dataclass(frozen=True)
class Renewal:
    """An open transaction in which the study's schemas are empty, and what they belong to."""

    con: "psycopg.Connection[tuple[Any, ...]]"
    load_id: str
    vocabulary_schema: str


@contextlib.contextmanager
def renewed(
    con_url: str,
    study: str,
    tables: frozenset[str],
    definition_id: int | None,
    wait_seconds: float = WAIT_SECONDS,
) -> Iterator[Renewal]:
    """Give a transaction with an empty `study`, and `vocabulary` as views on the CDM's own.

    `tables` are those that the body leaves in `study`, each with a comment that begins with the
    study's name; `definition_id` names its rows of `results`, which are gone. What other studies
    have in these schemas is kept, as long as it was made from the published CDM. NotFoundError
    without a published CDM; ContractError where another study has a table of the same name;
    BusyError when readers of the old tables do not end.
    """
    load_id = _with_results(con_url)
    with connect(con_url) as con:
        with con.transaction():
            con.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISH_LOCK])
            if published_load(con) != load_id:
                raise NotFoundError("another CDM was published meanwhile: run again")
            con.execute("SET LOCAL jit = off")
            con.execute("SET LOCAL work_mem = '64MB'")
            vocabulary = vocabulary_of_cdm(con)
            behind = {schema: put_behind(con, schema, load_id) for schema in SCHEMAS}
            others = _of_others(con, study, tables, behind["study"])
            _no_other_has(con, others, behind["study"][0], definition_id)
            for schema in SCHEMAS:
                con.execute(f"CREATE SCHEMA {name(schema)}")
                mark(con, schema, load_id, complete=True)
            for table in spec.VOCABULARY_TABLES:
                con.execute(
                    f"CREATE VIEW {name('vocabulary', table)} AS"
                    f" SELECT * FROM {name(vocabulary, table)}"
                )
            old_results = _own_results(con, load_id, definition_id)
            yield Renewal(con, load_id, vocabulary)
            old = [where for where, _ in behind.values()] + [old_results]
            hold(con, [schema for schema in old if schema], "study", wait_seconds)
            source = behind["study"][0]
            for table in others:
                con.execute(f"ALTER TABLE {name(str(source), table)} SET SCHEMA study")
            for schema in SCHEMAS:
                if behind[schema][0]:
                    carry_grants(con, str(behind[schema][0]), schema)
            if old_results:
                carry_grants(con, old_results, "results")
        drop_old(con_url)


def _with_results(con_url: str) -> str:
    """Make sure that `results` or `results_next` is of the published CDM; give its load."""
    with connect(con_url) as con:
        load_id = published_load(con)
        if load_id is None:
            raise NotFoundError("no CDM is published here: `npc-omop run --source DIR` makes one")
        whole = (load_id, True)
        if whole in (load_of(con, "results"), load_of(con, "results_next")):
            return load_id
        vocabulary = vocabulary_of_cdm(con)
        fresh(con, "results_next", load_id)
    metadata = spec.metadata_for("cdm", vocabulary, "results_next")
    report = LoadReport(load_id, vocabulary)
    fill(con_url, metadata, "results_next", None, report, lambda table, rows: None)
    with connect(con_url) as con:
        mark(con, "results_next", load_id, complete=True)
    return load_id


def _own_results(
    con: "psycopg.Connection[tuple[Any, ...]]", load_id: str, definition_id: int | None
) -> str | None:
    """Make `results` the CDM's, without this study's rows; give where another one went."""
    old, is_same = None, True
    if load_of(con, "results_next") == (load_id, True):
        old, is_same = put_behind(con, "results", load_id)
        rename(con, "results_next", "results")
    for table in spec.RESULTS_TABLES:
        if old and is_same:
            con.execute(f"INSERT INTO results.{table} SELECT * FROM {name(old, table)}")
        con.execute(f"DELETE FROM results.{table} WHERE cohort_definition_id = %s", [definition_id])
    return old


def _of_others(
    con: "psycopg.Connection[tuple[Any, ...]]",
    study: str,
    tables: frozenset[str],
    behind: tuple[str | None, bool],
) -> list[str]:
    """The tables and views of `study` that this study did not make: other studies', analysts'."""
    where, is_same = behind
    others: list[str] = []
    if where is None or not is_same:
        return others
    for table, comment in con.execute(_RELATIONS, [where]).fetchall():
        owner = _OWNER.match(comment or "")
        if owner and owner[1] != study and table in tables:
            raise ContractError(
                f"study.{table}: belongs to study {owner[1]}: name the study or the table otherwise"
            )
        if table not in tables and not (owner and owner[1] == study):
            others.append(table)
    return others


def _no_other_has(
    con: "psycopg.Connection[tuple[Any, ...]]",
    others: list[str],
    where: str | None,
    definition_id: int | None,
) -> None:
    """ContractError where another study's rows of `results` have this number."""
    for table in others:
        comment = con.execute(_COMMENT, [f"{name(str(where), table)}"]).fetchone()
        owner = _OWNER.match((comment[0] if comment else None) or "")
        if owner and table == f"{owner[1]}_run":
            row = con.execute(
                f"SELECT max(cohort_definition_id) FROM {name(str(where), table)}"
            ).fetchone()
            if definition_id is not None and row and row[0] == definition_id:
                raise ContractError(
                    f"settings.yaml: cohort_definition_id: {definition_id} is study {owner[1]}'s:"
                    " choose another number"
                )


_COMMENT = "SELECT pg_catalog.obj_description(%s::regclass, 'pg_class')"

_OWNER = re.compile(r"([a-z][a-z0-9_]*): ")

_RELATIONS = """
SELECT relation.relname, pg_catalog.obj_description(relation.oid, 'pg_class')
FROM pg_catalog.pg_class AS relation
JOIN pg_catalog.pg_namespace AS place ON place.oid = relation.relnamespace
WHERE place.nspname = %s AND relation.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY relation.relname
"""
