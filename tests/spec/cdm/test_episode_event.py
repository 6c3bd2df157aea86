"""cdm.episode_event: the events that an episode is made of."""


def test_a_disease_is_made_of_its_condition_and_all_its_coded_diagnoses(given, expect):
    given(
        "stem.primary_cancer",
        "person_id | category | condition_id \n 1 | C11 | 712600 \n 1 | C34 | 403000",
    )
    given(
        "stem.cancer_diagnosis",
        """
        event_id | person_id | category
        103000   | 1         | C11
        203000   | 1         | C11
        403000   | 1         | C34
        """,
    )
    expect(
        "cdm.episode_event",
        """
        episode_id | event_id | episode_event_field_concept_id
        712600     | 712600   | 1147127
        712600     | 103000   | 1147127
        712600     | 203000   | 1147127
        403000     | 403000   | 1147127
        """,
    )


def test_a_line_and_its_cycle_are_made_of_the_exposures(given, expect):
    given(
        "stem.line_exposure",
        "event_id | line_id | cycle_id \n 107000 | 107000 | 107700 \n 207000 | 107000 | 207700",
    )
    expect(
        "cdm.episode_event",
        """
        episode_id | event_id | episode_event_field_concept_id
        107000     | 107000   | 1147094
        107000     | 207000   | 1147094
        107700     | 107000   | 1147094
        207700     | 207000   | 1147094
        """,
    )


def test_a_course_is_made_of_its_fractions_and_a_surgery_of_its_procedures(given, expect):
    given("stem.rt_course_fraction", "event_id | course_id \n 515000 | 415000")
    given("stem.cancer_surgery", "event_id | surgery_id \n 117000 | 104410")
    expect(
        "cdm.episode_event",
        """
        episode_id | event_id | episode_event_field_concept_id
        415000     | 515000   | 1147082
        104410     | 117000   | 1147082
        """,
    )


def test_extent_and_dynamics_are_made_of_what_was_found(given, expect):
    given(
        "stem.metastasis_evidence",
        """
        event_id | condition_id | found_on
        903000   | 103000       | 2024-03-01
        105020   | 103000       | 2024-02-09
        """,
    )
    given("stem.response", "event_id | stretch_id \n 205040 | 105040")
    expect(
        "cdm.episode_event",
        """
        episode_id | event_id | episode_event_field_concept_id
        105020     | 903000   | 1147138
        105020     | 105020   | 1147138
        105040     | 205040   | 1147138
        """,
    )
