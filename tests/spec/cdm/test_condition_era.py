"""cdm.condition_era: stretches of one condition, 30 days apart at most."""


def occurrences(given, *rows):
    header = "condition_occurrence_id | person_id | condition_concept_id | condition_start_date"
    given(
        "cdm.condition_occurrence",
        "\n".join([header + " | condition_status_concept_id", *rows]),
    )


def test_diagnoses_30_days_apart_are_one_era_and_31_days_begin_another(given, expect):
    occurrences(
        given,
        "103000 | 1 | 36684473 | 2023-01-01 | -",
        "203000 | 1 | 36684473 | 2023-01-31 | -",
        "303000 | 1 | 36684473 | 2023-03-03 | -",
    )
    expect(
        "cdm.condition_era",
        """
        condition_era_id | condition_era_start_date | condition_era_end_date | condition_occurrence_count
        103000           | 2023-01-01               | 2023-01-31             | 2
        303000           | 2023-03-03               | 2023-03-03             | 1
        """,
    )


def test_two_persons_and_two_conditions_have_eras_of_their_own(given, expect):
    occurrences(
        given,
        "103000 | 1 | 36684473 | 2023-01-01 | -",
        "203000 | 1 | 201826   | 2023-01-01 | -",
        "303000 | 2 | 36684473 | 2023-01-01 | -",
    )
    expect(
        "cdm.condition_era",
        """
        condition_era_id | person_id | condition_concept_id
        103000           | 1         | 36684473
        203000           | 1         | 201826
        303000           | 2         | 36684473
        """,
    )


def test_a_suspicion_and_an_unmapped_code_begin_no_era(given, expect):
    occurrences(
        given,
        "103000 | 1 | 36684473 | 2023-01-01 | 32899",
        "203000 | 1 | 0        | 2023-01-02 | 32902",
        "303000 | 1 | 36684473 | 2023-01-03 | 32902",
    )
    expect(
        "cdm.condition_era",
        "condition_era_id | condition_era_start_date \n 303000 | 2023-01-03",
    )


def test_an_era_takes_the_id_of_its_first_event_in_time(given, expect):
    occurrences(
        given,
        "903000 | 1 | 36684473 | 2023-01-01 | -",
        "103000 | 1 | 36684473 | 2023-01-02 | -",
    )
    expect("cdm.condition_era", "condition_era_id \n 903000")
