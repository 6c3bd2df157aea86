"""What counts as mapped, and on whose word."""

from pathlib import Path

import duckdb
import pytest

from etl.engine.duckdb import connect
from etl.quality.coverage import Coverage, by_vocabulary, coverage, report, summed
from etl.quality.coverage_text import coverage_text, share
from etl.quality.listed_code import listed_codes
from etl.quality.unmapped import unmapped
from etl.settings import Settings

MAP = """
    ('npc_icd10', 'C11.9', 0, 36684473,   'approved'),
    ('npc_icd10', 'J84',   0, 4119786,    'draft'),
    ('npc_icd10', 'Z51.1', 0, 2000000300, 'draft'),
    ('npc_icd10', 'C34.9', 0, 258369,     'vocabulary'),
    ('npc_icd10', 'K74.0', 0, 0,          'no_match'),
    ('npc_icd10', 'C77.2', 0, 36768587,   'draft'),
    ('npc_icd10', 'C77.2', 1, 2000000306, 'draft'),
    ('npc_unit',  'G/L',   0, 8636,       'approved')
"""
EVENTS = """
    ('npc_icd10', 'C11.9', 'C11.900', 36684473,   'Condition',   1, NULL, NULL,  NULL),
    ('npc_icd10', 'C11.9', 'C11.9',   36684473,   'Condition',   2, NULL, NULL,  NULL),
    ('npc_icd10', 'J84',   'J84',     4119786,    'Condition',   2, NULL, NULL,  NULL),
    ('npc_icd10', 'Z51.1', 'Z51.103', 2000000300, 'Observation', 2, NULL, NULL,  NULL),
    ('npc_icd10', 'C34.9', 'C34.900', 258369,     'Condition',   2, NULL, NULL,  NULL),
    ('npc_icd10', 'K74.0', 'K74.000', 0,          'Condition',   2, NULL, NULL,  NULL),
    ('npc_icd10', 'Q99',   'Q99',     0,          'Condition',   2, NULL, NULL,  NULL),
    ('npc_icd10', NULL,    'C78.101', 0,          'Condition',   2, NULL, NULL,  NULL),
    ('npc_icd10', 'C77.2', 'C77.200', 36768587,   'Measurement', 2, NULL, NULL,  NULL),
    ('npc_icd10', 'C77.2', 'C77.200', 2000000306, 'Measurement', 2, NULL, NULL,  NULL),
    ('npc_lab',   'HGB',   'HGB',     0,          'Measurement', 2, NULL, 'g/L', 8636),
    ('npc_lab',   'HGB',   'HGB',     0,          'Measurement', 2, NULL, '?',   NULL),
    ('npc_drug',  'X',     'X',       0,          NULL,          2, 'never executed', NULL, NULL)
"""
LISTS = """
    ('pd1',          747052,     NULL),
    ('local',        2000000001, 'lobaplatin'),
    ('lung_primary', 0,          'C34.9'),
    ('suspect',      0,          'K74.0'),
    ('suspect',      0,          'Q99'),
    ('rt_site',      0,          '鼻咽')
"""
TABLES = {
    "vocabulary/code_map": (
        MAP,
        "source_vocabulary_id, source_code, target_no, concept_id, status",
    ),
    "vocabulary/codelist": (LISTS, "codelist, concept_id, code"),
    "stem/event": (
        EVENTS,
        "vocabulary, code, source_value, concept_id, domain_id, person_id, not_carried_reason,"
        " unit_text, unit_concept_id",
    ),
    "cdm/person": (
        "(1, '1', 8507), (2, '9', 0)",
        "person_id, gender_source_value, gender_concept_id",
    ),
}


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A finished run in small."""
    for path, (values, names) in TABLES.items():
        select = f"SELECT * FROM (VALUES {values}) AS t({names})"
        if path == "stem/event":
            nothing = "NULL AS route_text, NULL AS route_concept_id, NULL AS status_code"
            select = f"SELECT *, {nothing}, NULL AS status_concept_id FROM ({select})"
        if path == "cdm/person":
            select = f"SELECT *, NULL AS race_source_value, 0 AS race_concept_id FROM ({select})"
        (tmp_path / path).parent.mkdir(exist_ok=True)
        duckdb.sql(f"COPY ({select}) TO '{tmp_path / path}.parquet' (FORMAT parquet)")
    return tmp_path


@pytest.fixture
def rows(lake: Path) -> dict[tuple[str, str], Coverage]:
    """Its coverage by vocabulary and domain."""
    with connect(Settings(home=lake / "home")) as con:
        return {(row.source_vocabulary, row.domain): row for row in coverage(con, lake)}


def test_every_row_counts_once_as_what_its_mapping_is(
    rows: dict[tuple[str, str], Coverage],
) -> None:
    assert rows["npc_icd10", "Condition"] == Coverage(
        source_vocabulary="npc_icd10",
        domain="Condition",
        codes=7,
        codes_mapped=4,
        rows=7,
        approved=2,
        draft=1,
        local=0,
        vocabulary=1,
        no_match=1,
        unmapped=2,
        by_prefix=2,
    )
    for row in rows.values():
        assert row.mapped + row.no_match + row.unmapped == row.rows


def test_a_decision_that_nothing_fits_is_no_mapping(
    rows: dict[tuple[str, str], Coverage],
) -> None:
    found = summed([rows["npc_icd10", "Condition"]])
    assert (found["mapped"], found["no_match"]) == (4, 1)
    assert found["mapped_share"] == pytest.approx(4 / 7)
    assert found["decided_share"] == pytest.approx(5 / 7)


def test_a_local_concept_is_shown_apart(rows: dict[tuple[str, str], Coverage]) -> None:
    stations = rows["npc_icd10", "Measurement"]
    assert (stations.draft, stations.local, stations.mapped) == (1, 1, 2)
    assert summed([stations])["standard_share"] == pytest.approx(0.5)


def test_what_is_not_carried_is_not_counted(rows: dict[tuple[str, str], Coverage]) -> None:
    assert not [key for key in rows if key[0] == "npc_drug"]


def test_units_and_other_coded_fields_count_too(rows: dict[tuple[str, str], Coverage]) -> None:
    assert (rows["npc_unit", "Unit"].approved, rows["npc_unit", "Unit"].unmapped) == (1, 1)
    assert (rows["npc_sex", "Gender"].mapped, rows["npc_sex", "Gender"].unmapped) == (1, 1)


def test_codes_that_codelists_name_are_looked_up_and_words_are_not(lake: Path) -> None:
    with connect(Settings(home=lake / "home")) as con:
        assert listed_codes(con, lake) == [
            ("lung_primary", "C34.9", "vocabulary"),
            ("suspect", "K74.0", "no_match"),
            ("suspect", "Q99", "unmapped"),
        ]


def test_the_report_sums_the_study_apart_from_the_fields(lake: Path) -> None:
    with connect(Settings(home=lake / "home")) as con:
        found = report(con, lake)
    assert found["all"]["rows"] == 16
    assert found["study"]["rows"] == 12
    assert found["codelist_codes"]["mapped"] == 1
    lines = [line.split() for line in coverage_text(found).splitlines()]
    assert ["suspect", "K74.0", "no_match"] in lines
    assert ["suspect", "Q99", "unmapped"] in lines


def test_a_share_is_never_rounded_up_to_the_bar() -> None:
    assert share(0.99499) == "99.49 %"
    assert share(1.0) == "100.00 %"


def test_a_runs_summary_counts_by_vocabulary(rows: dict[tuple[str, str], Coverage]) -> None:
    found = {c["source_vocabulary"]: c for c in by_vocabulary(rows.values())}
    assert found["npc_icd10"] == {"source_vocabulary": "npc_icd10", "events": 10, "mapped": 7}


def test_the_unmapped_list_tells_a_quarantine_from_an_oversight(lake: Path) -> None:
    with connect(Settings(home=lake / "home")) as con:
        found = {(u.source_value, u.decision) for u in unmapped(con, lake)}
    assert {
        ("C78.101", "quarantined"),
        ("Q99", "unmapped"),
        ("K74.000", "no_match"),
        ("HGB", "unmapped"),
    } == found
