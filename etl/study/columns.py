"""What the columns of a study's tables mean: `columns.yaml` beside the SQL, for the database.

`table: {column: meaning}` for the tables of a study, and `any: {column: meaning}` for a column
that means the same wherever it stands.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from etl.errors import ContractError
from etl.study.definition import Study
from etl.study.provenance import RUN_COLUMNS

if TYPE_CHECKING:
    import psycopg

Meanings = dict[str, dict[str, str]]
ANY = "any"


def read_columns(folder: Path) -> Meanings:
    """The meanings in a study's folder; none without the file, ContractError on another shape."""
    path = folder / "columns.yaml"
    where = f"{folder.name}/{path.name}"
    if not path.exists():
        return {}
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise ContractError(f"{where}: cannot be read: is it YAML?") from None
    if not isinstance(content, dict):
        raise ContractError(f"{where}: must hold tables with lines of `column: meaning`")
    for table, columns in content.items():
        if not isinstance(columns, dict) or not all(isinstance(t, str) for t in columns.values()):
            raise ContractError(f"{where}: {table}: must hold lines of `column: meaning`")
    return content


def meaning(meanings: Meanings, table: str, column: str) -> str | None:
    """What a column means: said of its table, else of any."""
    return meanings.get(table, {}).get(column) or meanings.get(ANY, {}).get(column)


def comment_on(con: "psycopg.Connection[tuple[Any, ...]]", study: Study) -> None:
    """Write the meanings as comments on the columns of the study's tables."""
    from psycopg import sql

    meanings = read_columns(study.folder)
    meanings[f"{study.name}_run"] = RUN_COLUMNS
    for table, column in con.execute(_COLUMNS, [f"{study.name}: %"]).fetchall():
        if text := meaning(meanings, table, column):
            con.execute(
                sql.SQL("COMMENT ON COLUMN {} IS {}").format(
                    sql.Identifier("study", table, column), sql.Literal(text)
                )
            )


_COLUMNS = """
SELECT relation.relname, attribute.attname
FROM pg_catalog.pg_class AS relation
JOIN pg_catalog.pg_namespace AS place ON place.oid = relation.relnamespace
JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = relation.oid
WHERE place.nspname = 'study' AND relation.relkind = 'r'
    AND pg_catalog.obj_description(relation.oid, 'pg_class') LIKE %s
    AND attribute.attnum > 0 AND NOT attribute.attisdropped
ORDER BY relation.relname, attribute.attnum
"""
