"""What a hospital hands over, table by table: the contracts of `mappings/sources/*.yaml`.

A contract names every column of a table once: kept ones with their type, the others under
`ignored` with the reason. Code never names a hospital's column where a contract can.
"""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from etl.errors import ContractError
from etl.source.strict_yaml import read_yaml


class Type(StrEnum):
    """What a column holds, and so what landing does with it."""

    ID = "id"  # becomes a keyed hash
    SERIAL = "serial"  # a row's own number: its row id stands for it, and it is dropped
    IDENTIFIER = "identifier"  # a direct identifier: dropped
    ID_CARD = "id_card"  # dropped; leaves sex and month of birth
    BIRTH_DATE = "birth_date"  # cut to the month, ages of 90 and over capped
    TEXT = "text"
    FREE_TEXT = "free_text"  # scrubbed of names, numbers and addresses
    CODE = "code"
    DATE = "date"
    DATETIME = "datetime"
    NUMBER = "number"
    INTEGER = "integer"
    FLAG = "flag"


DATES = frozenset({Type.DATE, Type.DATETIME, Type.BIRTH_DATE})
NUMBERS = frozenset({Type.NUMBER, Type.INTEGER})
DROPPED = frozenset({Type.IDENTIFIER, Type.ID_CARD, Type.SERIAL})
ROW_COLUMNS = {
    "row_id": "BIGINT",
    "load_no": "INTEGER",
    "file_no": "INTEGER",
    "row_no": "BIGINT",
    "fate": "VARCHAR",
    "reject_reason": "VARCHAR",
}

Name = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """One kept column. `scrub_as`: what this identifier is called where free text repeats it."""

    label: str
    type: Type
    required: bool = False
    optional: bool = False
    values: tuple[str, ...] = ()
    scrub_as: str | None = Field(default=None, pattern="^(name|phone|address)$")


class Series(_Strict):
    """Columns that differ by a number only: `JBDM` with count 15 is JBDM1 to JBDM15."""

    label: str
    type: Type
    count: int = Field(ge=1, le=999)
    optional: bool = True
    values: tuple[str, ...] = ()


class Setting(_Strict):
    """A vendor's switch for one column: `inverted` says that 0 and 1 mean the opposite."""

    inverted: bool = False


