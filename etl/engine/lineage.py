"""Where a column comes from: from a CDM column back to the hospital's own columns."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlglot import exp
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify

from etl.engine.plan import Step, needed
from etl.errors import PlanError


def column_lineage(
    steps: Iterable[Step], table: str, column: str, given: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """The source columns (`raw.LIS_JG.JG`) that a step's column is made of, sorted.

    `given` holds the columns and types of the tables that no step fills. Raises PlanError where
    the step does not fill the column.
    """
    schema: dict[str, Any] = {}
    for name, columns in given.items():
        layer, short = name.split(".")
        schema.setdefault(layer, {})[short.lower()] = {c.lower(): t for c, t in columns.items()}
    own_names = {
        f"{name}.{column}".lower(): f"{name}.{column}"
        for name, columns in given.items()
        for column in columns
    }
    sources: dict[str, exp.Query] = {}
    for step in needed(steps, table):
        query = qualify(
            spelled_out(step.query, schema),
            schema=schema,
            dialect="duckdb",
            validate_qualify_columns=False,
        )
        sources[step.table] = query
        schema.setdefault(step.layer, {})[step.name] = dict.fromkeys(query.named_selects, "TEXT")
    if column not in sources[table].named_selects:
        raise PlanError(f"{table}: its step does not fill {column}")
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    open_columns = [(table, column)]
    while open_columns:
        here, name = open_columns.pop()
        if (here, name) in seen:
            continue
        seen.add((here, name))
        if here not in sources:
            found.add(own_names.get(f"{here}.{name}".lower(), f"{here}.{name}"))
            continue
        for node in lineage(name, sources[here], schema=schema, dialect="duckdb").walk():
            if isinstance(node.source, exp.Table) and node.source.db:
                source = f"{node.source.db}.{node.source.name}"
                open_columns.append((source, node.name.split(".")[-1].strip('"')))
    return sorted(found)


def spelled_out(query: exp.Query, schema: Mapping[str, Any]) -> exp.Query:
    """A copy of a query whose `UNION ALL BY NAME` lists every column of every branch, in one order.

    A branch that lacks a column gives NULL. Each branch is `SELECT * FROM layer.table`.
    """
    query = query.copy()
    for union in [u for u in query.find_all(exp.Union) if u.args.get("by_name")]:
        branches = [s for s in union.find_all(exp.Select) if s.is_star]
        tables = [branch.find(exp.Table) for branch in branches]
        columns = [list(schema[t.db][t.name.lower()]) for t in tables if t is not None]
        order = list(dict.fromkeys(name for names in columns for name in names))
        for branch, names in zip(branches, columns, strict=True):
            branch.set(
                "expressions",
                [
                    exp.column(name) if name in names else exp.alias_(exp.null(), name)
                    for name in order
                ],
            )
        union.set("by_name", False)
    return query
