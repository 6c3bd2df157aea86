"""The lint of the curated maps: what a new CSV line must not break."""

import csv
import re
from pathlib import Path

import duckdb
import pytest

from etl.settings import Settings

MAPPINGS = Settings().mappings


# Seen somewhere, but never with id, name and vocabulary together: leads, not facts.
UNVERIFIED = {32740, 32744, 32678, 32890, 32896, 32903, 4037631, 4182948, 36768255, 734306}
UNVERIFIED |= {19112933, 44504495, 44504496, 32689, 1147084}


def ids(con: duckdb.DuckDBPyConnection, sql: str) -> set[int]:
    return {row[0] for row in con.execute(sql).fetchall()}


def targets(con: duckdb.DuckDBPyConnection, vocabulary: str, code: str) -> list[int]:
    """The targets of a code: its own line, else that of its longest prefix."""
    return [
        row[0]
        for row in con.execute(
            "SELECT concept_id FROM code_map WHERE source_vocabulary_id = $1"
            " AND starts_with(normal_code($2), source_code)"
            " QUALIFY rank() OVER (ORDER BY length(source_code) DESC) = 1 ORDER BY target_no",
            [vocabulary, code],
        ).fetchall()
    ]


def test_every_map_is_there(written: duckdb.DuckDBPyConnection) -> None:
    topics = "sex ethnic visit department icd10 icd9cm3 drug lab unit route vital discharge admit"
    topics += " death_cause exam specimen note stage rt_technique value operator condition_status"
    found = written.execute("SELECT DISTINCT source_vocabulary_id FROM code_map").fetchall()
    assert {f"npc_{topic}" for topic in topics.split()} <= {row[0] for row in found}


def test_an_approved_target_has_a_verified_id(written: duckdb.DuckDBPyConnection) -> None:
    unverified = written.execute(
        "SELECT source_vocabulary_id, source_code, concept_id FROM code_map"
        " LEFT JOIN concept_source USING (concept_id)"
        " WHERE status = 'approved' AND coalesce(verify_level, '') NOT IN ('A', 'B')"
    ).fetchall()
    assert unverified == []


def test_no_id_is_only_a_lead(written: duckdb.DuckDBPyConnection) -> None:
    known = ids(written, "SELECT concept_id FROM concept WHERE concept_id < 2000000000")
    assert known & UNVERIFIED == set()
    sourced = ids(written, "SELECT concept_id FROM concept_source")
    assert known - {0} == sourced


def test_a_local_target_is_a_draft(written: duckdb.DuckDBPyConnection) -> None:
    local = written.execute(
        "SELECT DISTINCT status FROM code_map WHERE concept_id >= 2000000000"
    ).fetchall()
    assert local == [("draft",)]


def test_codes_are_spelt_as_the_data_will_be(written: duckdb.DuckDBPyConnection) -> None:
    changed = "SELECT source_code FROM code_map WHERE normal_code(source_code) <> source_code"
    assert written.execute(changed).fetchall() == []


def test_a_target_is_there_once_for_each_code(written: duckdb.DuckDBPyConnection) -> None:
    rows, keys, targets_ = written.execute(
        "SELECT count(*), count(DISTINCT (source_vocabulary_id, source_code, target_no)),"
        " count(DISTINCT (source_vocabulary_id, source_code, concept_id)) FROM code_map"
    ).fetchone() or (0, 1, 2)
    assert rows == keys == targets_


def test_a_secondary_neoplasm_is_a_measurement(written: duckdb.DuckDBPyConnection) -> None:
    domains = written.execute(
        "SELECT DISTINCT domain_id FROM code_map"
        " WHERE source_vocabulary_id = 'npc_icd10' AND source_code SIMILAR TO 'C7[789].*'"
    ).fetchall()
    assert domains == [("Measurement",)]


def test_an_admission_for_treatment_is_no_condition(written: duckdb.DuckDBPyConnection) -> None:
    domains = written.execute(
        "SELECT DISTINCT domain_id, status FROM code_map"
        " WHERE source_vocabulary_id = 'npc_icd10' AND source_code LIKE 'Z51%'"
    ).fetchall()
    assert domains == [("Observation", "draft")]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("C11.900", [36684473]),
        ("C11.201", [36684473]),
        ("C78.000", [36770283]),
        ("C78.001", [36770283]),
        ("C78.201", [35226258]),
        ("C77.103", [36768587, 35225542]),
        ("C79.500x001", [36769301]),
        ("D70.x04", [435224]),
        ("D70.x00", [320073]),
        ("J18.900", [2000000320]),
        ("C77.000", [36768587]),
        ("C77.200", [36768587, 2000000306]),
        ("I10.x00x002", [316866]),
    ],
)
def test_a_hospital_code_takes_its_longest_prefix(
    written: duckdb.DuckDBPyConnection, code: str, expected: list[int]
) -> None:
    assert targets(written, "npc_icd10", code) == expected


def test_giga_and_gram_per_litre_are_kept_apart_by_the_item(
    written: duckdb.DuckDBPyConnection,
) -> None:
    assert targets(written, "npc_unit", "WBC:G/L") == [9444]
    assert targets(written, "npc_unit", "g/L") == [8636]


@pytest.mark.parametrize(
    "unit", ["10^9/L", "10*9/L", "10⁹/L", "×10E9/L", "×10^9/L", "１０＾９/Ｌ".replace("＾", "^")]
)
def test_a_cell_count_has_one_unit_however_it_is_spelt(
    written: duckdb.DuckDBPyConnection, unit: str
) -> None:
    assert targets(written, "npc_unit", unit) == [9444]


