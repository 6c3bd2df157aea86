"""Codes with their names, each decided by its meaning, through the steps that resolve them.

`golden_pair.csv` is the reviewers' file, not the program's output: a line that fails is a wrong
map, a wrong rule or a changed mind, and says which code. `expected` holds concept ids (several
joined by +), or quarantine, no_match, unmapped.
"""

import csv
from pathlib import Path

import pytest

from tests.spec.conftest import Specification, Table, vocabulary

PAIRS = list(
    csv.DictReader(
        (Path(__file__).parent / "golden_pair.csv").read_text(encoding="utf-8").splitlines()
    )
)
LOOKED_UP = {"npc_icd10", "npc_icd9cm3", "npc_drug", "npc_lab", "npc_unit", "npc_exam"}

__all__ = ["vocabulary"]  # the fixture of the specification, used here too


def pairs(source_vocabulary: str) -> list[tuple[int, dict[str, str]]]:
    return [
        (n, p) for n, p in enumerate(PAIRS, 1) if p["source_vocabulary_id"] == source_vocabulary
    ]


def table(header: str, rows: list[list[object]]) -> str:
    lines = [" | ".join(str(cell) if cell not in ("", None) else "-" for cell in r) for r in rows]
    return "\n".join([header, *lines])


class Resolver(Specification):
    """Every pair in the table that its source would fill, in one database."""

    def __init__(self, lake: Path) -> None:
        super().__init__(lake)
        given: Table = self.given
        diagnoses = [[n, p["source_code"], p["source_name"]] for n, p in pairs("npc_icd10")]
        given("stage.diagnosis", table("row_id | code_text | name_text", diagnoses))
        given("stage.front_page", "row_id")
        operations = [[n, p["source_code"]] for n, p in pairs("npc_icd9cm3")]
        given("stage.operation", table("row_id | code_text", operations))
        drugs = [[n, "true", p["source_name"]] for n, p in pairs("npc_drug")]
        given("stage.medical_order", table("row_id | is_drug | name_text", drugs))
        items = [
            [n, p["source_code"], p["source_name"], p["unit"]]
            for n, p in pairs("npc_lab") + pairs("npc_unit")
        ]
        given("stage.lab_result", table("row_id | item_code | item_name | unit_text", items))
        exams = [[n, p["source_code"], p["source_name"]] for n, p in pairs("npc_exam")]
        given("stage.imaging_report", table("row_id | modality_text | exam_text", exams))
        for step in ("coded_diagnosis", "diagnosis_code", "operation_code", "drug_name"):
            self.run(f"stage.{step}")
        for step in ("stage.lab_item", "stage.exam_name"):
            self.run(step)

    def resolve(self, n: int, pair: dict[str, str]) -> list[tuple[str | None, bool]]:
        """The map's key of each code of a pair, and whether it is quarantined."""
        source = pair["source_vocabulary_id"]
        if source == "npc_icd10":
            return self.con.execute(
                "SELECT r.map_code, r.is_quarantined FROM stage.coded_diagnosis AS d"
                " JOIN stage.diagnosis_code AS r ON r.code IS NOT DISTINCT FROM d.code"
                " AND r.name_text IS NOT DISTINCT FROM d.name_text"
                " AND r.version_text IS NOT DISTINCT FROM d.version_text"
                " WHERE d.row_id = ? ORDER BY d.position",
                [n],
            ).fetchall()
        if source in LOOKED_UP:
            sql, key = {
                "npc_icd9cm3": ("stage.operation_code WHERE code_text = ?", "source_code"),
                "npc_drug": ("stage.drug_name WHERE name_text = ?", "source_name"),
                "npc_exam": ("stage.exam_name WHERE exam_text = ?", "source_name"),
                "npc_lab": (
                    "stage.lab_item WHERE item_name = ? AND unit_text IS NOT DISTINCT FROM $2",
                    "source_name",
                ),
            }[source]
            if source == "npc_lab":
                sql = sql.replace("?", "$1")
                return self.con.execute(
                    f"SELECT DISTINCT map_code, FALSE FROM {sql}", [pair[key], pair["unit"]]
                ).fetchall()
            return self.con.execute(
                f"SELECT DISTINCT map_code, FALSE FROM {sql}", [pair[key]]
            ).fetchall()
        return self.con.execute("SELECT normal_code(?), FALSE", [pair["source_code"]]).fetchall()

    def unit(self, pair: dict[str, str]) -> str:
        """The concept of a laboratory item's unit."""
        self.run("stem.unit")
        found = self.con.execute(
            "SELECT u.concept_id FROM stem.unit AS u JOIN stage.lab_item AS i"
            " ON i.map_code = u.code AND i.unit_text = u.unit_text"
            " WHERE u.vocabulary = 'npc_lab' AND i.item_code = ? AND i.unit_text = ?",
            [pair["source_code"], pair["unit"]],
        ).fetchone()
        return str(found[0]) if found and found[0] else "unmapped"

    def found(self, n: int, pair: dict[str, str]) -> str:
        """What the steps and the map make of a pair, as the file writes it."""
        if pair["source_vocabulary_id"] == "npc_unit":
            return self.unit(pair)
        said = []
        for code, is_quarantined in self.resolve(n, pair):
            targets = self.con.execute(
                "SELECT concept_id, status FROM vocabulary.code_map"
                " WHERE source_vocabulary_id = ? AND source_code = ? ORDER BY target_no",
                [pair["source_vocabulary_id"], code],
            ).fetchall()
            if is_quarantined:
                said.append("quarantine")
            elif not targets:
                said.append("unmapped")
            said += [status if not c else str(c) for c, status in targets]
        return "+".join(said)


@pytest.fixture(scope="module")
def resolver(vocabulary: Path) -> Resolver:
    """The steps run once for all pairs."""
    return Resolver(vocabulary)


def test_the_file_is_large_enough_and_says_a_thing_once() -> None:
    assert len(PAIRS) >= 200
    keys = [tuple(p.values())[:4] for p in PAIRS]
    assert len(set(keys)) == len(keys)


def test_every_pair_is_what_its_meaning_says(resolver: Resolver) -> None:
    wrong = []
    for n, pair in enumerate(PAIRS, 1):
        found = resolver.found(n, pair)
        if sorted(found.split("+")) != sorted(pair["expected"].split("+")):
            key = (pair["source_vocabulary_id"], pair["source_code"], pair["source_name"])
            wrong.append((n + 1, *key, f"expected {pair['expected']}", f"found {found}"))
    assert wrong == []


def test_the_names_beside_the_ids_are_the_vocabularys(resolver: Resolver) -> None:
    names = dict(
        resolver.con.execute("SELECT concept_id, concept_name FROM vocabulary.concept").fetchall()
    )
    for pair in PAIRS:
        parts = pair["expected"].split("+")
        said = " + ".join(names[int(p)] if p.isdecimal() else p for p in parts)
        assert pair["expected_name"] == said
