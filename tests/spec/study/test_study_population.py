"""Population and index date: p1 and p2."""

import pytest

NPC = """
    person_id | condition_occurrence_id | condition_concept_id | condition_start_date | condition_status_concept_id
"""
FOUND = """
    person_id | measurement_id | measurement_concept_id | measurement_date | measurement_type_concept_id | value_as_concept_id
"""
GIVEN = """
    person_id | drug_exposure_id | drug_concept_id | drug_exposure_start_date | drug_type_concept_id
"""
ONE_NPC = NPC + "1 | 11 | 36684473 | 2020-05-04 | -"


def test_an_npc_diagnosis_counts_in_any_visit_and_from_its_first_day(given, expect):
    given(
        "cdm.condition_occurrence",
        NPC
        + """
        1 | 11 | 36684473 | 2021-05-04 | 32908
        1 | 12 | 36684473 | 2020-05-04 | -
        2 | 13 | 255573   | 2020-05-04 | -
        """,
    )
    expect(
        "study.npc_patient",
        """
        person_id | condition_occurrence_id | diagnosed_on
        1         | 12                      | 2020-05-04
        """,
    )


def test_a_suspected_npc_diagnosis_never_counts(given, expect):
    given(
        "cdm.condition_occurrence",
        NPC
        + """
        1 | 11 | 36684473 | 2020-05-04 | 32899
        2 | 12 | 36684473 | 2020-05-04 | 32899
        2 | 13 | 36684473 | 2020-06-04 | 32902
        """,
    )
    expect(
        "study.npc_patient",
        """
        person_id | condition_occurrence_id | diagnosed_on
        2         | 13                      | 2020-06-04
        """,
    )


@pytest.mark.parametrize("concept", [36770283, 35225542, 35226258, 35226292])
def test_lung_mediastinum_and_pleura_are_thoracic(given, expect, concept):
    given("cdm.condition_occurrence", ONE_NPC)
    given("cdm.measurement", FOUND + f"1 | 12 | {concept} | 2023-01-10 | 32841 | -")
    expect(
        "study.criterion_p1",
        """
        person_id | answer | found_on
        1         | met    | 2023-01-10
        """,
    )


def test_spread_to_a_node_of_unknown_site_and_other_organs_are_not_thoracic(given, expect):
    given("cdm.condition_occurrence", ONE_NPC)
    given(
        "cdm.measurement",
        FOUND
        + """
        1 | 12 | 36768587 | 2023-01-10 | 32841 | -
        1 | 13 | 36770544 | 2023-01-10 | 32841 | -
        """,
    )
    expect(
        "study.criterion_p1",
        """
        person_id | answer  | value                  | found_on
        1         | not met | no thoracic metastasis | -
        """,
    )


def test_a_metastasis_with_another_value_than_present_is_none(given, expect):
    given("cdm.condition_occurrence", ONE_NPC)
    given(
        "cdm.measurement",
        FOUND
        + """
        1 | 12 | 36770283 | 2023-01-10 | 32841 | 4132135
        1 | 13 | 36770283 | 2023-02-10 | 32841 | 4181412
        """,
    )
    expect(
        "study.criterion_p1",
        """
        person_id | answer | value                      | found_on
        1         | met    | Metastasis to lung, by imaging | 2023-02-10
        """,
    )


def test_a_metastasis_without_an_npc_diagnosis_is_not_looked_at(given, expect):
    given("cdm.measurement", FOUND + "1 | 12 | 36770283 | 2023-01-10 | 32841 | -")
    expect("study.criterion_p1", "person_id | answer")


def test_the_first_metastasis_that_counts_gives_the_date(given, expect):
    given("cdm.condition_occurrence", ONE_NPC)
    given(
        "cdm.measurement",
        FOUND
        + """
        1 | 12 | 36770283 | 2023-01-20 | 32817 | -
        1 | 13 | 36770283 | 2023-01-12 | 32841 | 4181412
        """,
    )
    expect(
        "study.thoracic_metastasis",
        """
        person_id | measurement_id | found_on   | evidence_level
        1         | 13             | 2023-01-12 | imaging
        """,
    )


def test_a_code_with_nothing_in_support_is_not_met(given, expect):
    given("cdm.condition_occurrence", ONE_NPC)
    given("cdm.measurement", FOUND + "1 | 12 | 36770283 | 2023-01-10 | 32817 | -")
    expect(
        "study.criterion_p1",
        """
        person_id | answer  | value
        1         | not met | by code only, nothing in support
        """,
    )


def test_a_setting_lets_a_code_alone_count(given, expect, setting):
    setting(code_only_qualifies=True)
    given("cdm.condition_occurrence", ONE_NPC)
    given("cdm.measurement", FOUND + "1 | 12 | 36770283 | 2023-01-10 | 32817 | -")
    expect("study.criterion_p1", "person_id | answer\n1 | met")


@pytest.mark.parametrize(
    ("told_on", "answer"),
    [("2023-03-11", "met"), ("2023-03-12", "not met"), ("2022-11-11", "met")],
)
def test_a_finding_told_in_a_note_counts_with_a_code_within_60_days(given, expect, told_on, answer):
    given("cdm.condition_occurrence", ONE_NPC)
    given(
        "cdm.measurement",
        FOUND
        + f"""
        1 | 12 | 36770283 | 2023-01-10 | 32817 | -
        1 | 13 | 36770283 | {told_on}  | 32858 | 4181412
        """,
    )
    expect(
        "study.criterion_p1",
        f"""
        person_id | answer   | found_on
        1         | {answer} | {told_on if answer == "met" else "-"}
        """,
    )


