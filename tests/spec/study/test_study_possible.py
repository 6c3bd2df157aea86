"""Metastases that are only possible, denied, of another cancer, or beside a lung cancer (p1)."""

import pytest

NPC = """
    person_id | condition_occurrence_id | condition_concept_id | condition_start_date | condition_type_concept_id | condition_source_value
    1         | 11                      | 36684473             | 2020-05-04           | 32817                     | C11.900
"""
FOUND = """
    person_id | measurement_id | measurement_concept_id | measurement_date | measurement_type_concept_id | measurement_event_id | meas_event_field_concept_id
"""
GIVEN = """
    person_id | drug_exposure_id | drug_concept_id | drug_exposure_start_date | drug_type_concept_id
    1         | 21               | 747052          | {day}                    | 32818
    1         | 22               | 1314924         | {day}                    | 32818
"""
LUNG, MEDIASTINUM, LIVER = 36770283, 35225542, 36770544


@pytest.fixture
def said(given):
    """Give one finding of a report: `said(LUNG, "2023-01-20", "possible")`."""
    number = iter(range(500, 600))

    def give(concept, day, certainty, exists="Y"):
        one = next(number)
        given("cdm.note", f"note_id | person_id | note_date\n{one} | 1 | {day}")
        given(
            "cdm.note_nlp",
            f"""
            note_nlp_id | note_id | note_nlp_concept_id | nlp_date | term_exists | term_modifiers                        | lexical_variant | offset
            {one}       | {one}   | {concept}           | {day}    | {exists}    | finding=nodule certainty={certainty}  | 右肺结节        | 5
            """,
        )

    return give


@pytest.mark.parametrize("concept", [LUNG, MEDIASTINUM])
def test_only_possible_is_unknown(given, expect, said, concept):
    given("cdm.condition_occurrence", NPC)
    said(concept, "2023-01-20", "possible")
    expect("study.criterion_p1", "person_id | answer | found_on\n1 | unknown | 2023-01-20")


def test_a_code_does_not_make_a_possible_finding_probable(given, expect, said):
    given("cdm.condition_occurrence", NPC)
    given("cdm.measurement", FOUND + f"1 | 12 | {LUNG} | 2023-01-20 | 32817 | - | -")
    said(LUNG, "2023-01-20", "possible")
    expect("study.criterion_p1", "answer\nunknown")


def test_an_at_least_probable_finding_decides_beside_a_possible_one(given, expect, said):
    given("cdm.condition_occurrence", NPC)
    given("cdm.measurement", FOUND + f"1 | 12 | {LUNG} | 2023-02-20 | 32841 | - | -")
    said(LUNG, "2023-01-20", "possible")
    expect("study.criterion_p1", "answer | found_on\nmet | 2023-02-20")


@pytest.mark.parametrize(
    ("concept", "certainty", "exists"),
    [(LIVER, "possible", "Y"), (LUNG, "negated", "N"), (0, "possible", "Y")],
)
def test_another_organ_or_a_denied_finding_is_not_met(
    given, expect, said, concept, certainty, exists
):
    given("cdm.condition_occurrence", NPC)
    said(concept, "2023-01-20", certainty, exists)
    expect("study.criterion_p1", "answer\nnot met")


def test_a_biopsy_counts_by_itself(given, expect):
    given("cdm.condition_occurrence", NPC)
    given("cdm.measurement", FOUND + f"1 | 12 | {LUNG} | 2023-01-20 | 32835 | - | -")
    expect("study.criterion_p1", "answer | value\nmet | Metastasis to lung, by pathology")


def test_beside_a_proven_lung_cancer_a_possible_metastasis_is_not_met(given, expect, said):
    given("cdm.condition_occurrence", NPC + "1 | 13 | 443392 | 2022-05-04 | 32835 | 8140/3-C34.1")
    said(LUNG, "2023-01-20", "possible")
    expect(
        "study.criterion_p1",
        """
        answer  | value
        not met | proven lung cancer, no metastasis at least probable
        """,
    )


def test_a_coded_lung_cancer_is_not_proven(given, expect, said):
    given("cdm.condition_occurrence", NPC + "1 | 13 | 443392 | 2022-05-04 | 32817 | C34.100")
    said(LUNG, "2023-01-20", "possible")
    expect("study.criterion_p1", "answer\nunknown")


@pytest.mark.parametrize(
    ("concept", "source", "answer"),
    [
        (443392, "C50.900", "not met"),
        (36684473, "C11.900", "met"),
        (36535765, "8260/3-C11.9", "met"),  # adenocarcinoma of the nasopharynx
    ],
)
def test_a_metastasis_of_another_cancer_is_none(given, expect, concept, source, answer):
    given("cdm.condition_occurrence", NPC + f"1 | 13 | {concept} | 2022-05-04 | 32817 | {source}")
    given("cdm.measurement", FOUND + f"1 | 12 | {LUNG} | 2023-01-20 | 32841 | 13 | 1147127")
    expect("study.criterion_p1", f"answer\n{answer}")


@pytest.mark.parametrize(("day", "answer"), [("2023-01-06", "met"), ("2023-01-05", "not met")])
def test_the_index_is_counted_from_the_possible_finding(given, expect, said, day, answer):
    given("cdm.condition_occurrence", NPC)
    said(LUNG, "2023-01-20", "possible")
    given("cdm.drug_exposure", GIVEN.format(day=day))
    expect("study.criterion_p2", f"answer\n{answer}")


def test_a_possible_metastasis_with_an_index_date_goes_to_review(given, expect, said):
    given("cdm.condition_occurrence", NPC)
    given("cdm.person", "person_id | year_of_birth | gender_concept_id\n1 | 1970 | 8507")
    said(LUNG, "2023-01-20", "possible")
    given("cdm.drug_exposure", GIVEN.format(day="2023-02-01"))
    expect("study.npc_lung_pd1_candidate", "eligible | index_on\nreview | 2023-02-01")


def test_without_a_pd1_inhibitor_nothing_is_left_to_review(given, expect, said):
    given("cdm.condition_occurrence", NPC)
    said(LUNG, "2023-01-20", "possible")
    expect("study.npc_lung_pd1_candidate", "eligible | unknown_criteria\nno | p1")


def test_the_evidence_is_the_note_and_the_place_in_it(given, specification, said):
    given("cdm.condition_occurrence", NPC)
    said(LUNG, "2023-01-20", "possible")
    specification.run("study.npc_lung_pd1_evidence")
    found = specification.con.execute(
        "SELECT cdm_id, value, note_id, span_start, span_text FROM study.npc_lung_pd1_evidence"
        " WHERE cdm_table = 'note_nlp'"
    ).fetchall()
    assert found == [(500, "only possible", 500, 5, "右肺结节")]
