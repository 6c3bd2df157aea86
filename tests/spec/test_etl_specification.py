"""`docs/etl-specification.md` is complete, current and readable."""

import re

import pytest

from etl.engine.plan import Step, read_steps
from etl.errors import PlanError
from etl.specification import document
from etl.specification.example import cases, example
from etl.specification.origin import Origins
from etl.specification.page import cell, titles
from etl.specification.rule import rules
from etl.warehouse import spec
from tests.spec.conftest import CONTRACTS

RAW = {
    "raw.ZD_ZDJL": {"row_id": "BIGINT", "JZLSH": "VARCHAR", "ZDBM": "VARCHAR"},
    "raw.LIS_JG": {"row_id": "BIGINT", "JZLSH": "VARCHAR", "JG": "VARCHAR", "JG_2": "VARCHAR"},
    "vocabulary.code_map": {
        "source_vocabulary_id": "VARCHAR",
        "source_code": "VARCHAR",
        "concept_id": "INTEGER",
        "domain_id": "VARCHAR",
    },
}
STEPS = [
    Step("stage", "visit_link", "SELECT JZLSH AS visit_key, row_id AS visit_id FROM raw.LIS_JG"),
    Step(
        "stem",
        "diagnosis",
        "SELECT 3 AS source_no, d.row_id, 'Condition' AS domain_id, 'npc_icd10' AS vocabulary,"
        " d.ZDBM AS code, NULL AS value, link.visit_id FROM raw.ZD_ZDJL AS d"
        " LEFT JOIN stage.visit_link AS link ON link.visit_key = d.JZLSH",
    ),
    Step(
        "stem",
        "lab_result",
        "SELECT 10 AS source_no, r.row_id, 'Measurement' AS domain_id, 'npc_lab' AS vocabulary,"
        " r.JG AS code, CASE WHEN r.JG_2 = '' THEN '0' ELSE r.JG END AS value, -- the text\n"
        " NULL AS visit_id FROM raw.LIS_JG AS r",
    ),
    Step(
        "stem",
        "event",
        "WITH e AS (SELECT * FROM stem.diagnosis UNION ALL BY NAME SELECT * FROM stem.lab_result)"
        " SELECT e.row_id, e.value, e.visit_id, coalesce(m.concept_id, 0) AS concept_id,"
        " coalesce(m.domain_id, e.domain_id) AS domain_id FROM e"
        " LEFT JOIN vocabulary.code_map AS m"
        " ON m.source_vocabulary_id = e.vocabulary AND m.source_code = e.code",
    ),
    Step(
        "cdm",
        "condition_occurrence",
        "SELECT row_id, concept_id, visit_id FROM stem.event WHERE domain_id = 'Condition'",
    ),
    Step(
        "cdm",
        "measurement",
        "SELECT row_id, concept_id, value FROM stem.event WHERE domain_id = 'Measurement'",
    ),
    Step(
        "cdm",
        "observation",
        "SELECT row_id FROM stem.event WHERE domain_id NOT IN ('Condition', 'Measurement')",
    ),
]


@pytest.fixture(scope="module")
def origins():
    """Two kinds of events; a diagnosis may map to a Measurement, as secondary neoplasms do."""
    return Origins(STEPS, RAW, {"npc_icd10": frozenset({"Condition", "Measurement"})})


def test_the_specification_is_what_the_project_says_now():
    written = document.FILE.read_text(encoding="utf-8") if document.FILE.exists() else ""
    if document.specification() != written:
        pytest.fail(f"docs/{document.FILE.name} is stale: run `{document.COMMAND}`", pytrace=False)