class Contract(_Strict):
    """One table: what it is called, what its rows are known by, what its columns mean.

    `stage`: the table of its current rows. `key`: the natural key. `watermark`: how new a version
    is; `version`: a number that counts before it. `void`: a row with such a value was withdrawn;
    `draft`: likewise, but it never replaces a finished version. `reject_limit`: the share of bad
    rows above which nothing is landed.
    """

    table: Name
    title: str
    system: str
    source_no: int = Field(ge=1, le=89)
    stage: str = Field(pattern=r"^[a-z][a-z_]*$")
    required: bool = False
    key: tuple[str, ...] = Field(min_length=1)
    watermark: str | None = None
    version: str | None = None
    reject_limit: float = Field(default=0.01, ge=0, le=1)
    void: dict[str, tuple[str, ...]] = {}
    draft: dict[str, tuple[str, ...]] = {}
    columns: dict[Name, Column]
    series: dict[Name, Series] = {}
    ignored: dict[Name, Annotated[str, Field(min_length=3)]] = {}
    settings: dict[str, Setting] = {}

    @model_validator(mode="after")
    def _names_exist(self) -> "Contract":
        for number in self.series.values():
            if number.type in DROPPED:
                raise ValueError("series: an identifier cannot be a series")
        kept = self.kept
        for name in set(self.read) & set(self.ignored):
            raise ValueError(f"ignored: {name} is a kept column too")
        if len(self.read) != len(self.columns) + sum(s.count for s in self.series.values()):
            raise ValueError("series: a column is named twice")
        for name in self.key:
            if name not in kept and not self._is_serial(name):
                raise ValueError(f"key: {name} is no kept column")
            if not self.read[name].required:
                raise ValueError(f"key: {name} must be required")
        for name, column in self.read.items():
            if column.type is Type.SERIAL and self.key != (name,):
                raise ValueError(f"columns.{name}: a serial is the whole key of its table")
        for field, names in {
            "watermark": [self.watermark] if self.watermark else [],
            "version": [self.version] if self.version else [],
            "void": list(self.void),
            "draft": list(self.draft),
            "settings": list(self.settings),
        }.items():
            for name in names:
                if name not in kept:
                    raise ValueError(f"{field}: {name} is no kept column")
        if self.watermark and kept[self.watermark].type not in DATES:
            raise ValueError(f"watermark: {self.watermark} is no date")
        if self.version and kept[self.version].type not in NUMBERS:
            raise ValueError(f"version: {self.version} is no number")
        for name, column in self.read.items():
            if column.scrub_as and column.type is not Type.IDENTIFIER:
                raise ValueError(f"columns.{name}: scrub_as goes with type identifier")
            if column.required and column.optional:
                raise ValueError(f"columns.{name}: required and optional exclude each other")
        return self

    def _is_serial(self, name: str) -> bool:
        return name in self.read and self.read[name].type is Type.SERIAL

    @property
    def read(self) -> dict[str, Column]:
        """The columns that landing reads, series spelled out, in contract order."""
        return dict(self._spelled_out())

    @property
    def kept(self) -> dict[str, Column]:
        """The columns that survive landing; direct identifiers do not."""
        return {name: c for name, c in self.read.items() if c.type not in DROPPED}

    @property
    def expected(self) -> set[str]:
        """The columns that every file must have."""
        return {n for n, c in self.read.items() if not c.optional} | set(self.ignored)

    @property
    def known(self) -> set[str]:
        """The columns that a file may have."""
        return set(self.read) | set(self.ignored)

    def raw_columns(self) -> dict[str, str]:
        """Name and DuckDB type of each column of `raw.<TABLE>`, in order."""
        columns = dict(ROW_COLUMNS)
        for name, column in self.read.items():
            if column.type is Type.ID_CARD:
                columns[f"{name}_CSNY"] = "VARCHAR"
                columns[f"{name}_XB"] = "VARCHAR"
            elif column.type not in DROPPED:
                columns[name] = "VARCHAR"
        return columns

    def _spelled_out(self) -> Iterator[tuple[str, Column]]:
        yield from self.columns.items()
        for stem, series in self.series.items():
            for number in range(1, series.count + 1):
                yield (
                    f"{stem}{number}",
                    Column(
                        label=f"{series.label}{number}",
                        type=series.type,
                        optional=series.optional,
                        values=series.values,
                    ),
                )


Contracts = dict[str, Contract]

IDENTITY_COLUMNS = {
    "id_hmac": "VARCHAR",
    "id_kind": "VARCHAR",
    "root_empi": "VARCHAR",
    "person_id": "INTEGER",
    "merge_error": "VARCHAR",
}
EXTRACT_COLUMNS = {"stated_on": "DATE"}
SOURCE_FILE_COLUMNS = {
    "file_no": "INTEGER",
    "load_no": "INTEGER",
    "table": "VARCHAR",
    "name": "VARCHAR",
    "size": "BIGINT",
    "sha256": "VARCHAR",
    "row_count": "BIGINT",
    "landed_at": "TIMESTAMP",
    "encoding": "VARCHAR",
}


def load_contract(path: Path) -> Contract:
    """Read and check one contract file; ContractError names the file and the field."""
    try:
        written = read_yaml(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        first = " ".join(str(error).split())
        raise ContractError(f"{path.name}: cannot be read: {first}") from None
    if not isinstance(written, dict):
        raise ContractError(f"{path.name}: holds no contract")
    try:
        contract = Contract.model_validate(written)
    except ValidationError as error:
        # A misspelt key is why another one is missing: it speaks first.
        fault = min(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
        field = ".".join(str(part) for part in fault["loc"])
        message = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            message = "no contract has such a key"
        raise ContractError(f"{path.name}: {field + ': ' if field else ''}{message}") from None
    if path.stem != contract.table.lower():
        raise ContractError(
            f"{path.name}: table: the file of {contract.table} is called"
            f" {contract.table.lower()}.yaml"
        )
    return contract


def load_contracts(folder: Path) -> Contracts:
    """Read every contract of a folder, by table, in order of source number."""
    by_number: dict[int, Contract] = {}
    for path in sorted(folder.glob("*.yaml")):
        contract = load_contract(path)
        other = by_number.setdefault(contract.source_no, contract)
        if other is not contract:
            raise ContractError(
                f"{path.name}: source_no: {contract.source_no} is taken by {other.table}"
            )
    if not by_number:
        raise ContractError(f"{folder}: holds no contract (*.yaml)")
    return {by_number[number].table: by_number[number] for number in sorted(by_number)}
