"""The generator's data files: parameters, phrases and code tables, read once."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent


@cache
def parameters() -> dict[str, Any]:
    """parameters.yaml: shares, ages and times, each with its source in a comment."""
    return _yaml(_HERE / "parameters.yaml")


@cache
def phrases(name: str) -> dict[str, Any]:
    """One phrase bank, such as `phrases("imaging")`."""
    return _yaml(_HERE / "phrases" / f"{name}.yaml")


@cache
def rows(name: str) -> list[dict[str, str]]:
    """The rows of a code table in bank/, such as `rows("drugs")`."""
    with (_HERE / "bank" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def by_key(name: str) -> dict[str, dict[str, str]]:
    """The rows of a code table under their `key` column."""
    return {row["key"]: row for row in rows(name)}


@cache
def regimen(name: str) -> list[str]:
    """The drug keys of a regimen such as GP."""
    return by_key("regimens")[name]["drugs"].split("|")


@cache
def schema() -> dict[str, list[str]]:
    """The 18 tables in order, each with its columns in order."""
    tables: dict[str, list[str]] = {}
    with (_HERE / "schema.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            tables.setdefault(row["table"], []).append(row["column"])
    return tables


@cache
def column_types() -> dict[tuple[str, str], str]:
    """(table, column) -> the type the hospital declares, such as `date`."""
    with (_HERE / "schema.csv").open(encoding="utf-8", newline="") as lines:
        return {(row["table"], row["column"]): row["type"] for row in csv.DictReader(lines)}


@cache
def violations() -> dict[str, Any]:
    """violations.yaml: the rules that near misses violate."""
    return _yaml(_HERE / "violations.yaml")


def _yaml(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded
