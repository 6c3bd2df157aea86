"""The rule of a CDM field in a line: the first expression on the way back that does something."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from etl.specification.origin import Only, Origins
from etl.specification.query import is_link, is_vocabulary, joined_as

LONGEST = 160  # characters of SQL in a table's cell
_BY = " knows by "


@dataclass(frozen=True)
class Rule:
    """What is done: in words (`sql` empty), or the SQL expression; and the comment beside it."""

    sql: str
    words: str = ""
    comment: str = ""


def rules(origins: Origins, table: str, column: str) -> list[Rule]:
    """The rules of a step's column: one, or one for each kind of event that can come here."""
    found = _step(origins, table, column, None, "")
    return _merged(dict.fromkeys(found))


def _merged(found: Iterable[Rule]) -> list[Rule]:
    """The rules with those as one that differ in the hospital's key only."""
    merged: dict[tuple[str, str], Rule] = {}
    for rule in found:
        begun, known_by, key = rule.words.partition(_BY)
        as_one = (begun, rule.comment) if known_by else (rule.sql or rule.words, rule.comment)
        if not rule.comment and any(
            rule.sql and known.sql == rule.sql for known in merged.values()
        ):
            continue  # said once, with its comment
        earlier = merged.get(as_one)
        if earlier and known_by:
            rule = replace(rule, words=f"{earlier.words}, {key}")
        merged[as_one] = rule
    return list(merged.values())


def _step(origins: Origins, table: str, column: str, only: Only, comment: str) -> Iterator[Rule]:
    own_only = origins.only(table)
    wanted = own_only if own_only is not None else only
    yield from _behind(origins, origins.scopes[table], column, wanted, comment)


def _behind(origins: Origins, scope: Scope, name: str, only: Only, comment: str) -> Iterator[Rule]:
    for inner, projection in origins.projections(scope, name):
        said = _comment(projection) or comment
        expression = _bare(projection)
        if isinstance(expression, exp.Null):
            continue
        words = _words(origins, inner, expression, only)
        if not words and isinstance(expression, exp.Coalesce) and _is_column_or_zero(expression):
            for rule in _column(origins, inner, expression.this, only, said):
                yield replace(rule, words=f"{rule.words}, else `0`") if rule.words else rule
            continue
        if words:
            yield Rule("", words, said)
        elif isinstance(expression, exp.Column):
            yield from _column(origins, inner, expression, only, said)
        else:
            yield Rule(_text(origins, inner, expression), "", said)


def _column(
    origins: Origins, scope: Scope, column: exp.Column, only: Only, comment: str
) -> Iterator[Rule]:
    _, source = origins.source(scope, column)
    if isinstance(source, Scope) and not source.is_udtf:
        yield from _behind(origins, source, column.name, only, comment)
        return
    table = f"{source.db}.{source.name}" if isinstance(source, exp.Table) else ""
    if origins.is_cut(table, only):
        return
    if table in origins.scopes:
        yield from _step(origins, table, column.name, only, comment)
    else:
        given = "as it is" if table.startswith("raw.") else _code(f"{table}.{column.name}")
        yield Rule("", given, comment)


def _words(origins: Origins, scope: Scope, expression: exp.Expr, only: Only) -> str:
    """`map npc_sex of sex_code, else 0`, where the value is looked up; otherwise nothing."""
    values = [expression]
    if isinstance(expression, exp.Coalesce):
        values = [expression.this, *expression.expressions]
    found = [_lookup(origins, scope, value, only) for value in values]
    if not any(found):
        return ""
    pairs = zip(found, values, strict=True)
    return ", else ".join(words or _code(_text(origins, scope, value)) for words, value in pairs)


def _lookup(origins: Origins, scope: Scope, value: exp.Expr, only: Only) -> str:
    """Which map gives a value, and for what; or whose visit or person it is."""
    if not isinstance(value, exp.Column):
        return ""
    by = origins.lookup_columns(scope, value.table)
    source = scope.sources.get(value.table)
    if isinstance(source, exp.Table) and is_link(source):
        keys = ", ".join(dict.fromkeys(_code(_text(origins, scope, key)) for key in by))
        return f"{_code(value.name)} that `{source.name}`{_BY}{keys}" if keys else ""
    join = joined_as(scope, value.table)
    if not is_vocabulary(source) or join is None or join.args.get("on") is None:
        return ""
    on = {
        test.this.name: test.expression
        for test in join.args["on"].find_all(exp.EQ)
        if isinstance(test.this, exp.Column) and test.this.table == value.table
    }
    if "source_code" not in on or "source_vocabulary_id" not in on:
        return ""
    maps = sorted(_maps(origins, on["source_vocabulary_id"], only))
    named = ", ".join(_code(name) for name in maps) or "of the code's own vocabulary"
    part = "" if value.name == "concept_id" else f" ({value.name})"
    return f"map {named} of {_code(_text(origins, scope, on['source_code']))}{part}"


def _maps(origins: Origins, vocabulary: exp.Expr, only: Only) -> frozenset[str]:
    """The maps that a lookup can use: the one that it names, or those of the events' tables."""
    if isinstance(vocabulary, exp.Literal):
        return frozenset({vocabulary.name})
    stems = origins.branches if only is None else only
    return frozenset().union(*(origins.literals(stem, "vocabulary") for stem in stems))


def _is_column_or_zero(expression: exp.Coalesce) -> bool:
    return isinstance(expression.this, exp.Column) and [
        default.name for default in expression.expressions if isinstance(default, exp.Literal)
    ] == ["0"]


def _bare(projection: exp.Expr) -> exp.Expr:
    """A projection without its alias, brackets and casts of a plain column."""
    expression = projection.unalias()
    while isinstance(expression, exp.Paren) or (
        isinstance(expression, exp.Cast) and isinstance(expression.this, exp.Column | exp.Null)
    ):
        expression = expression.this
    return expression


def _comment(projection: exp.Expr) -> str:
    """What the SQL file says beside an expression."""
    said = [c.strip() for node in projection.walk() for c in node.comments or ()]
    return " ".join(dict.fromkeys(said))


def _text(origins: Origins, scope: Scope, expression: exp.Expr) -> str:
    """An expression as SQL: the hospital's columns under their own names, others without alias."""
    copy = expression.copy()
    columns = list(copy.find_all(exp.Column))
    aliases: dict[str, set[str]] = {}
    for column in columns:
        aliases.setdefault(column.name, set()).add(column.table)
    for column in columns:
        source = scope.sources.get(column.table)
        plain = exp.column(column.name)
        if isinstance(source, exp.Table) and source.db == "raw":
            own = origins.given_columns.get((f"raw.{source.name}".lower(), column.name.lower()))
            plain = exp.column(own or column.name, table=source.name.upper())
        elif len(aliases[column.name]) > 1 or column.args.get("db"):
            continue
        if column is copy:
            copy = plain
        else:
            column.replace(plain)
    sql = " ".join(copy.sql("duckdb", comments=False, normalize_functions="lower").split())
    sql = re.sub(r"\bNOT ([\w.]+) IS NULL\b", r"\1 IS NOT NULL", sql)
    sql = re.sub(r" AS _col_\d+\b", "", sql)
    sql = re.sub(r"\b(\w+\.(\w+)) AS \2\b", r"\1", sql)  # FROM raw.extract AS extract
    sql = sql.replace("FILTER(", "FILTER (").replace("IDENTITY.", "identity.")
    return sql if len(sql) <= LONGEST else sql[: LONGEST - 1].rstrip() + "…"


def _code(text: str) -> str:
    return f"`{text}`"
