"""Pneumonitis needing glucocorticoids, or autoimmune disease under treatment (e5)."""

import datetime

import pytest

PNEUMONITIS, IMMUNE, INFECTIOUS, LUPUS = 253506, 4112813, 2000000320, 257628
METHYLPREDNISOLONE, PREDNISONE, DEXAMETHASONE, HYDROXYCHLOROQUINE = (
    1506270,
    1551099,
    1518254,
    2000000035,
)
INTRAVENOUS, ORAL, INHALED = 4171047, 4132161, 45956874


@pytest.fixture
def disease(given):
    """Give one diagnosis."""

    def give(concept, day="2022-10-01", status="-", source="-"):
        given(
            "cdm.condition_occurrence",
            f"""
            person_id | condition_occurrence_id | condition_concept_id | condition_start_date | condition_status_concept_id | condition_source_value
            1         | 81                      | {concept}            | {day}                | {status}                    | {source}
            """,
        )

    return give


@pytest.fixture
def daily(given):
    """Give a drug once a day: `daily(PREDNISONE, 10, "2022-10-01", 7)`."""
    number = iter(range(100, 900))

    def give(drug, mg, first, days, route=ORAL, premedication=False):
        for offset in range(days):
            one = next(number)
            day = datetime.date.fromisoformat(first) + datetime.timedelta(days=offset)
            given(
                "cdm.drug_exposure",
                f"""
                person_id | drug_exposure_id | drug_concept_id | drug_exposure_start_date | drug_exposure_end_date | drug_type_concept_id | quantity | route_concept_id
                1         | {one}            | {drug}          | {day}                    | {day}                  | 32818                | {mg}     | {route}
                """,
            )
            if premedication:
                given(
                    "cdm.observation",
                    f"""
                    person_id | observation_id | observation_concept_id | observation_date | observation_event_id | obs_event_field_concept_id
                    1         | {one}          | 2000000240             | {day}            | {one}                | 1147094
                    """,
                )

    return give


def told_steroid(given, noted, date="-"):
    """A note tells a systemic glucocorticoid."""
    given(
        "cdm.observation",
        f"""
        person_id | observation_id | observation_concept_id | observation_date | observation_type_concept_id | value_as_string
        1         | 950            | 2000000390             | {noted}          | 32858                       | {date}
        """,
    )


@pytest.mark.parametrize(("mg", "answer"), [(10, "met"), (9.9, "not met")])
@pytest.mark.parametrize("concept", [PNEUMONITIS, IMMUNE])
def test_at_least_10_mg_of_prednisone_a_day(
    expect, index_patient, disease, daily, concept, mg, answer
):
    disease(concept)
    daily(PREDNISONE, mg, "2022-10-02", 7)
    expect("study.criterion_e5", f"answer\n{answer}")


@pytest.mark.parametrize(
    ("drug", "mg", "answer"),
    [
        (METHYLPREDNISOLONE, 8, "met"),
        (METHYLPREDNISOLONE, 7.9, "not met"),
        (DEXAMETHASONE, 1.5, "met"),
        (DEXAMETHASONE, 1.4, "not met"),
        (975125, 40, "met"),
        (975125, 39, "not met"),
        (PREDNISONE, "-", "unknown"),
    ],
)
def test_other_glucocorticoids_by_their_equivalent(
    expect, index_patient, disease, daily, drug, mg, answer
):
    disease(PNEUMONITIS)
    daily(drug, mg, "2022-10-02", 7)
    expect("study.criterion_e5", f"answer\n{answer}")


@pytest.mark.parametrize(("days", "answer"), [(7, "met"), (6, "not met")])
def test_at_least_seven_days(expect, index_patient, disease, daily, days, answer):
    disease(PNEUMONITIS)
    daily(PREDNISONE, 30, "2022-10-02", days)
    expect("study.criterion_e5", f"answer\n{answer}")


@pytest.mark.parametrize(("resumed", "answer"), [("2022-10-06", "met"), ("2022-10-07", "not met")])
def test_one_day_without_a_record_does_not_end_a_run(
    expect, index_patient, disease, daily, resumed, answer
):
    disease(PNEUMONITIS)
    daily(PREDNISONE, 30, "2022-10-02", 3)
    daily(PREDNISONE, 30, resumed, 4)
    expect("study.criterion_e5", f"answer\n{answer}")


def test_half_the_dose_twice_a_day_is_one_dose(expect, index_patient, disease, daily):
    disease(PNEUMONITIS)
    daily(PREDNISONE, 5, "2022-10-02", 7)
    daily(PREDNISONE, 5, "2022-10-02", 7)
    expect("study.criterion_e5", "answer\nmet")


