"""Primary keys, indexes and foreign keys of loaded tables, and what to say when one is broken.

Foreign keys are added unchecked and then validated: adding one locks the table it refers to, so
two tables that refer to `concept` would wait for each other; validating does not.
"""

from typing import TYPE_CHECKING, Any

from etl.errors import WarehouseError
from etl.warehouse.session import explained, name, share_out

if TYPE_CHECKING:
    import psycopg
    import sqlalchemy as sa

    from etl.warehouse.session import Task


def add_keys_and_indexes(url: str, tables: "list[sa.Table]") -> None:
    """Build primary keys and indexes, the tables' in the order given (largest first)."""
    share_out(url, [_primary_key(t) for t in tables if t.primary_key.columns])
    share_out(
        url, [_index(i) for t in tables for i in sorted(t.indexes, key=lambda i: str(i.name))]
    )


def add_foreign_keys(url: str, tables: "list[sa.Table]") -> None:
    """Add and check every foreign key, then ANALYZE."""
    share_out(url, [_unchecked_keys(tables)], workers=1)
    share_out(url, [_validated(t) for t in tables])


def _primary_key(table: "sa.Table") -> "Task":
    def build(con: "psycopg.Connection[tuple[Any, ...]]") -> None:
        import psycopg

        (column,) = table.primary_key.columns
        where = name(str(table.schema), table.name)
        try:
            con.execute(
                f"ALTER TABLE {where} ADD CONSTRAINT {name(f'pk_{table.name}')}"
                f" PRIMARY KEY ({name(column.name)})"
            )
        except psycopg.errors.UniqueViolation:
            count = _count(
                con,
                f"SELECT count(*) FROM (SELECT FROM {where} GROUP BY {name(column.name)}"
                " HAVING count(*) > 1) AS repeated",
            )
            raise WarehouseError(
                f"{table.name}.{column.name} is not unique: {count} ids stand there more than once;"
                f" mend the step that fills {table.name}"
            ) from None
        except psycopg.Error as error:
            raise explained(error) from None

    return build


def _index(index: "sa.Index") -> "Task":
    def build(con: "psycopg.Connection[tuple[Any, ...]]") -> None:
        table = index.table
        assert table is not None
        columns = ", ".join(name(c.name) for c in index.columns)
        where = name(str(table.schema), table.name)
        con.execute(f"CREATE INDEX {name(str(index.name))} ON {where} ({columns})")

    return build


def _key_name(key: "sa.ForeignKey") -> str:
    return f"fk_{key.parent.table.name}_{key.parent.name}"


def _keys(table: "sa.Table") -> "list[sa.ForeignKey]":
    """Give a table's foreign keys in the order of its columns."""
    return [key for column in table.columns for key in column.foreign_keys]


def _unchecked_keys(tables: "list[sa.Table]") -> "Task":
    def add(con: "psycopg.Connection[tuple[Any, ...]]") -> None:
        with con.transaction():
            for table in tables:
                if keys := _keys(table):
                    con.execute(
                        f"ALTER TABLE {name(str(table.schema), table.name)} "
                        + ", ".join(_unchecked_key(key) for key in keys)
                    )

    return add


def _unchecked_key(key: "sa.ForeignKey") -> str:
    schema, table, column = key.target_fullname.split(".")
    return (
        f"ADD CONSTRAINT {name(_key_name(key))} FOREIGN KEY ({name(key.parent.name)})"
        f" REFERENCES {name(schema, table)} ({name(column)}) NOT VALID"
    )


def _validated(table: "sa.Table") -> "Task":
    def validate(con: "psycopg.Connection[tuple[Any, ...]]") -> None:
        import psycopg

        where = name(str(table.schema), table.name)
        try:
            for key in _keys(table):
                con.execute(f"ALTER TABLE {where} VALIDATE CONSTRAINT {name(_key_name(key))}")
        except psycopg.errors.ForeignKeyViolation as error:
            broken = next(k for k in _keys(table) if _key_name(k) == error.diag.constraint_name)
            raise _orphans(con, broken) from None
        con.execute(f"ANALYZE {where}")

    return validate


def _orphans(con: "psycopg.Connection[tuple[Any, ...]]", key: "sa.ForeignKey") -> WarehouseError:
    """Say how many rows of a column refer to nothing; their values stay where they are."""
    table, column = key.parent.table, key.parent.name
    schema, target, target_column = key.target_fullname.split(".")
    count = _count(
        con,
        f"SELECT count(*) FROM {name(str(table.schema), table.name)} AS child WHERE"
        f" child.{name(column)} IS NOT NULL AND NOT EXISTS (SELECT FROM {name(schema, target)} AS"
        f" parent WHERE parent.{name(target_column)} = child.{name(column)})",
    )
    return WarehouseError(
        f"{table.name}.{column}: {count} row{'s' if count != 1 else ''} refer to no"
        f" {target}.{target_column}; the published CDM is untouched, mend the step that fills"
        f" {table.name}"
    )


def _count(con: "psycopg.Connection[tuple[Any, ...]]", query: str) -> int:
    row = con.execute(query).fetchone()
    assert row is not None
    return int(row[0])
