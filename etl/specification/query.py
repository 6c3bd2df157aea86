"""Reading a qualified query: its columns, joins and conditions."""

from collections.abc import Iterator
from typing import Any

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

Condition = tuple[exp.Column, bool, frozenset[str]]
"""A column, whether it must be one of the values or none of them, and the values."""


def names_of(scope: Scope) -> list[str]:
    """The names of a query's columns, in order."""
    query = scope.expression
    assert isinstance(query, exp.Query)
    return list(query.named_selects)


def value_columns(expression: exp.Expr) -> Iterator[exp.Column]:
    """The columns that make a value; not those that only choose or order its rows."""
    for column in expression.find_all(exp.Column):
        above: exp.Expr = column
        while above is not expression and above.parent is not None:
            below, above = above, above.parent
            if isinstance(above, exp.Window | exp.Filter) and below is not above.this:
                break
            if isinstance(above, exp.ArgMax | exp.ArgMin) and below is not above.this:
                break
        else:
            yield column


def joined_as(scope: Scope, alias: str) -> exp.Join | None:
    """The join of a query under an alias."""
    joins = scope.expression.args.get("joins") or []
    return next((join for join in joins if join.alias_or_name == alias), None)


def is_vocabulary(source: Any) -> bool:
    """Whether a source reads nothing but the vocabulary."""
    if isinstance(source, exp.Table):
        return source.db == "vocabulary"
    if isinstance(source, Scope):
        layers = {t.db for t in source.expression.find_all(exp.Table) if t.db}
        return layers == {"vocabulary"}
    return False


def is_link(source: Any) -> bool:
    """Whether a source says whose a number is: `stage.identity`, `stage.visit_link` and others."""
    return isinstance(source, exp.Table) and (
        source.name == "identity" or source.name.endswith("_link")
    )


def struct_field(scope: Scope, column: exp.Column) -> tuple[str, str]:
    """A column's name, and the field that is taken of it: `alias.name.field`."""
    if column.table not in scope.sources and column.text("db") in scope.sources:
        return column.table, column.name
    parent = column.parent
    if isinstance(parent, exp.Dot) and parent.this is column:
        return column.name, parent.name
    return column.name, ""


def at(scope: Scope, place: int) -> Iterator[tuple[Scope, exp.Expr]]:
    """The expressions at a place of the SELECT list, one a branch of a union."""
    if scope.set_operation_scopes:
        for branch in scope.set_operation_scopes:
            yield from at(branch, place)
    else:
        query = scope.expression
        assert isinstance(query, exp.Query)
        yield scope, query.selects[place]


def values(expression: exp.Expr | None) -> Iterator[exp.Expr]:
    """What an expression can be worth: the branches of a CASE, not its conditions."""
    if expression is None:
        return
    bare = expression.unalias()
    if isinstance(bare, exp.Case):
        for branch in bare.args["ifs"]:
            yield from values(branch.args["true"])
        yield from values(bare.args.get("default"))
    elif isinstance(bare, exp.Coalesce):
        for part in (bare.this, *bare.expressions):
            yield from values(part)
    elif isinstance(bare, exp.Paren | exp.Cast):
        yield from values(bare.this)
    else:
        yield bare


def conditions(read: exp.Table) -> list[Condition]:
    """What a query asks of columns where it reads a table: `column = value`, IN and NOT IN."""
    select = read.find_ancestor(exp.Select)
    where = select.args.get("where") if select is not None else None
    asked = [where.this] if where is not None else []
    if isinstance(read.parent, exp.Join) and read.parent.args.get("on") is not None:
        asked.append(read.parent.args["on"])
    tests = [t for a in asked for t in (a.flatten() if isinstance(a, exp.And) else [a])]
    found = []
    for test in tests:
        wanted = not isinstance(test, exp.Not)
        inner = test if wanted else test.this
        if isinstance(inner, exp.EQ | exp.In) and isinstance(inner.this, exp.Column):
            listed = inner.expressions if isinstance(inner, exp.In) else [inner.expression]
            texts = frozenset(v.name for v in listed if isinstance(v, exp.Literal))
            if texts:
                found.append((inner.this, wanted, texts))
    return found
