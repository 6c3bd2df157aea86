"""docs/data-quality.md speaks of the tables that there are."""

import re
from collections import Counter

from etl.settings import PROJECT
from etl.warehouse import spec

TEXT = (PROJECT / "docs" / "data-quality.md").read_text(encoding="utf-8")
NAMES = {
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "VARCHAR": "text",
    "DOUBLE": "double precision",
    "TIMESTAMP": "timestamp",
    "DATE": "date",
}


def test_the_counts_of_types_are_those_of_the_tables():
    found = Counter(
        NAMES[column.duckdb_type] for table in spec.tables() for column in spec.columns(table)
    )
    written = {
        row[1]: int(row[2]) for row in re.findall(r"^\| (\S+) \| ([a-z ]+) \| (\d+) \|", TEXT, re.M)
    }
    assert written == found


def test_every_field_of_a_failing_check_is_one_of_the_cdm():
    named = re.findall(r"^\| \w+ \| `(\w+)\.(\w+)` \|", TEXT, re.M)
    assert named
    for table, field in named:
        assert field in {column.name for column in spec.columns(table)}
