"""cdm.dose_era: stretches on one dose a day of one ingredient."""

import pytest


def exposures(given, *rows):
    header = "drug_exposure_id | person_id | drug_concept_id | drug_exposure_start_date"
    header += " | drug_exposure_end_date | quantity | dose_unit_source_value"
    given("cdm.drug_exposure", "\n".join([header, *rows]))


def test_equal_doses_within_30_days_are_one_era_and_another_dose_begins_another(given, expect):
    exposures(
        given,
        "107000 | 1 | 747052 | 2023-05-07 | 2023-05-07 | 240 | mg",
        "207000 | 1 | 747052 | 2023-05-28 | 2023-05-28 | 240 | mg",
        "307000 | 1 | 747052 | 2023-06-18 | 2023-06-18 | 200 | mg",
        "407000 | 1 | 747052 | 2023-07-19 | 2023-07-19 | 200 | mg",
    )
    expect(
        "cdm.dose_era",
        """
        dose_era_id | person_id | drug_concept_id | unit_concept_id | dose_value | dose_era_start_date | dose_era_end_date
        107000      | 1         | 747052          | 8576            | 240.0      | 2023-05-07          | 2023-05-28
        307000      | 1         | 747052          | 8576            | 200.0      | 2023-06-18          | 2023-06-18
        407000      | 1         | 747052          | 8576            | 200.0      | 2023-07-19          | 2023-07-19
        """,
    )


@pytest.mark.parametrize(("again", "eras"), [("2023-06-06", 1), ("2023-06-07", 2)])
def test_30_days_between_equal_doses_are_one_era_and_31_are_two(given, expect, again, eras):
    exposures(
        given,
        "107000 | 1 | 747052 | 2023-05-07 | 2023-05-07 | 240 | mg",
        f"207000 | 1 | 747052 | {again} | {again} | 240 | mg",
    )
    expect("cdm.dose_era", "\n".join(["dose_era_id", "107000", "207000"][: eras + 1]))


def test_what_is_given_on_one_day_is_summed(given, expect):
    exposures(
        given,
        "107000 | 1 | 1397599 | 2023-05-07 | 2023-05-07 | 60 | mg",
        "207000 | 1 | 1397599 | 2023-05-07 | 2023-05-07 | 40 | mg",
    )
    expect("cdm.dose_era", "dose_era_id | dose_value \n 107000 | 100.0")


def test_a_prescriptions_amount_is_spread_over_its_days(given, expect):
    exposures(given, "106000 | 1 | 1337620 | 2023-05-01 | 2023-05-14 | 42000 | mg")
    expect(
        "cdm.dose_era",
        "dose_value | dose_era_start_date | dose_era_end_date \n 3000.0 | 2023-05-01 | 2023-05-14",
    )


@pytest.mark.parametrize(
    "row",
    [
        "107000 | 1 | 747052 | 2023-05-07 | 2023-05-07 | -   | mg",
        "107000 | 1 | 747052 | 2023-05-07 | 2023-05-07 | 1   | 支",
        "107000 | 1 | 747052 | 2023-05-07 | 2023-05-07 | 240 | -",
        "107000 | 1 | 747052 | 2023-05-07 | 2023-05-07 | 0   | mg",
        "107000 | 1 | 0      | 2023-05-07 | 2023-05-07 | 240 | mg",
    ],
)
def test_an_unknown_drug_amount_or_unit_is_no_dose(given, expect, row):
    exposures(given, row)
    expect("cdm.dose_era", "dose_era_id")


def test_the_dose_of_a_drug_of_two_ingredients_is_neithers(given, expect):
    given(
        "vocabulary.concept",
        """
        concept_id | concept_class_id
        11         | Ingredient
        12         | Ingredient
        20         | Clinical Drug
        """,
    )
    given(
        "vocabulary.concept_ancestor",
        "ancestor_concept_id | descendant_concept_id \n 11 | 20 \n 12 | 20 \n 20 | 20",
    )
    exposures(given, "107000 | 1 | 20 | 2023-05-07 | 2023-05-07 | 240 | mg")
    expect("cdm.dose_era", "dose_era_id")
