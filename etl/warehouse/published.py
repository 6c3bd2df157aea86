"""What the published CDM holds, asked of PostgreSQL itself."""

from etl.warehouse import spec
from etl.warehouse.session import connect, name


def published_rows(con_url: str) -> dict[str, int]:
    """Count the rows of every table of `cdm`; empty where none is published."""
    with connect(con_url) as con:
        there = {
            row[0]
            for row in con.execute(
                "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'cdm'"
            ).fetchall()
        }
        return {
            table: con.execute(f"SELECT count(*) FROM {name('cdm', table)}").fetchall()[0][0]
            for table in spec.CDM_TABLES
            if table in there
        }
