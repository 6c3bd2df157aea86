"""The warehouse's schemas: whose they are, what they hold, and how old ones go away.

A schema that this project made carries its load in its comment; no other schema is ever renamed
or dropped.
"""

import contextlib
import re
import time
from typing import TYPE_CHECKING, Any

from etl.errors import WarehouseError
from etl.warehouse.session import connect, name

if TYPE_CHECKING:
    import psycopg

_COMMENT = re.compile(r"npc-omop load (?P<load_id>.+?)(?P<incomplete>, incomplete)?")
_ASIDE = re.compile(r"(cdm|results|study|vocabulary|floor)(_next|_previous)?_old_\d+")
_VOCABULARY = re.compile(r"vocabulary_[0-9a-f]{8}")

AWAITED = ", awaiting its first CDM"
"""Ends the load's id of a vocabulary that was loaded for the next run."""


def load_of(con: "psycopg.Connection[tuple[Any, ...]]", schema: str) -> tuple[str, bool] | None:
    """Give a schema's load and whether it is whole; None when there is no such schema.

    WarehouseError when somebody else made it.
    """
    row = con.execute(_SCHEMA_COMMENT, [schema]).fetchone()
    if row is None:
        return None
    found = _COMMENT.fullmatch(row[0] or "")
    if found is None:
        raise WarehouseError(
            f"the warehouse has a schema {schema} that npc-omop did not make: rename it, or use"
            " another database"
        )
    return found["load_id"], found["incomplete"] is None


def published_load(con: "psycopg.Connection[tuple[Any, ...]]") -> str | None:
    """Give the id of the load that is published, None when there is none."""
    found = load_of(con, "cdm")
    return found[0] if found else None


def mark(
    con: "psycopg.Connection[tuple[Any, ...]]", schema: str, load_id: str, complete: bool
) -> None:
    """Note in a schema's comment which load it holds, and whether the whole of it."""
    from psycopg import sql

    text = f"npc-omop load {load_id}" + ("" if complete else ", incomplete")
    con.execute(
        sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(schema), sql.Literal(text))
    )


def rename(con: "psycopg.Connection[tuple[Any, ...]]", old: str, new: str) -> None:
    """Rename a schema; it waits for nobody."""
    con.execute(f"ALTER SCHEMA {name(old)} RENAME TO {name(new)}")


def put_aside(con: "psycopg.Connection[tuple[Any, ...]]", schema: str) -> str | None:
    """Rename a schema, if there is one, out of the way, for `drop_old`; give its name there."""
    if load_of(con, schema) is None:
        return None
    numbers = [int(s.rsplit("_", 1)[1]) for s in _ours(con, _ASIDE)]
    aside = f"{schema}_old_{max(numbers, default=0) + 1}"
    rename(con, schema, aside)
    return aside


def put_behind(
    con: "psycopg.Connection[tuple[Any, ...]]", schema: str, load_id: str
) -> tuple[str | None, bool]:
    """Make room for a schema of this load; give where the one before went, and if it is of it.

    Another load's becomes the previous one. The same load made again replaces itself, so that the
    previous one stays another one.
    """
    published = load_of(con, schema)
    if published == (load_id, True):
        return put_aside(con, schema), True
    if published is None:
        return None, False
    put_aside(con, f"{schema}_previous")
    rename(con, schema, f"{schema}_previous")
    return f"{schema}_previous", False


def vocabularies_awaited(con: "psycopg.Connection[tuple[Any, ...]]") -> list[str]:
    """Give the vocabularies that were loaded for the next run and are not used yet."""
    return [
        schema
        for schema in _ours(con, _VOCABULARY)
        if (found := load_of(con, schema)) and found[0].endswith(AWAITED)
    ]


def drop_old(con_url: str, keep: str = "") -> list[str]:
    """Drop what was put aside, then vocabularies that no CDM refers to; give what was dropped.

    What a reader still holds, or another's view depends on, stays for the next call. `keep` names
    a vocabulary that is about to be used; one that awaits its first CDM stays too.
    """
    import psycopg

    dropped = []
    with connect(con_url) as con:
        for schema in _ours(con, _ASIDE):
            if _drop(con, schema):
                dropped.append(schema)
        kept = {keep, *vocabularies_awaited(con)}
        for schema in _ours(con, _VOCABULARY):
            with contextlib.suppress(psycopg.Error):
                used = con.execute(_REFERRED_TO, [schema]).fetchone()
                if schema not in kept and used is None and _drop(con, schema):
                    dropped.append(schema)
    return dropped


def _drop(con: "psycopg.Connection[tuple[Any, ...]]", schema: str) -> bool:
    """Drop a schema of ours, but nothing of anyone else's that depends on it."""
    import psycopg

    for _ in range(3):
        try:
            with con.transaction():
                con.execute("SET LOCAL lock_timeout = '500ms'")
                for kind, relkind in (("VIEW", "v"), ("TABLE", "r")):
                    found = con.execute(_RELATIONS, [schema, relkind]).fetchall()
                    if found:
                        listed = ", ".join(name(schema, table) for (table,) in found)
                        con.execute(f"DROP {kind} {listed}")
                con.execute(f"DROP SCHEMA {name(schema)}")
            return True
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            time.sleep(0.2)
        except psycopg.Error:
            return False
    return False


def _ours(con: "psycopg.Connection[tuple[Any, ...]]", pattern: re.Pattern[str]) -> list[str]:
    """Give the schemas of ours whose name is of this form."""
    rows = con.execute(_OUR_SCHEMAS).fetchall()
    return [schema for (schema,) in rows if pattern.fullmatch(schema)]


_SCHEMA_COMMENT = """
SELECT pg_catalog.obj_description(oid, 'pg_namespace')
FROM pg_catalog.pg_namespace WHERE nspname = %s
"""

_OUR_SCHEMAS = """
SELECT nspname FROM pg_catalog.pg_namespace
WHERE pg_catalog.starts_with(
    pg_catalog.obj_description(oid, 'pg_namespace'), 'npc-omop load '
)
ORDER BY nspname
"""

_RELATIONS = """
SELECT relation.relname
FROM pg_catalog.pg_class AS relation
JOIN pg_catalog.pg_namespace AS place ON place.oid = relation.relnamespace
WHERE place.nspname = %s AND relation.relkind = %s ORDER BY relation.relname
"""

_REFERRED_TO = """
SELECT 1
FROM pg_catalog.pg_constraint AS key
JOIN pg_catalog.pg_class AS child ON child.oid = key.conrelid
JOIN pg_catalog.pg_class AS parent ON parent.oid = key.confrelid
JOIN pg_catalog.pg_namespace AS place ON place.oid = parent.relnamespace
WHERE key.contype = 'f' AND place.nspname = %s AND child.relnamespace <> parent.relnamespace
LIMIT 1
"""
