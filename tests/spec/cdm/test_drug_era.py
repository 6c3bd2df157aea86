"""cdm.drug_era: stretches of one ingredient, 30 days apart at most."""


def exposures(given, *rows):
    header = "drug_exposure_id | person_id | drug_concept_id | drug_exposure_start_date"
    given("cdm.drug_exposure", "\n".join([header + " | drug_exposure_end_date", *rows]))


def test_cycles_three_weeks_apart_are_one_era_with_the_days_between_as_gap(given, expect):
    exposures(
        given,
        "107000 | 1 | 747052 | 2023-05-07 | 2023-05-07",
        "207000 | 1 | 747052 | 2023-05-28 | 2023-05-28",
        "307000 | 1 | 747052 | 2023-06-28 | 2023-06-28",
    )
    expect(
        "cdm.drug_era",
        """
        drug_era_id | drug_concept_id | drug_era_start_date | drug_era_end_date | drug_exposure_count | gap_days
        107000      | 747052          | 2023-05-07          | 2023-05-28        | 2                   | 20
        307000      | 747052          | 2023-06-28          | 2023-06-28        | 1                   | 0
        """,
    )


def test_a_long_exposure_bridges_what_lies_within_it(given, expect):
    exposures(
        given,
        "106000 | 1 | 1337620 | 2023-05-01 | 2023-05-30",
        "207000 | 1 | 1337620 | 2023-05-03 | 2023-05-03",
        "307000 | 1 | 1337620 | 2023-06-29 | 2023-06-29",
    )
    expect(
        "cdm.drug_era",
        """
        drug_era_start_date | drug_era_end_date | drug_exposure_count | gap_days
        2023-05-01          | 2023-06-29        | 3                   | 29
        """,
    )


def test_pd_1_and_pd_l1_antibodies_are_eras_of_their_own(given, expect):
    exposures(
        given,
        "107000 | 1 | 747052   | 2023-05-07 | 2023-05-07",
        "207000 | 1 | 42629079 | 2023-05-08 | 2023-05-08",
        "307000 | 1 | 0        | 2023-05-08 | 2023-05-08",
    )
    expect("cdm.drug_era", "drug_concept_id \n 747052 \n 42629079")


def test_a_drug_of_two_ingredients_begins_two_eras_with_ids_of_their_own(given, expect):
    given(
        "vocabulary.concept",
        """
        concept_id | concept_name    | concept_class_id
        11         | ingredient one  | Ingredient
        12         | ingredient two  | Ingredient
        20         | the two, tablet | Clinical Drug
        """,
    )
    given(
        "vocabulary.concept_ancestor",
        "ancestor_concept_id | descendant_concept_id \n 11 | 20 \n 12 | 20 \n 20 | 20",
    )
    exposures(given, "107000 | 1 | 20 | 2023-05-07 | 2023-05-07")
    expect(
        "cdm.drug_era",
        "drug_era_id | drug_concept_id \n 107000 | 11 \n 107010 | 12",
    )


def test_a_drug_whose_ingredient_nobody_knows_has_no_era(given, expect):
    given("vocabulary.concept", "concept_id | concept_class_id \n 20 | Clinical Drug")
    exposures(given, "107000 | 1 | 20 | 2023-05-07 | 2023-05-07")
    expect("cdm.drug_era", "drug_era_id")