@pytest.fixture
def metastasis(given) -> None:
    """NPC, and a lung metastasis on 2023-01-20."""
    given("cdm.condition_occurrence", ONE_NPC)
    given("cdm.measurement", FOUND + "1 | 12 | 36770283 | 2023-01-20 | 32841 | -")


@pytest.mark.parametrize(
    ("pd1_on", "answer"), [("2023-01-06", "met"), ("2023-01-05", "not met"), ("2023-08-01", "met")]
)
def test_the_index_is_at_most_14_days_before_the_metastasis(
    given, expect, metastasis, pd1_on, answer
):
    given(
        "cdm.drug_exposure",
        GIVEN
        + f"""
        1 | 21 | 747052  | {pd1_on} | 32818
        1 | 22 | 1314924 | {pd1_on} | 32818
        """,
    )
    expect(
        "study.criterion_p2",
        f"""
        person_id | answer   | found_on
        1         | {answer} | {pd1_on if answer == "met" else "-"}
        """,
    )


@pytest.mark.parametrize(
    ("chemotherapy_on", "answer"),
    [
        ("2023-02-15", "met"),
        ("2023-02-14", "not met"),
        ("2023-03-15", "met"),
        ("2023-03-16", "not met"),
    ],
)
def test_chemotherapy_is_given_within_14_days_of_the_index(
    given, expect, metastasis, chemotherapy_on, answer
):
    given(
        "cdm.drug_exposure",
        GIVEN
        + f"""
        1 | 21 | 747052  | 2023-03-01        | 32818
        1 | 22 | 1397599 | {chemotherapy_on} | 32818
        """,
    )
    value = "toripalimab with cisplatin"
    if answer == "not met":
        value = "PD-1 inhibitor without chemotherapy near it"
    expect(
        "study.criterion_p2",
        f"""
        person_id | answer   | value
        1         | {answer} | {value}
        """,
    )


def test_the_index_is_the_first_pd1_that_has_chemotherapy(given, expect, metastasis):
    given(
        "cdm.drug_exposure",
        GIVEN
        + """
        1 | 21 | 747052  | 2023-02-01 | 32818
        1 | 22 | 747052  | 2023-03-01 | 32818
        1 | 23 | 1397599 | 2023-03-03 | 32818
        1 | 24 | 1314924 | 2023-03-02 | 32818
        1 | 25 | 747052  | 2023-03-22 | 32818
        1 | 26 | 1314924 | 2023-03-22 | 32818
        """,
    )
    expect(
        "study.index_event",
        """
        person_id | index_on   | pd1_exposure_id | chemotherapy_exposure_id | chemotherapy_on
        1         | 2023-03-01 | 22              | 24                       | 2023-03-02
        """,
    )


def test_a_prescription_is_no_administration(given, expect, metastasis):
    given(
        "cdm.drug_exposure",
        GIVEN
        + """
        1 | 21 | 747052  | 2023-03-01 | 32838
        1 | 22 | 1314924 | 2023-03-01 | 32818
        """,
    )
    expect(
        "study.criterion_p2",
        """
        person_id | answer  | value
        1         | not met | no PD-1 inhibitor since the metastasis
        """,
    )


@pytest.mark.parametrize(
    ("drug", "answer"),
    [
        (2000000019, "met"),  # pucotenlimab, a local concept
        (36848998, "met"),  # tislelizumab, its older second id
        (42629079, "not met"),  # atezolizumab, PD-L1
        (2000000026, "not met"),  # cadonilimab, bispecific
        (35200783, "not met"),  # cemiplimab, not on the study's list
        (40238188, "not met"),  # ipilimumab, CTLA-4
    ],
)
def test_only_the_listed_pd1_inhibitors_start_the_index(given, expect, metastasis, drug, answer):
    given(
        "cdm.drug_exposure",
        GIVEN
        + f"""
        1 | 21 | {drug}     | 2023-03-01 | 32818
        1 | 22 | 2000000001 | 2023-03-01 | 32818
        """,
    )
    expect("study.criterion_p2", f"person_id | answer\n1 | {answer}")


@pytest.mark.parametrize(
    ("name", "drug"), [("pd_l1_starts_index", 42629079), ("bispecific_starts_index", 2000000026)]
)
def test_a_setting_lets_other_antibodies_start_the_index(
    given, expect, setting, metastasis, name, drug
):
    setting(**{name: True})
    given(
        "cdm.drug_exposure",
        GIVEN
        + f"""
        1 | 21 | {drug}  | 2023-03-01 | 32818
        1 | 22 | 1314924 | 2023-03-01 | 32818
        """,
    )
    expect("study.criterion_p2", "person_id | answer\n1 | met")


def test_a_product_counts_as_its_ingredient(given, expect, metastasis):
    given(
        "vocabulary.concept_ancestor",
        """
        ancestor_concept_id | descendant_concept_id
        747052              | 747052
        747052              | 999001
        """,
    )
    given(
        "cdm.drug_exposure",
        GIVEN
        + """
        1 | 21 | 999001  | 2023-03-01 | 32818
        1 | 22 | 1314924 | 2023-03-01 | 32818
        """,
    )
    expect(
        "study.index_event",
        """
        person_id | index_on   | pd1_concept_id | pd1_ingredient
        1         | 2023-03-01 | 999001         | toripalimab
        """,
    )


def test_without_a_thoracic_metastasis_there_is_no_index(given, expect):
    given("cdm.condition_occurrence", ONE_NPC)
    given(
        "cdm.drug_exposure",
        GIVEN
        + """
        1 | 21 | 747052  | 2023-03-01 | 32818
        1 | 22 | 1314924 | 2023-03-01 | 32818
        """,
    )
    expect(
        "study.criterion_p2",
        """
        person_id | answer  | value
        1         | not met | no thoracic metastasis to count from
        """,
    )
