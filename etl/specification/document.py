"""The whole of `docs/etl-specification.md`, the same bytes for the same project."""

import csv
from pathlib import Path

import yaml

from etl.engine.given import given_tables
from etl.engine.plan import SQL, ordered, read_steps
from etl.errors import PlanError
from etl.settings import PROJECT
from etl.source.contracts import load_contracts
from etl.specification import hospital
from etl.specification.example import cases
from etl.specification.origin import Origins
from etl.specification.page import Material, cell, grain, is_derived, table_section
from etl.study.definition import NPC_LUNG_PD1, study_steps
from etl.warehouse import spec

FILE = PROJECT / "docs" / "etl-specification.md"
EMPTY = SQL / "cdm" / "empty.yaml"
COMMAND = "make specification"

HEAD = f"""\
# ETL specification

Written by `{COMMAND}` from the contracts (`mappings/sources/`), the SQL (`etl/sql/`), the maps
(`mappings/concepts/`) and the spec tests (`tests/spec/cdm/`); do not edit it.

* **source**: the hospital's columns that a field is made of, those by which a code or a visit is
  looked up among them. Every column has been through the stage step of its table: newest version,
  voids apart, typed.
* **rule**: the first expression on the way back that does something, as in the SQL.
  `event_id(row_id, source_no, n)` is row × 100000 + source × 1000 + n.
* **example**: from a test, what the hospital wrote → what the CDM holds.

The domain of the standard concept decides the table of an event. What is said here of an event
table holds for the curated maps; a code that an Athena vocabulary maps to another domain goes where
that one belongs. A field under "Not filled" is NULL in every row.
"""


def specification() -> str:
    """The document, from the project's files."""
    material = gathered()
    uses = hospital.where_used(material)
    parts = [HEAD, "## From the hospital to the CDM", hospital.overview(material)]
    parts += ["## The CDM's 39 tables", _contents(material), "## Clinical and derived tables"]
    for table in spec.CDM_TABLES:
        if f"cdm.{table}" in material.steps:
            parts.append(table_section(material, f"cdm.{table}", "../etl/sql/cdm"))
    parts += ["## Tables that stay empty", _empty(material)]
    parts += ["## Vocabulary and results tables", _others(material)]
    parts += ["## Steps on the way", _steps(material), "## The hospital's tables"]
    parts += [hospital.section(material, c, uses) for c in material.contracts.values()]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def gathered() -> Material:
    """Read what the document is made of."""
    contracts = load_contracts(PROJECT / "mappings" / "sources")
    given = given_tables(contracts)
    steps = ordered(read_steps(), given)
    names, domains = _concepts(PROJECT / "mappings" / "vocabulary")
    return Material(
        contracts=contracts,
        steps={step.table: step for step in steps},
        order=tuple(f"cdm.{table}" for table in spec.CDM_TABLES),
        origins=Origins(steps, given, _domains_of_maps(PROJECT / "mappings" / "concepts", domains)),
        of_cdm=Origins([s for s in steps if is_derived(s)], given | _cdm_columns(), {}),
        tests=cases(PROJECT / "tests" / "spec" / "cdm"),
        concepts=names,
        empty=empty_tables(),
    )


def _cdm_columns() -> dict[str, dict[str, str]]:
    return {
        f"cdm.{table}": {c.name: c.duckdb_type for c in spec.columns(table)}
        for table in spec.CDM_TABLES
    }


def empty_tables(path: Path = EMPTY) -> dict[str, str]:
    """The CDM tables that stay empty, each with the reason. PlanError on a table without one."""
    written = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    for table, reason in written.items():
        if table not in spec.CDM_TABLES:
            raise PlanError(f"{path.name}: {table}: is no table of CDM 5.4")
        if not isinstance(reason, str) or len(reason) < 10:
            raise PlanError(f"{path.name}: {table}: write the reason why it stays empty")
    return dict(written)


def _contents(material: Material) -> str:
    lines = ["| table | filled by | one row is |", "| --- | --- | --- |"]
    for table in spec.CDM_TABLES:
        step = material.steps.get(f"cdm.{table}")
        if step:
            first = grain(step).removeprefix("One row per ").split(". ")[0].rstrip(".")
            lines.append(f"| [`{table}`](#{table}) | `etl/sql/cdm/{table}.sql` | {cell(first)} |")
        else:
            lines.append(f"| [`{table}`](#tables-that-stay-empty) | nothing, with a reason | |")
    for table in spec.RESULTS_TABLES:
        lines.append(f"| [`{table}`](#vocabulary-and-results-tables) | the study | |")
    for table in spec.VOCABULARY_TABLES:
        lines.append(f"| [`{table}`](#vocabulary-and-results-tables) | the vocabulary | |")
    return "\n".join(lines)


def _empty(material: Material) -> str:
    lines = ["| table | reason |", "| --- | --- |"]
    for table in spec.CDM_TABLES:
        if table in material.empty:
            lines.append(f"| `{table}` | {cell(material.empty[table])} |")
    return "\n".join(lines)


def _others(material: Material) -> str:
    folder = NPC_LUNG_PD1.relative_to(PROJECT)
    lines = ["| table | filled by | one row is |", "| --- | --- | --- |"]
    for step in study_steps():
        if step.layer == "results":
            said = cell(grain(step))
            lines.append(
                f"| `{step.name}` | `{folder}/results/{step.name}.sql`, from `cdm` | {said} |"
            )
    for table in spec.VOCABULARY_TABLES:
        lines.append(
            f"| `{table}` | `npc-omop vocabulary load`; the starter set of"
            f" `mappings/vocabulary/` until then | as OHDSI's vocabularies have it |"
        )
    return "\n".join(lines)


def _steps(material: Material) -> str:
    """The steps between the hospital and the CDM, by layer: what a row is, what is read."""
    lines = ["| step | what a row is | reads |", "| --- | --- | --- |"]
    for step in sorted(material.steps.values(), key=lambda s: (s.layer != "stage", s.name)):
        if step.layer != "cdm":
            reads = ", ".join(f"`{table}`" for table in step.reads)
            path = f"../etl/sql/{step.layer}/{step.name}.sql"
            lines.append(f"| [`{step.table}`]({path}) | {cell(grain(step))} | {reads} |")
    return "\n".join(lines)


def _concepts(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Names and domains of the starter vocabulary's concepts, local ones included."""
    names, domains = {}, {}
    for name in ("concept.csv", "local_concept.csv"):
        for row in _rows(folder / name):
            names[row["concept_id"]] = row["concept_name"]
            domains[row["concept_id"]] = row["domain_id"]
    return names, domains


def _domains_of_maps(folder: Path, domains: dict[str, str]) -> dict[str, frozenset[str]]:
    """The domains that each curated map leads to; a no_match line says its own in the note."""
    found = {}
    for path in sorted(folder.glob("*.csv")):
        reached = set()
        for row in _rows(path):
            noted = row["note"].split(":")[0].strip()
            reached.add(noted if row["status"] == "no_match" else domains[row["target_concept_id"]])
        found[path.stem] = frozenset(reached)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