def test_ebv_dna_in_copies_and_in_units_are_two_things(
    written: duckdb.DuckDBPyConnection,
) -> None:
    assert targets(written, "npc_lab", "EBV-DNA") == [3050079]
    assert targets(written, "npc_lab", "EBV-DNA:IU/mL") == [3043849]


def test_admission_routes_are_swapped_between_the_systems(
    written: duckdb.DuckDBPyConnection,
) -> None:
    assert targets(written, "npc_admit", "WS445:1") == targets(written, "npc_admit", "HQMS:2")
    assert targets(written, "npc_admit", "WS445:2") == targets(written, "npc_admit", "HQMS:1")


def test_a_lab_code_and_its_name_agree(written: duckdb.DuckDBPyConnection) -> None:
    apart = written.execute(
        "SELECT source_name FROM code_map"
        " WHERE source_vocabulary_id = 'npc_lab' AND source_code NOT LIKE '%:%'"
        " GROUP BY source_name HAVING count(DISTINCT concept_id) > 1"
    ).fetchall()
    assert apart == []


@pytest.mark.parametrize(
    "path", sorted((MAPPINGS / "concepts").glob("*.csv")), ids=lambda p: p.stem
)
def test_a_map_is_sorted_by_code_and_says_nothing_twice(path: Path) -> None:
    _, *lines = csv.reader(path.read_text(encoding="utf-8").splitlines())
    codes = [line[0] for line in lines]
    assert codes == sorted(codes)
    said = [(line[0], line[4]) for line in lines]
    assert len(set(said)) == len(said)


def test_a_rule_or_a_codelist_says_nothing_twice() -> None:
    for path in (MAPPINGS / "codelists").glob("*.csv"):
        _, *lines = csv.reader(path.read_text(encoding="utf-8").splitlines())
        keys = [tuple(line[:1] + line[2:3] if line[0].isdecimal() else line[:2]) for line in lines]
        assert len(set(keys)) == len(keys), path.name


def test_a_mapped_code_is_standard_and_valid_under_the_vocabularys_name(
    written: duckdb.DuckDBPyConnection,
) -> None:
    wrong = written.execute(
        "SELECT m.source_vocabulary_id, m.source_code FROM code_map AS m"
        " LEFT JOIN concept AS c ON c.concept_id = m.concept_id"
        " WHERE m.status <> 'no_match' AND (c.concept_id IS NULL OR c.standard_concept <> 'S'"
        " OR c.invalid_reason IS NOT NULL OR c.concept_name <> m.concept_name"
        " OR c.domain_id <> m.domain_id)"
    ).fetchall()
    assert wrong == []


def test_every_secondary_neoplasm_is_in_a_codelist(written: duckdb.DuckDBPyConnection) -> None:
    missing = written.execute(
        "SELECT source_code, concept_name FROM code_map WHERE source_vocabulary_id = 'npc_icd10'"
        " AND source_code SIMILAR TO 'C7[789].*' AND concept_id NOT IN (SELECT concept_id"
        " FROM codelist WHERE codelist IN ('distant_metastasis', 'node_metastasis'))"
    ).fetchall()
    assert missing == []


def test_a_neck_node_is_not_distant_and_a_node_below_the_neck_is(
    written: duckdb.DuckDBPyConnection,
) -> None:
    distant = ids(written, "SELECT concept_id FROM codelist WHERE codelist = 'distant_metastasis'")
    assert not set(targets(written, "npc_icd10", "C77.0")) & distant
    for code in ("C77.1", "C77.2", "C77.3", "C77.4", "C77.5"):
        assert set(targets(written, "npc_icd10", code)) & distant, code
    assert not set(targets(written, "npc_icd10", "C77.9")) & distant


@pytest.mark.parametrize("code", ["Z85.804", "Z92.300", "Z92.600", "Z51.103", "Z08.000"])
def test_a_history_or_an_admission_is_an_observation(
    written: duckdb.DuckDBPyConnection, code: str
) -> None:
    found = targets(written, "npc_icd10", code)
    domains = written.execute(
        "SELECT DISTINCT domain_id FROM concept WHERE concept_id IN (SELECT unnest(?))", [found]
    ).fetchall()
    assert domains == [("Observation",)]


def test_every_code_that_a_codelist_names_is_mapped(written: duckdb.DuckDBPyConnection) -> None:
    named = written.execute(
        "SELECT DISTINCT code, CASE WHEN code SIMILAR TO '[A-Z][0-9]{2}.*' THEN 'npc_icd10'"
        " ELSE 'npc_icd9cm3' END FROM codelist"
        " WHERE concept_id = 0 AND code SIMILAR TO '([A-Z]|[0-9])[0-9][0-9.].*'"
        " AND codelist NOT LIKE '%histology'"  # morphologies of ICD-O-3, read as they are
    ).fetchall()
    assert named
    assert [code for code, source in named if not any(targets(written, source, code))] == []


def test_a_stand_in_says_so(written: duckdb.DuckDBPyConnection) -> None:
    """What nobody decided against must not keep Athena's concept out."""
    for name in ("npc_icd10", "npc_icd9cm3"):
        text = (MAPPINGS / "concepts" / f"{name}.csv").read_text(encoding="utf-8")
        for line in csv.DictReader(text.splitlines()):
            says = "starter set" in line["note"] or "no verified" in line["note"]
            assert not says or "until Athena" in line["note"], line["source_code"]


def test_maps_hold_no_line_breaks_and_no_spaces_at_the_ends() -> None:
    for path in MAPPINGS.glob("*/*.csv"):
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines()):
            for field in row:
                assert field == field.strip(), path.name
                assert not re.search(r"[\x00-\x1f]", field), path.name
