"""The arm, and the first progression that ends its window."""

import pytest


@pytest.fixture
def course(given):
    """Give one course: `course("lung", "2023-04-01")`."""
    number = iter(range(700, 800, 10))

    def give(site, began, intent=4162591):
        one = next(number)
        given(
            "cdm.episode",
            f"""
            person_id | episode_id | episode_concept_id | episode_start_date | episode_end_date
            1         | {one}      | 32940              | {began}            | {began}
            """,
        )
        given(
            "cdm.observation",
            f"""
            person_id | observation_id | observation_concept_id | observation_date | value_as_string | value_as_concept_id | observation_event_id | obs_event_field_concept_id
            1         | {one}          | 2000000039             | {began}          | {site}          | -                   | {one}                | 756290
            1         | {one + 1}      | 2000000040             | {began}          | -               | {intent}            | {one}                | 756290
            """,
        )

    return give


def arm(specification):
    specification.run("study.npc_lung_pd1_candidate")
    return specification.con.execute("SELECT arm FROM study.npc_lung_pd1_candidate").fetchone()[0]


@pytest.mark.parametrize(
    ("site", "intent", "wanted"),
    [
        ("lung", 4162591, "RT"),
        ("lung", 4179711, "RT"),
        ("mediastinum", 4162591, "RT"),
        ("pleura", 4162591, "RT"),
        ("liver", 4162591, "RT"),
        ("neck", 4162591, "RT"),
        ("bone", 4179711, "no RT"),  # palliative, not consolidative
        ("nasopharynx", 4162591, "no RT"),
        ("lung primary", 4162591, "no RT"),
    ],
)
def test_the_site_and_intent_decide(specification, index_patient, course, site, intent, wanted):
    course(site, "2023-04-01", intent)
    assert arm(specification) == wanted


@pytest.mark.parametrize(("began", "wanted"), [("2023-01-30", "RT"), ("2023-01-29", "no RT")])
def test_from_30_days_before_the_index(specification, index_patient, course, began, wanted):
    course("lung", began)
    assert arm(specification) == wanted


@pytest.mark.parametrize(("progressed", "wanted"), [("2023-06-02", "RT"), ("2023-06-01", "no RT")])
def test_until_the_first_progression(
    given, specification, index_patient, course, progressed, wanted
):
    given(
        "cdm.measurement",
        f"""
        person_id | measurement_id | measurement_concept_id | measurement_date
        1         | 91             | 1633597                | {progressed}
        """,
    )
    course("lung", "2023-06-01")
    assert arm(specification) == wanted


def test_no_course_is_no_rt(specification, index_patient):
    assert arm(specification) == "no RT"


@pytest.mark.parametrize(
    ("value", "day", "sign"),
    [("new", "2023-03-16", "new lesion"), ("larger", "2023-03-16", "larger lesion")],
)
def test_a_new_or_larger_lesion_is_progression(given, expect, index_patient, value, day, sign):
    given(
        "cdm.observation",
        f"""
        person_id | observation_id | observation_concept_id | observation_date | value_as_string
        1         | 92             | 2000000362             | {day}            | {value}
        1         | 93             | 2000000362             | 2023-03-15       | {value}
        1         | 94             | 2000000362             | {day}            | stable
        """,
    )
    expect("study.progression", f"found_on | sign\n{day} | {sign}")


@pytest.mark.parametrize(
    ("told", "found_on", "precision"),
    [("2023-08", "2023-08-01", "month"), ("-", "2023-09-05", "day")],
)
def test_progression_is_dated_as_told(given, expect, index_patient, told, found_on, precision):
    given(
        "cdm.observation",
        f"""
        person_id | observation_id | observation_concept_id | observation_date | observation_type_concept_id | value_as_string
        1         | 92             | 1617595                | 2023-09-05       | 32858                       | {told}
        """,
    )
    expect(
        "study.progression",
        f"""
        found_on   | date_precision | sign
        {found_on} | {precision}    | told
        """,
    )
