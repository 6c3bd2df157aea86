"""The invented hospital's truth agrees with its tables, and every trap is planted."""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from etl.synthetic import bank
from etl.synthetic.generate import generate
from etl.synthetic.traps import TRAPS

csv.field_size_limit(sys.maxsize)
Rows = list[dict[str, str]]
STUDIED = ("cohort", "near_miss", "several")


def rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("truth") / "hospital"
    generate(2400, 23, out, mess=0)
    return out


@pytest.fixture(scope="module")
def npc(clean: Path) -> Rows:
    """The patients with nasopharyngeal carcinoma."""
    kinds = set(bank.parameters()["kinds"])
    return [row for row in rows(clean / "_truth" / "patient.csv") if row["kind"] in kinds]


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("messy") / "hospital"
    generate(400, 9, out, mess=1)
    return out


def test_shares_of_cohort_and_near_misses(npc: Rows) -> None:
    eligible = sum(row["eligible"] == "yes" for row in npc) / len(npc)
    near = sum(row["kind"] == "near_miss" for row in npc) / len(npc)
    assert 0.045 <= eligible <= 0.10
    assert 0.11 <= near <= 0.19


def test_the_verdict_follows_the_answers(npc: Rows) -> None:
    for row in npc:
        if row["kind"] not in STUDIED:
            assert row["eligible"] == "no"
            continue
        failed = (
            "not_met" in (row["p1"], row["p2"])
            or any(row[f"i{n}"] == "not_met" for n in range(1, 7))
            or any(row[f"e{n}"] == "met" for n in range(1, 10))
        )
        unknown = "unknown" in (row[name] for name in row if name[0] in "pie" and len(name) == 2)
        assert row["eligible"] == ("no" if failed else "review" if unknown else "yes")


def test_a_near_miss_fails_one_rule(npc: Rows) -> None:
    expected = {f"i{n}": "met" for n in range(1, 7)} | {f"e{n}": "not_met" for n in range(1, 10)}
    seen = Counter()
    for row in npc:
        if row["kind"] == "near_miss":
            rule = row["near_miss_rule"]
            assert row["eligible"] != "yes"
            assert row[rule] != ("not_met" if rule[0] == "e" else "met")
            others = {name for name in expected if row[name] and row[name] != expected[name]}
            assert others <= {rule}
            seen[rule] += 1
    assert len(seen) >= 12


def test_the_index_is_the_first_pd1_with_chemotherapy(clean: Path, npc: Rows) -> None:
    kind_of = {row["code"]: row["class"] for row in bank.rows("drugs")}
    person_of = {row["JZLSH"]: row["EMPI_ID"] for row in rows(clean / "JZ_JZJL.csv")}
    order = {
        row["YZH"]: (person_of[row["JZLSH"]], kind_of[row["XMDM"]])
        for row in rows(clean / "YZ_YZJL.csv")
    }
    given: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows(clean / "YZ_ZXJL.csv"):
        if row["ZXZT"] == "1":
            given[order[row["YZH"]]].append(date.fromisoformat(row["SJZXSJ"][:10]).toordinal())
    for row in npc:
        if row["p1"] != "met":
            continue
        start = date.fromisoformat(row["metastasis_date"]).toordinal() - 14
        chemo = given[row["empi_id"], "chemo"]
        index = next(
            (
                date.fromordinal(day).isoformat()
                for day in sorted(given[row["empi_id"], "PD-1"])
                if day >= start and any(abs(day - other) <= 14 for other in chemo)
            ),
            "",
        )
        assert (row["index_date"], row["p2"] == "met") == (index, bool(index)), row["violations"]


def test_every_trap_is_planted(messy: Path) -> None:
    planted = rows(messy / "_truth" / "trap.csv")
    assert {int(row["trap_no"]) for row in planted} == set(range(1, 33))
    assert {trap.number for trap in TRAPS} == set(range(1, 33))
    tables = set(bank.schema())
    assert {row["table"] for row in planted} <= tables


def test_without_mess_only_facts_of_the_domain_are_noted(clean: Path) -> None:
    facts = {trap.name for trap in TRAPS if trap.is_fact}
    assert {row["name"] for row in rows(clean / "_truth" / "trap.csv")} <= facts


def test_mess_leaves_less_than_one_row_in_a_hundred_unreadable(messy: Path) -> None:
    unreadable = {
        "impossible_dates",
        "bad_number",
        "missing_required",
        "scientific_id",
        "discharge_before_admission",
    }
    counts = Counter(
        row["table"] for row in rows(messy / "_truth" / "trap.csv") if row["name"] in unreadable
    )
    for table, count in counts.items():
        path = messy / f"{table}.csv"
        total = path.read_bytes().count(b"\n")
        assert count / total < 0.01, table
