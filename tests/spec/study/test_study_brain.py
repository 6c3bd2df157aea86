"""Symptomatic metastases of the central nervous system (e4)."""

import pytest

BRAIN, HEADACHE, SYMPTOM, MANNITOL, DEXAMETHASONE = (
    36768862,
    378253,
    2000000389,
    2000000059,
    1518254,
)
CISPLATIN = 1397599


@pytest.fixture
def brain(given):
    """Give a brain metastasis: on imaging, or only possible."""

    def give(day="2023-02-10", certainty="definite", kind=32841):
        if certainty == "definite":
            given(
                "cdm.measurement",
                f"""
                person_id | measurement_id | measurement_concept_id | measurement_date | measurement_type_concept_id
                1         | 71             | {BRAIN}                | {day}            | {kind}
                """,
            )
        else:
            nlp(given, 571, BRAIN, day, "Y")

    return give


def nlp(given, one, concept, day, exists):
    """One statement of a note: possible, or denied."""
    given("cdm.note", f"note_id | person_id | note_date\n{one} | 1 | {day}")
    given(
        "cdm.note_nlp",
        f"""
        note_nlp_id | note_id | note_nlp_concept_id | nlp_date | term_exists | term_modifiers
        {one}       | {one}   | {concept}           | {day}    | {exists}    | x certainty={"possible" if exists == "Y" else "negated"}
        """,
    )


def symptom(given, concept, day):
    """One symptom told in a note."""
    given(
        "cdm.condition_occurrence",
        f"""
        person_id | condition_occurrence_id | condition_concept_id | condition_start_date | condition_type_concept_id
        1         | 72                      | {concept}            | {day}                | 32858
        """,
    )


def drug(given, concept, day, number=73):
    """One administration."""
    given(
        "cdm.drug_exposure",
        f"""
        person_id | drug_exposure_id | drug_concept_id | drug_exposure_start_date | drug_type_concept_id
        1         | {number}         | {concept}       | {day}                    | 32818
        """,
    )


def test_no_brain_metastasis_is_not_met_whatever_the_symptoms(given, expect, index_patient):
    symptom(given, HEADACHE, "2023-02-20")
    expect("study.criterion_e4", "answer | value\nnot met | no CNS metastasis on record")


def test_a_code_alone_is_none(given, expect, index_patient, brain):
    brain(kind=32817)
    symptom(given, HEADACHE, "2023-02-20")
    expect("study.criterion_e4", "answer\nnot met")


@pytest.mark.parametrize("concept", [HEADACHE, SYMPTOM])
def test_with_symptoms_it_is_met(given, expect, index_patient, brain, concept):
    brain()
    symptom(given, concept, "2023-02-20")
    expect("study.criterion_e4", "answer | found_on\nmet | 2023-02-10")


def test_symptoms_denied_are_flagged(given, expect, index_patient, brain):
    brain()
    nlp(given, 572, HEADACHE, "2023-02-20", "N")
    expect(
        "study.criterion_e4",
        """
        answer  | value
        not met | flagged: CNS metastasis, symptoms denied
        """,
    )


def test_nothing_said_either_way_is_unknown(expect, index_patient, brain):
    brain()
    expect("study.criterion_e4", "answer\nunknown")


@pytest.mark.parametrize(("day", "answer"), [("2023-03-01", "unknown"), ("2023-03-02", "not met")])
def test_found_on_or_before_the_index(expect, index_patient, brain, day, answer):
    brain(day)
    expect("study.criterion_e4", f"answer\n{answer}")


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2023-01-11", "met"),
        ("2023-01-10", "unknown"),
        ("2023-03-01", "met"),
        ("2023-03-02", "unknown"),
    ],
)
def test_symptoms_from_30_days_before_the_metastasis_to_the_index(
    given, expect, index_patient, brain, day, answer
):
    brain()
    symptom(given, HEADACHE, day)
    expect("study.criterion_e4", f"answer\n{answer}")


@pytest.mark.parametrize("concept", [MANNITOL, DEXAMETHASONE])
@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2023-02-13", "met"),
        ("2023-02-14", "unknown"),  # the day before chemotherapy
        ("2023-02-18", "unknown"),  # three days after it
        ("2023-02-19", "met"),
    ],
)
def test_a_drug_against_oedema_outside_chemotherapy_is_a_symptom(
    given, expect, index_patient, brain, concept, day, answer
):
    brain()
    drug(given, CISPLATIN, "2023-02-15", 74)
    drug(given, concept, day)
    expect("study.criterion_e4", f"answer\n{answer}")


@pytest.mark.parametrize(
    ("exists", "answer"), [("Y", "unknown"), ("N", "not met"), (None, "unknown")]
)
def test_only_possible_is_unknown_unless_symptoms_are_denied(
    given, expect, index_patient, brain, exists, answer
):
    brain(certainty="possible")
    if exists == "Y":
        symptom(given, HEADACHE, "2023-02-20")
    if exists == "N":
        nlp(given, 573, HEADACHE, "2023-02-20", "N")
    expect("study.criterion_e4", f"answer\n{answer}")