def test_every_table_is_filled_by_a_step_or_listed_with_a_reason_and_never_both():
    filled = {step.name for step in read_steps() if step.layer == "cdm"}
    empty = set(document.empty_tables())
    assert not filled & empty, "filled now: take it off etl/sql/cdm/empty.yaml"
    assert set(spec.CDM_TABLES) - filled - empty == set(), "no step: say why in empty.yaml"
    assert len(spec.CDM_TABLES) + len(spec.VOCABULARY_TABLES) + len(spec.RESULTS_TABLES) == 39


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("no_table: a long enough reason", "no_table: is no table of CDM 5.4"),
        ("cost: none", "cost: write the reason"),
    ],
)
def test_a_wrong_line_of_the_empty_tables_is_named(tmp_path, written, message):
    (tmp_path / "empty.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(PlanError, match=message):
        document.empty_tables(tmp_path / "empty.yaml")


def test_a_field_comes_from_the_code_that_its_map_is_asked_for(origins):
    found = origins.leaves("cdm.condition_occurrence", "concept_id")
    assert ("raw.ZD_ZDJL", "ZDBM") in found


def test_an_event_comes_only_from_the_tables_that_can_reach_its_domain(origins):
    row_ids = {
        table: {leaf[0] for leaf in origins.leaves(table, "row_id")}
        for table in ("cdm.condition_occurrence", "cdm.measurement", "cdm.observation")
    }
    assert row_ids == {
        "cdm.condition_occurrence": {"raw.ZD_ZDJL"},
        "cdm.measurement": {"raw.ZD_ZDJL", "raw.LIS_JG"},
        "cdm.observation": set(),
    }


def test_a_visit_comes_from_the_key_by_which_it_is_found(origins):
    found = origins.leaves("cdm.condition_occurrence", "visit_id")
    assert ("raw.ZD_ZDJL", "JZLSH") in found


def test_a_rule_is_the_first_expression_that_does_something_and_the_comment_beside_it(origins):
    [rule] = rules(origins, "cdm.measurement", "value")
    assert rule.sql == "CASE WHEN LIS_JG.JG_2 = '' THEN '0' ELSE LIS_JG.JG END"
    assert rule.comment == "the text"
    [rule] = rules(origins, "cdm.condition_occurrence", "concept_id")
    assert rule.words == "map `npc_icd10` of `code`, else `0`"


def test_an_example_takes_the_given_row_that_the_event_id_names(tmp_path):
    (tmp_path / "test_condition_occurrence.py").write_text(
        '''
def test_one(given, expect):
    given("raw.ZD_ZDJL", """
        JZLSH | ZDBM
        V1    | Z51.103
        V1    | C11.900
        """)
    expect("cdm.condition_occurrence", """
        condition_occurrence_id | condition_concept_id
        203000                  | 36684473
        """)
''',
        encoding="utf-8",
    )
    found = example(
        cases(tmp_path),
        "cdm.condition_occurrence",
        "condition_concept_id",
        {("raw.ZD_ZDJL", "ZDBM")},
        {"raw.ZD_ZDJL": 3},
    )
    assert found is not None
    assert (found.cells, found.value) == ((("ZDBM", "C11.900"),), "36684473")


def test_a_series_of_columns_is_one_line_with_its_chinese_name():
    leaves = {("raw.BA_SY", f"JBDM{n}") for n in range(1, 16)}
    assert titles(CONTRACTS, leaves) == ["`BA_SY.JBDM1`–`15` 其他诊断编码"]


def test_a_bar_in_a_regular_expression_does_not_end_its_cell():
    assert cell("`[?？]|待排`") == "`[?？]\\|待排`"


def test_every_line_of_a_table_has_as_many_cells_as_its_header():
    width = 0
    for line in document.FILE.read_text(encoding="utf-8").splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert not (cells and width and cells != width), line[:80]
        width = cells


def test_every_field_of_every_filled_table_is_named():
    text = document.FILE.read_text(encoding="utf-8")
    for step in read_steps():
        if step.layer == "cdm":
            section = text.split(f"\n### {step.name}\n")[1].split("\n### ")[0]
            missing = [c.name for c in spec.columns(step.name) if f"`{c.name}`" not in section]
            assert not missing, f"{step.table}: {missing}"


def test_every_link_leads_somewhere():
    text = document.FILE.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    anchors = {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors
    files = set(re.findall(r"\]\((\.\.[^)]+)\)", text))
    assert [file for file in files if not (document.FILE.parent / file).exists()] == []
