"""Where every CDM field comes from, column by column, back to the hospital's tables.

Like `etl.engine.lineage`, but for all fields at once and with two things that a reader wants: the
columns by which a code map or a visit is looked up, and only those hospital tables whose events can
reach the CDM table (a laboratory result never becomes a condition).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from etl.engine.lineage import spelled_out
from etl.engine.plan import Step
from etl.specification.query import (
    Condition,
    at,
    conditions,
    is_link,
    is_vocabulary,
    joined_as,
    names_of,
    struct_field,
    value_columns,
    values,
)

EVENT = "stem.event"
Leaf = tuple[str, str]
Only = frozenset[str] | None


class Origins:
    """The steps' queries, qualified once, and the way back through them.

    `given`: columns and types of the tables that no step fills. `domains`: the domains that the
    map of a source vocabulary leads to.
    """

    def __init__(
        self,
        steps: Iterable[Step],
        given: Mapping[str, Mapping[str, str]],
        domains: Mapping[str, frozenset[str]],
    ) -> None:
        self.given = {name.lower(): name for name in given}
        self.given_columns = {
            (name.lower(), column.lower()): column
            for name, columns in given.items()
            for column in columns
        }
        self.scopes: dict[str, Scope] = {}
        self.domains = domains
        self._known: dict[tuple[str, str, Only, str], frozenset[Leaf]] = {}
        schema: dict[str, Any] = {}
        for name, columns in given.items():
            layer, short = name.split(".")
            schema.setdefault(layer, {})[short.lower()] = {c.lower(): t for c, t in columns.items()}
        for step in steps:
            query = qualify(
                spelled_out(step.query, schema),
                schema=schema,
                dialect="duckdb",
                validate_qualify_columns=False,
                quote_identifiers=False,
            )
            columns = dict.fromkeys(query.named_selects, "TEXT")
            schema.setdefault(step.layer, {})[step.name] = columns
            scope = build_scope(query)
            assert scope is not None, f"{step.table} is no query"
            self.scopes[step.table] = scope
        self.branches = self._branches()
        self.copied = self._copied()

    def fields(self, table: str) -> list[str]:
        """The columns that a step fills, in its order."""
        return names_of(self.scopes[table])

    def leaves(self, table: str, column: str) -> frozenset[Leaf]:
        """The columns of given tables (`raw.*`, `vocabulary.*`) that a step's column is made of."""
        return self._leaves(table, column, None)

    def only(self, table: str) -> Only:
        """The stem tables whose events a step can read; None where it reads any, or none."""
        query = self.scopes[table].expression
        read = [t for t in query.find_all(exp.Table) if f"{t.db}.{t.name}" == EVENT]
        if not read:
            return None
        return frozenset(
            stem
            for stem in self.branches
            for event in read
            if self._can_pass(stem, conditions(event), event.alias_or_name)
        )

    def _can_pass(self, stem: str, asked: list[Condition], alias: str) -> bool:
        """Whether events of a stem table can meet the conditions of a query that reads events."""
        domains = self.branches[stem]
        for column, wanted, values_asked in asked:
            if column.table != alias:
                continue
            if column.name == "domain_id":
                domains = domains & values_asked if wanted else domains - values_asked
            elif wanted and column.name in self.copied:
                told = self.constants(stem, column.name)  # what a table does not tell is NULL
                if told is not None and not told & values_asked:
                    return False
        return bool(domains)

    def is_cut(self, table: str, only: Only) -> bool:
        """Whether a table is a source of events that cannot come here."""
        return only is not None and table in self.branches and table not in only

    def projections(self, scope: Scope, name: str) -> Iterator[tuple[Scope, exp.Expr]]:
        """The expressions behind a column of a query: one, or one a branch of a union."""
        names = names_of(scope)
        if name in names:
            yield from at(scope, names.index(name))

    def source(self, scope: Scope, column: exp.Column) -> tuple[Scope, Any]:
        """The scope that a column is read in, and its source: a Scope, a Table or None."""
        inner = next(
            (s for s in scope.subquery_scopes if column.find_ancestor(exp.Select) is s.expression),
            scope,
        )
        for alias in (column.table, column.text("db")):  # a field of a struct: alias.struct.field
            if alias and alias in inner.sources:
                return inner, inner.sources[alias]
        return inner, None

    def lookup_columns(self, scope: Scope, alias: str) -> list[exp.Column]:
        """The columns by which a joined lookup is found: a code for a map, a key for a visit."""
        joined = scope.sources.get(alias)
        if not (is_link(joined) or is_vocabulary(joined)):
            return []
        join = joined_as(scope, alias)
        on = join.args.get("on") if join is not None else None
        return [c for c in on.find_all(exp.Column) if c.table != alias] if on is not None else []

    def _leaves(self, table: str, column: str, only: Only, field: str = "") -> frozenset[Leaf]:
        if table not in self.scopes:
            own = self.given_columns.get((table.lower(), column.lower()), column)
            return frozenset({(self.given.get(table.lower(), table), own)})
        if self.is_cut(table, only):
            return frozenset()
        own_only = self.only(table)
        key = (table, column, own_only if own_only is not None else only, field)
        if key not in self._known:
            self._known[key] = frozenset()  # a step never reads itself, but be safe
            self._known[key] = frozenset(self._behind(self.scopes[table], column, key[2], field))
        return self._known[key]

    def _behind(self, scope: Scope, name: str, only: Only, field: str = "") -> set[Leaf]:
        """What a query's column is made of; of a struct's field where one is asked for."""
        found: set[Leaf] = set()
        for inner, expression in self.projections(scope, name):
            bare = expression.unalias()
            in_fields = {p.name for p in bare.find_all(exp.PropertyEQ)} if field else set()
            for column in value_columns(expression):
                of = column.find_ancestor(exp.PropertyEQ)
                if field in in_fields and of is not None and of.name != field:
                    continue
                found |= self._of(inner, column, only, field if column is bare else "")
        return found

    def _of(self, scope: Scope, column: exp.Column, only: Only, field: str = "") -> set[Leaf]:
        inner, source = self.source(scope, column)
        name, inside = struct_field(inner, column)
        field = inside or field
        found: set[Leaf] = set()
        for key in self.lookup_columns(inner, column.table):
            if column.table != key.table:
                found |= self._of(inner, key, only)
        if isinstance(source, exp.Table):
            return found | self._leaves(f"{source.db}.{source.name}", name, only, field)
        if isinstance(source, Scope) and source.is_udtf:
            for made_of in source.expression.find_all(exp.Column):
                found |= self._of(inner, made_of, only, field)
            return found
        if isinstance(source, Scope):
            return found | self._behind(source, name, only, field)
        return found

    def _branches(self) -> dict[str, frozenset[str]]:
        """The stem tables that make events, each with the domains that its events can have."""
        if EVENT not in self.scopes:
            return {}
        read = {
            f"{table.db}.{table.name}"
            for union in self.scopes[EVENT].expression.find_all(exp.Union)
            for table in union.find_all(exp.Table)
        }
        branches = {}
        for table in sorted(read & set(self.scopes)):
            own = self.literals(table, "domain_id")  # none where no row of it is ever carried
            maps = self.literals(table, "vocabulary")
            mapped = (self.domains.get(name, frozenset()) for name in maps)
            branches[table] = own.union(*mapped) if own else own
        return branches

    def _copied(self) -> frozenset[str]:
        """The columns of an event that are as its stem table has them."""
        if EVENT not in self.scopes:
            return frozenset()
        scope = self.scopes[EVENT]
        return frozenset(
            name
            for name in self.fields(EVENT)
            if all(
                isinstance(e.unalias(), exp.Column) and e.unalias().name == name
                for _, e in self.projections(scope, name)
            )
        )

    def literals(self, table: str, column: str) -> frozenset[str]:
        """The constants among what a step's column can hold."""
        scope = self.scopes.get(table)
        found = self._constants(scope, column) if scope is not None else ()
        return frozenset(text for text in found if text is not None)

    def constants(self, table: str, column: str) -> frozenset[str] | None:
        """All that a step's column can hold; None where it holds what the hospital wrote."""
        scope = self.scopes.get(table)
        found = set(self._constants(scope, column)) if scope is not None else {None}
        return None if None in found else frozenset(text for text in found if text is not None)

    def _constants(self, scope: Scope, name: str) -> Iterator[str | None]:
        for inner, expression in self.projections(scope, name):
            for value in values(expression):
                source = None
                if isinstance(value, exp.Column):
                    _, source = self.source(inner, value)
                if isinstance(value, exp.Literal):
                    yield value.name
                elif isinstance(source, Scope) and not source.is_udtf:
                    yield from self._constants(source, value.name)
                elif isinstance(source, exp.Table) and f"{source.db}.{source.name}" in self.scopes:
                    table = self.scopes[f"{source.db}.{source.name}"]
                    yield from self._constants(table, value.name)
                elif not isinstance(value, exp.Null):
                    yield None
