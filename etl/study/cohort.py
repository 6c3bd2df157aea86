"""The cohort of a study, read off the CDM: its settings and SQL files, run in order.

A study is a folder: `settings.yaml`, `study/*.sql` and `results/*.sql`, one SELECT a file. They
read `cdm.*`, `vocabulary.*` and `study.*`, never what lies before the CDM.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb
import yaml
from sqlglot import exp

from etl.engine.duckdb import Progress, Result, open_table, parquet, run_steps
from etl.engine.plan import Step, ordered, read_steps
from etl.errors import ContractError, PlanError, TransformError

NPC_LUNG_PD1 = Path(__file__).resolve().parent / "npc_lung_pd1"
LAYERS = ("study", "results")
MAY_READ = ("cdm", "vocabulary")

_INTEGER = range(-(2**31), 2**31)


def build(
    con: duckdb.DuckDBPyConnection,
    lake: Path,
    mappings: Path,
    progress: Progress,
    folder: Path = NPC_LUNG_PD1,
) -> list[Result]:
    """Build a study's tables into `lake/study` and `lake/results`, one Parquet file each.

    Reads the lake's CDM and vocabulary. Raises ContractError on a bad setting or an unknown
    codelist, PlanError on a step that reads anything else, TransformError where the lake is
    incomplete; all by name.
    """
    steps = study_steps(folder)
    check_codelists(steps, mappings)
    for table in sorted(sources(steps)):
        if not parquet(lake, table).exists():
            raise TransformError(f"{table}: is not in the lake: run `npc-omop run` first")
        open_table(con, lake, table)
    for layer in LAYERS:
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {layer}")
    return run_steps(con, steps, lake, progress)


def study_steps(folder: Path = NPC_LUNG_PD1) -> list[Step]:
    """A study's steps in order, the one-row table `study.setting` among them.

    Raises PlanError where a step reads anything but the CDM, the vocabulary and the study itself.
    """
    steps = [setting_step(folder / "settings.yaml"), *read_steps(folder, LAYERS)]
    for step in steps:
        for table in step.reads:
            if table.split(".")[0] not in (*MAY_READ, *LAYERS):
                raise PlanError(f"{step.table}: reads {table}: a study reads the CDM only")
    return ordered(steps, sources(steps))


def sources(steps: Iterable[Step]) -> set[str]:
    """The tables of the CDM and the vocabulary that steps read."""
    return {table for step in steps for table in step.reads if table.split(".")[0] in MAY_READ}


def setting_step(path: Path) -> Step:
    """The settings file as a step: one row, one typed column a setting."""
    where = f"{path.parent.name}/{path.name}"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError):
        raise ContractError(f"{where}: cannot be read: is it there, is it YAML?") from None
    if not isinstance(content, dict) or not content:
        raise ContractError(f"{where}: must hold lines of `name: value`")
    columns = [f"{_literal(value, name, where)} AS {name}" for name, value in content.items()]
    return Step("study", "setting", "SELECT\n    " + ",\n    ".join(columns))


def check_codelists(steps: Iterable[Step], mappings: Path) -> None:
    """ContractError where SQL names a codelist that has no file: it would silently find nobody."""
    for step in steps:
        for name in codelists_named(step):
            if not (mappings / "codelists" / f"{name}.csv").exists():
                raise ContractError(
                    f"{step.table}: no codelist {name}: correct the name or add"
                    f" mappings/codelists/{name}.csv"
                )


def codelists_named(step: Step) -> set[str]:
    """The codelists that a step compares its column `codelist` with."""
    names: set[str] = set()
    for comparison in step.query.find_all(exp.EQ, exp.NEQ, exp.In):
        if isinstance(comparison.this, exp.Column) and comparison.this.name == "codelist":
            values = (
                comparison.expressions
                if isinstance(comparison, exp.In)
                else [comparison.expression]
            )
            names |= {value.name for value in values if isinstance(value, exp.Literal)}
    return names


def _literal(value: object, name: object, where: str) -> str:
    if not isinstance(name, str) or not name.isidentifier():
        raise ContractError(f"{where}: {name}: a setting's name has letters, digits and _ only")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int) and value in _INTEGER:
        return f"CAST({value} AS INTEGER)"
    if isinstance(value, float):
        return f"CAST({value!r} AS DOUBLE)"
    if type(value) is date:
        return f"CAST('{value.isoformat()}' AS DATE)"
    if isinstance(value, str):
        escaped = value.replace("'", "''")
        return f"CAST('{escaped}' AS VARCHAR)"
    raise ContractError(f"{where}: {name}: must be a number, true, false, a date or text")
