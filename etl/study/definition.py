"""What a study is: a folder of settings and SQL files, read as steps in order.

`settings.yaml`, `study/*.sql` and `results/*.sql`, one SELECT a file. They read `cdm.*`,
`vocabulary.*` and `study.*`, never what lies before the CDM, in the SQL that PostgreSQL and DuckDB
share: PostgreSQL builds the cohort, the specification runs the same files in memory.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from sqlglot import exp

from etl.engine.plan import Step, ordered, read_steps
from etl.errors import ContractError, PlanError

NPC_LUNG_PD1 = Path(__file__).resolve().parent / "npc_lung_pd1"
LAYERS = ("study", "results")
MAY_READ = ("cdm", "vocabulary")

REVIEW = Step(
    "study",
    "review_decision",
    "-- One row per signed line of the review file: what its reviewer decided, and why.\n"
    "SELECT\n"
    "    CAST(NULL AS BIGINT) AS person_id,\n"
    "    CAST(NULL AS VARCHAR) AS criterion,\n"
    "    CAST(NULL AS VARCHAR) AS decision,\n"
    "    CAST(NULL AS VARCHAR) AS reason,\n"
    "    CAST(NULL AS VARCHAR) AS reviewer_code,\n"
    "    CAST(NULL AS DATE) AS decided_on\n"
    "WHERE 1 = 0",
)
"""An empty table of every study; a build fills it from the review file."""

_INTEGER = range(-(2**31), 2**31)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")


@dataclass(frozen=True)
class Study:
    """A study's folder. Its name is the setting `study`, else the folder's."""

    folder: Path = NPC_LUNG_PD1

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The settings as written; ContractError where they cannot be read."""
        return read_settings(self.folder / "settings.yaml")

    @cached_property
    def name(self) -> str:
        """The name that the study's tables begin with."""
        name = str(self.settings.get("study", self.folder.resolve().name))
        if not _NAME.fullmatch(name):
            raise ContractError(
                f"{self.folder.name}/settings.yaml: study: a name has up to 30 small letters,"
                " digits and _"
            )
        return name

    @cached_property
    def steps(self) -> list[Step]:
        """The steps in order; see `study_steps`."""
        return study_steps(self.folder)

    def table(self, step: Step) -> str:
        """The name under which a table is published in the schema `study`.

        Tables named by the study keep their name; others are its working tables.
        """
        if step.name == self.name or step.name.startswith(f"{self.name}_"):
            return step.name
        return f"{self.name}_work_{step.name}"

    def checksum(self, mappings: Path) -> str:
        """A digest of all that defines the cohort: SQL, settings, and the codelists that SQL names.

        Another reason in a comment is another definition too: files are compared, not meanings.
        """
        digest = hashlib.sha256()
        files = [self.folder / "settings.yaml"]
        files += [path for layer in LAYERS for path in sorted((self.folder / layer).glob("*.sql"))]
        named = {name for step in self.steps for name in codelists_named(step)}
        files += [mappings / "codelists" / f"{name}.csv" for name in sorted(named)]
        for path in files:
            content = path.read_bytes()
            digest.update(f"{path.parent.name}/{path.name} {len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()


def study_steps(folder: Path = NPC_LUNG_PD1) -> list[Step]:
    """A study's steps in order, `study.setting` and `study.review_decision` among them.

    Raises PlanError where a step reads anything but the CDM, the vocabulary and the study itself.
    """
    steps = [setting_step(folder / "settings.yaml"), REVIEW, *read_steps(folder, LAYERS)]
    for step in steps:
        for table in step.reads:
            if table.split(".")[0] not in (*MAY_READ, *LAYERS):
                raise PlanError(f"{step.table}: reads {table}: a study reads the CDM only")
    return ordered(steps, sources(steps))


def sources(steps: Iterable[Step]) -> set[str]:
    """The tables of the CDM and the vocabulary that steps read."""
    return {table for step in steps for table in step.reads if table.split(".")[0] in MAY_READ}


def read_settings(path: Path) -> dict[str, Any]:
    """The settings file; ContractError where it is none."""
    where = f"{path.parent.name}/{path.name}"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise ContractError(f"{where}: cannot be read: is it there, is it YAML?") from None
    if not isinstance(content, dict) or not content:
        raise ContractError(f"{where}: must hold lines of `name: value`")
    return content


def setting_step(path: Path) -> Step:
    """The settings file as a step: one row, one typed column a setting."""
    where = f"{path.parent.name}/{path.name}"
    columns = [
        f"{_literal(value, name, where)} AS {name}" for name, value in read_settings(path).items()
    ]
    return Step(
        "study",
        "setting",
        "-- One row: the study's settings.\nSELECT\n    " + ",\n    ".join(columns),
    )


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
        return f"CAST({value!r} AS DOUBLE PRECISION)"
    if type(value) is date:
        return f"CAST('{value.isoformat()}' AS DATE)"
    if isinstance(value, str):
        escaped = value.replace("'", "''")
        return f"CAST('{escaped}' AS VARCHAR)"
    raise ContractError(f"{where}: {name}: must be a number, true, false, a date or text")