@pytest.mark.parametrize(
    ("began", "answer"),
    [
        ("2022-09-28", "met"),
        ("2022-09-27", "not met"),
        ("2022-10-31", "met"),
        ("2022-11-01", "not met"),
    ],
)
def test_begun_around_the_pneumonitis(expect, index_patient, disease, daily, began, answer):
    disease(PNEUMONITIS)
    daily(PREDNISONE, 30, began, 10)
    expect("study.criterion_e5", f"answer\n{answer}")


@pytest.mark.parametrize(("day", "answer"), [("2023-02-28", "met"), ("2023-03-01", "not met")])
def test_pneumonitis_before_the_index(expect, index_patient, disease, daily, day, answer):
    disease(PNEUMONITIS, day)
    daily(PREDNISONE, 30, "2023-02-28", 10)
    expect("study.criterion_e5", f"answer\n{answer}")


@pytest.mark.parametrize("source", ["J70.000", "J70.1"])
def test_radiation_pneumonitis_is_found_by_its_code(expect, index_patient, disease, daily, source):
    disease(0, source=source)
    daily(PREDNISONE, 30, "2022-10-02", 10)
    expect("study.criterion_e5", "answer\nmet")


def test_an_infection_is_none(expect, index_patient, disease, daily):
    disease(INFECTIOUS)
    daily(PREDNISONE, 30, "2022-10-02", 10)
    expect("study.criterion_e5", "answer | value\nnot met | none on record")


def test_a_suspicion_is_not_met_and_flagged(expect, index_patient, disease, daily):
    disease(PNEUMONITIS, status=32899)
    daily(PREDNISONE, 30, "2022-10-02", 10)
    expect("study.criterion_e5", "answer\nnot met")


def test_inhaled_drugs_and_premedication_are_no_treatment(expect, index_patient, disease, daily):
    disease(PNEUMONITIS)
    daily(PREDNISONE, 30, "2022-10-02", 10, route=INHALED)
    daily(DEXAMETHASONE, 10, "2022-10-02", 10, route=INTRAVENOUS, premedication=True)
    expect(
        "study.criterion_e5",
        """
        answer  | value
        not met | flagged: pneumonitis without glucocorticoids
        """,
    )


def test_a_glucocorticoid_told_has_no_dose(given, expect, index_patient, disease):
    disease(PNEUMONITIS)
    told_steroid(given, "2022-10-05")
    expect("study.criterion_e5", "answer\nunknown")


@pytest.mark.parametrize(
    ("last", "answer"), [("2021-03-01", "met"), ("2021-02-28", "not met"), ("2023-03-01", "met")]
)
def test_an_autoimmune_disease_treated_within_two_years(
    expect, index_patient, disease, daily, last, answer
):
    disease(LUPUS, "2015-01-01")
    daily(HYDROXYCHLOROQUINE, 400, last, 1)
    expect("study.criterion_e5", f"answer\n{answer}")


def test_an_autoimmune_disease_on_glucocorticoids(expect, index_patient, disease, daily):
    disease(LUPUS, "2015-01-01")
    daily(PREDNISONE, 15, "2022-10-02", 10)
    expect("study.criterion_e5", "answer\nmet")


def test_an_autoimmune_disease_without_treatment_is_flagged(expect, index_patient, disease):
    disease(LUPUS, "2015-01-01")
    expect(
        "study.criterion_e5",
        """
        answer  | value
        not met | flagged: autoimmune disease without systemic treatment
        """,
    )


@pytest.mark.parametrize(("noted", "answer"), [("2022-05-01", "met"), ("2023-03-02", "not met")])
def test_an_autoimmune_disease_with_glucocorticoids_told(
    given, expect, index_patient, disease, noted, answer
):
    disease(LUPUS, "2015-01-01")
    told_steroid(given, noted)
    expect("study.criterion_e5", f"answer\n{answer}")


def test_glucocorticoids_without_a_disease_are_not_met(expect, index_patient, daily):
    daily(PREDNISONE, 30, "2022-10-02", 10)
    expect("study.criterion_e5", "answer\nnot met")


@pytest.mark.parametrize(("route", "answer"), [("-", "met"), (0, "met"), (4263689, "not met")])
def test_a_route_that_is_not_known_counts(expect, index_patient, disease, daily, route, answer):
    disease(PNEUMONITIS)
    daily(PREDNISONE, 30, "2022-10-02", 7, route=route)
    expect("study.criterion_e5", f"answer\n{answer}")
