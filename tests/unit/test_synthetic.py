"""The invented hospital: its files, its references, its truth."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from etl.errors import UsageError
from etl.synthetic import bank
from etl.synthetic.generate import generate

csv.field_size_limit(sys.maxsize)
Rows = list[dict[str, str]]


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clean") / "hospital"
    generate(700, 11, out, mess=0)
    return out


@pytest.fixture(scope="module")
def read(clean: Path) -> Callable[[str], Rows]:
    kept: dict[str, Rows] = {}

    def table(name: str) -> Rows:
        if name not in kept:
            with (clean / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
                kept[name] = list(csv.DictReader(lines))
        return kept[name]

    return table


@pytest.mark.parametrize("form", ["csv", "csv.gz", "parquet"])
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, form: str) -> None:
    for name in ("one", "two"):
        generate(60, 5, tmp_path / name, mess=1, format=form)
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


def test_another_seed_gives_another_hospital(tmp_path: Path) -> None:
    generate(40, 1, tmp_path / "one")
    generate(40, 2, tmp_path / "two")
    one, two = digest(tmp_path / "one"), digest(tmp_path / "two")
    assert one["HZ_ZSY.csv"] != two["HZ_ZSY.csv"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_headers_are_the_schema(tmp_path: Path, encoding: str) -> None:
    generate(30, 3, tmp_path / "h", mess=0, format="csv.gz", encoding=encoding)
    for table, columns in bank.schema().items():
        with gzip.open(tmp_path / "h" / f"{table}.csv.gz", "rt", encoding=encoding) as lines:
            assert next(csv.reader(lines)) == columns, table


def test_parquet_has_the_schema_too(tmp_path: Path) -> None:
    generate(30, 3, tmp_path / "h", mess=0, format="parquet")
    for table, columns in bank.schema().items():
        assert pq.read_schema(tmp_path / "h" / f"{table}.parquet").names == columns


def test_the_marker_names_the_generator_and_the_extract_day(clean: Path) -> None:
    marker = json.loads((clean / "GENERATED.json").read_text(encoding="utf-8"))
    assert marker["generator"] == "npc-omop"
    assert (marker["seed"], marker["patients"], marker["mess"]) == (11, 700, 0)
    assert marker["extract_on"] == "2024-06-30"


def test_a_foreign_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("precious", encoding="utf-8")
    with pytest.raises(UsageError, match="other files"):
        generate(10, 1, tmp_path)
    assert (tmp_path / "thesis.docx").exists()


def test_a_generated_folder_is_replaced_and_nothing_half_done_stays(tmp_path: Path) -> None:
    generate(10, 1, tmp_path / "h")
    generate(20, 1, tmp_path / "h")
    marker = json.loads((tmp_path / "h" / "GENERATED.json").read_text(encoding="utf-8"))
    assert marker["patients"] == 20
    assert [path.name for path in tmp_path.iterdir()] == ["h"]


@pytest.mark.parametrize(
    "wrong", [{"patients": 0}, {"mess": 1.5}, {"format": "xlsx"}, {"encoding": "big5"}]
)
def test_impossible_arguments_are_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    arguments: dict[str, object] = {"patients": 5, "seed": 1, "out": tmp_path / "h"} | wrong
    with pytest.raises(UsageError):
        generate(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("child", "column", "parent", "key"),
    [
        *[
            (table, "JZLSH", "JZ_JZJL", "JZLSH")
            for table, columns in bank.schema().items()
            if "JZLSH" in columns and table != "JZ_JZJL"
        ],
        ("LIS_JG", "BGDH", "LIS_BG", "BGDH"),
        ("YZ_ZXJL", "YZH", "YZ_YZJL", "YZH"),
        ("SF_FYMX", "YZH", "YZ_YZJL", "YZH"),
        ("FL_FC", "JHID", "FL_JH", "JHID"),
        ("FL_JH", "HZID", "HZ_ZSY", "HZID"),
        ("JZ_JZJL", "HZID", "HZ_ZSY", "HZID"),
        ("SF_SFJL", "EMPI_ID", "HZ_ZSY", "EMPI_ID"),
    ],
)
def test_without_mess_every_reference_resolves(
    read: Callable[[str], Rows], child: str, column: str, parent: str, key: str
) -> None:
    known = {row[key] for row in read(parent)}
    assert {row[column] for row in read(child)} - known - {""} == set()


@pytest.mark.parametrize("table", list(bank.schema()))
def test_without_mess_keys_are_unique(read: Callable[[str], Rows], table: str) -> None:
    row = next(row for row in bank.rows("keys") if row["table"] == table)
    names = row["key"].split("|")
    keys = [tuple(item[name] for name in names) for item in read(table)]
    assert keys
    assert len(keys) == len(set(keys))


def test_nothing_happens_after_death_or_the_extract(read: Callable[[str], Rows]) -> None:
    person_of = {row["JZLSH"]: row["EMPI_ID"] for row in read("JZ_JZJL")}
    died = {row["EMPI_ID"]: row["SWRQ"] for row in read("SF_SFJL") if row["SCZT"] == "2"}
    for table, column in (("LIS_BG", "CJSJ"), ("YZ_YZJL", "KZSJ"), ("RIS_BG", "JCSJ")):
        for row in read(table):
            day = row[column][:10]
            assert "2016-01-01" <= day <= died.get(person_of[row["JZLSH"]], "2024-06-30")


def test_identity_numbers_have_a_valid_check_digit_and_no_real_county(
    read: Callable[[str], Rows],
) -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    for row in read("HZ_ZSY"):
        number = row["SFZH"]
        total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
        assert "10X98765432"[total % 11] == number[17]
        assert number.startswith("5199")
        assert int(number[16]) % 2 == (row["XBDM"] == "1")


def test_treatment_admissions_carry_z51_first_and_the_cancer_beside_it(
    read: Callable[[str], Rows],
) -> None:
    pages = [row for row in read("BA_SY") if row["JBDM"].startswith("Z51")]
    assert len(pages) > 50
    assert all(row["JBDM1"].startswith("C") for row in pages)
