"""cdm.observation_period: when a person was under observation."""


def seen(given, extract_on, *rows, died="", noted=""):
    """Give visits, each `person | first day | last day`, and the day of the extract."""
    given("stage.extract", f"extract_on \n {extract_on}")
    people = "\n".join(sorted({row.split("|")[0].strip() for row in rows}))
    given("cdm.person", f"person_id\n{people}")
    given(
        "cdm.visit_occurrence",
        "\n".join(["person_id | visit_start_date | visit_end_date", *rows]),
    )
    given("cdm.death", f"person_id | death_date\n{died}")
    given("cdm.note", f"person_id | note_date\n{noted}")


def test_a_period_reaches_from_the_first_event_to_60_days_after_the_last(given, expect):
    seen(given, "2024-06-30", "1 | 2021-01-01 | 2021-01-05", "1 | 2022-03-01 | 2022-03-04")
    expect(
        "cdm.observation_period",
        """
        observation_period_id | person_id | observation_period_start_date | observation_period_end_date | period_type_concept_id
        1000                  | 1         | 2021-01-01                    | 2022-05-03                  | 32882
        """,
    )


def test_a_gap_of_548_days_splits_and_one_of_547_does_not(given, expect):
    seen(
        given,
        "2024-06-30",
        "1 | 2020-01-01 | 2020-01-01",
        "1 | 2021-07-02 | 2021-07-02",
        "2 | 2020-01-01 | 2020-01-01",
        "2 | 2021-07-01 | 2021-07-01",
    )
    expect(
        "cdm.observation_period",
        """
        observation_period_id | observation_period_start_date | observation_period_end_date
        1000                  | 2020-01-01                    | 2020-03-01
        1001                  | 2021-07-02                    | 2021-08-31
        2000                  | 2020-01-01                    | 2021-08-30
        """,
    )


def test_no_period_goes_beyond_the_extract(given, expect):
    seen(given, "2022-03-20", "1 | 2022-03-01 | 2022-03-04", "1 | 2022-04-01 | 2022-04-01")
    expect(
        "cdm.observation_period",
        """
        observation_period_start_date | observation_period_end_date
        2022-03-01                    | 2022-03-20
        """,
    )


def test_no_period_goes_beyond_60_days_after_death(given, expect):
    visits = ("1 | 2022-01-01 | 2022-01-05", "1 | 2022-03-20 | 2022-03-20")
    seen(given, "2024-06-30", *visits, died="1 | 2022-02-01")
    expect(
        "cdm.observation_period",
        """
        observation_period_start_date | observation_period_end_date
        2022-01-01                    | 2022-04-02
        """,
    )


def test_events_notes_and_the_death_itself_are_observation_too(given, expect):
    visit = "1 | 2022-01-01 | 2022-01-05"
    seen(given, "2024-06-30", visit, died="1 | 2022-02-01", noted="1 | 2021-12-01")
    given(
        "stem.event",
        """
        person_id | start_at            | not_carried_reason
        1         | 2021-11-01 08:00:00 | -
        1         | 2021-10-01 08:00:00 | never executed
        """,
    )
    expect(
        "cdm.observation_period",
        """
        observation_period_start_date | observation_period_end_date
        2021-11-01                    | 2022-04-02
        """,
    )


def test_a_person_who_is_not_in_the_cdm_has_no_period(given, expect):
    seen(given, "2024-06-30", "1 | 2022-01-01 | 2022-01-05")
    given("stem.event", "person_id | start_at \n 2 | 2022-01-01 08:00:00")
    expect("cdm.observation_period", "person_id \n 1")
