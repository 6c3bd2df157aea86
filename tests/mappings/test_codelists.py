"""The study's codelists and the rules for diagnosis names."""

import re

import duckdb
import pytest


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[str, ...]]:
    return con.execute(sql).fetchall()


def agrees(con: duckdb.DuckDBPyConnection, code: str, name: str) -> bool:
    """What SQL does: the rule of the longest prefix; without a rule the name is believed."""
    rule = con.execute(
        "SELECT required_word_regex, forbidden_word_regex FROM icd10_name_check"
        " WHERE starts_with($1, code_prefix) ORDER BY length(code_prefix) DESC LIMIT 1",
        [code],
    ).fetchone()
    if rule is None:
        return True
    required, forbidden = rule
    return bool(re.search(required, name)) and not (forbidden and re.search(forbidden, name))


def test_both_ids_of_a_drug_with_two_are_listed(written: duckdb.DuckDBPyConnection) -> None:
    pd1 = {r[0] for r in rows(written, "SELECT concept_id FROM codelist WHERE codelist = 'pd1'")}
    assert {42609339, 36848998, 1466158, 36858261} <= pd1


@pytest.mark.parametrize("part", ["pd1", "pd_l1", "ctla4", "bispecific"])
def test_every_checkpoint_antibody_is_a_checkpoint_inhibitor(
    written: duckdb.DuckDBPyConnection, part: str
) -> None:
    missing = rows(
        written,
        f"SELECT name FROM codelist WHERE codelist = '{part}' AND concept_id NOT IN"
        " (SELECT concept_id FROM codelist WHERE codelist = 'checkpoint_inhibitor')",
    )
    assert missing == []


def test_drug_classes_do_not_overlap(written: duckdb.DuckDBPyConnection) -> None:
    twice = rows(
        written,
        "SELECT concept_id FROM codelist"
        " WHERE codelist IN ('pd1', 'pd_l1', 'ctla4', 'bispecific', 'cytotoxic')"
        " GROUP BY concept_id HAVING count(*) > 1",
    )
    assert twice == []


def test_a_thoracic_metastasis_is_a_distant_one(written: duckdb.DuckDBPyConnection) -> None:
    missing = rows(
        written,
        "SELECT name FROM codelist WHERE codelist = 'thoracic_metastasis' AND concept_id NOT IN"
        " (SELECT concept_id FROM codelist WHERE codelist = 'distant_metastasis')",
    )
    assert missing == []


def test_what_the_study_codes_map_to_is_in_its_codelists(
    written: duckdb.DuckDBPyConnection,
) -> None:
    for codes, codelist in [
        ("C11%", "npc_diagnosis"),
        ("C78.0%", "thoracic_metastasis"),
        ("C78.1%", "thoracic_metastasis"),
        ("C78.2%", "thoracic_metastasis"),
        ("C79.3%", "cns_metastasis"),
        ("C78.7%", "liver_metastasis"),
    ]:
        missing = rows(
            written,
            "SELECT source_code FROM code_map WHERE source_vocabulary_id = 'npc_icd10'"
            f" AND source_code LIKE '{codes}' AND concept_id NOT IN"
            f" (SELECT concept_id FROM codelist WHERE codelist = '{codelist}')",
        )
        assert missing == [], codelist


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("C11.900", "鼻咽恶性肿瘤"),
        ("C11.202", "咽隐窝恶性肿瘤"),
        ("C11.900", "鼻咽癌放化疗后肺转移"),
        ("C78.001", "支气管继发恶性肿瘤"),
        ("C78.000", "双肺转移瘤"),
        ("C78.203", "恶性胸腔积液"),
        ("C78.100", "纵膈继发恶性肿瘤"),
        ("C77.103", "纵隔淋巴结继发恶性肿瘤"),
        ("C80.001", "恶性肿瘤恶病质"),
        ("E11.900", "a code without a rule"),
    ],
)
def test_a_name_that_says_the_same_agrees(
    written: duckdb.DuckDBPyConnection, code: str, name: str
) -> None:
    assert agrees(written, code, name)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("C77.105", "锁骨下淋巴结继发恶性肿瘤"),
        ("C78.000", "胸膜继发恶性肿瘤"),
        ("C79.403", "眼继发恶性肿瘤"),
        ("C11.900", "喉恶性肿瘤"),
        ("Z51.003", "恶性肿瘤术后化疗"),
        ("C80.900", "恶病质"),
        ("C80.001", "多处恶性肿瘤"),
    ],
)
def test_a_name_that_says_another_thing_disagrees(
    written: duckdb.DuckDBPyConnection, code: str, name: str
) -> None:
    assert not agrees(written, code, name)


def test_the_collision_table_and_the_name_rules_say_the_same(
    written: duckdb.DuckDBPyConnection,
) -> None:
    for code, version, name, says in rows(written, "SELECT * FROM icd10_collision"):
        assert agrees(written, code, name) == (says == "yes"), (code, version)
