"""Severe organ dysfunction (e6) and serious diseases of other organs (e7)."""

import pytest

KIDNEY, LIVER_FAILURE, INFARCTION, HEART, CIRRHOSIS, EPILEPSY, BIPOLAR, MDS, HYPERTENSION = (
    197320,
    4245975,
    4329847,
    316139,
    4064161,
    380378,
    436665,
    2000000315,
    316866,
)
DIALYSIS, UNFIT = 2000000305, 2000000397


@pytest.fixture
def disease(given):
    """Give one diagnosis."""

    def give(concept, day="2022-12-01", source="-", status="-"):
        given(
            "cdm.condition_occurrence",
            f"""
            person_id | condition_occurrence_id | condition_concept_id | condition_start_date | condition_status_concept_id | condition_source_value
            1         | 81                      | {concept}            | {day}                | {status}                    | {source}
            """,
        )

    return give


@pytest.fixture
def observed(given):
    """Give one observation."""

    def give(concept, day="2022-12-01"):
        given(
            "cdm.observation",
            f"""
            person_id | observation_id | observation_concept_id | observation_date | observation_type_concept_id
            1         | 82             | {concept}              | {day}            | 32858
            """,
        )

    return give


@pytest.fixture
def answers(specification):
    """The answers of e6 and e7."""

    def ask():
        specification.run("study.criterion_e6_e7")
        found = specification.con.execute(
            "SELECT answer FROM study.criterion_e6_e7 ORDER BY criterion"
        ).fetchall()
        return tuple(answer for (answer,) in found)

    return ask


@pytest.mark.parametrize(
    ("concept", "source", "wanted"),
    [
        (KIDNEY, "N17.900", ("met", "met")),
        (LIVER_FAILURE, "K72.900", ("met", "met")),
        (0, "N18.400", ("met", "met")),
        (0, "N18.300", ("not met", "not met")),
        (0, "J96.000", ("met", "met")),
        (INFARCTION, "I21.900", ("not met", "met")),
        (MDS, "D46.900", ("not met", "met")),
        (0, "D61.900", ("not met", "met")),
        (0, "I63.900", ("not met", "met")),
        (BIPOLAR, "F31.900", ("not met", "met")),
        (HEART, "I50.900", ("unknown", "unknown")),  # its class is not on record
        (CIRRHOSIS, "K74.600", ("unknown", "unknown")),
        (EPILEPSY, "G40.900", ("not met", "unknown")),
        (HYPERTENSION, "I10.X00", ("not met", "not met")),
        (320073, "D70.X00", ("not met", "not met")),  # neutropenia
    ],
)
def test_the_diagnosis_decides(index_patient, disease, answers, concept, source, wanted):
    disease(concept, source=source)
    assert answers() == wanted


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("2022-03-01", ("met", "met")),
        ("2022-02-28", ("not met", "met")),
        ("2021-03-01", ("not met", "met")),
        ("2021-02-28", ("not met", "not met")),
        ("2023-03-01", ("met", "met")),
        ("2023-03-02", ("not met", "not met")),
    ],
)
def test_within_twelve_and_within_twenty_four_months(index_patient, disease, answers, day, wanted):
    disease(KIDNEY, day)
    assert answers() == wanted


def test_nothing_on_record_is_not_met(index_patient, answers):
    assert answers() == ("not met", "not met")


def test_a_suspicion_is_not_met_and_flagged(expect, index_patient, disease):
    disease(KIDNEY, status=32899)
    expect(
        "study.criterion_e6_e7",
        """
        criterion | answer  | value
        e6        | not met | flagged: suspicion only
        e7        | not met | flagged: suspicion only
        """,
    )


@pytest.mark.parametrize(
    ("concept", "wanted"), [(DIALYSIS, ("met", "met")), (UNFIT, ("met", "not met"))]
)
def test_dialysis_and_unfitness_are_observations(index_patient, observed, answers, concept, wanted):
    observed(concept)
    assert answers() == wanted


@pytest.mark.parametrize(("day", "answer"), [("2023-03-01", "met"), ("2023-03-02", "not met")])
def test_unfit_on_or_before_the_index(index_patient, observed, answers, day, answer):
    observed(UNFIT, day)
    assert answers()[0] == answer


def test_the_diseases_are_named(expect, index_patient, disease):
    disease(INFARCTION)
    expect(
        "study.criterion_e6_e7",
        """
        criterion | answer  | value                 | found_on
        e6        | not met | none on record        | -
        e7        | met     | Myocardial infarction | 2022-12-01
        """,
    )
