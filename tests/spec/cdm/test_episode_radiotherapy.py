"""cdm.episode: radiotherapy courses from delivered fractions, with dose, site and intent."""

import pytest


@pytest.fixture
def patient(given):
    """Patient 1, whose radiotherapy number is R1."""
    given("raw.identity", "id_hmac | id_kind | person_id \n E1 | empi | 1 \n R1 | hzid | 1")
    given("raw.HZ_ZSY", "EMPI_ID | HZID | CSRQ \n E1 | R1 | 1975-03")


def cancers(given, *rows):
    given(
        "stem.primary_cancer", "\n".join(["person_id | category | first_on | condition_id", *rows])
    )


def plans(given, *rows):
    header = "row_id | JHID | HZID | LCID | JHMC | BQMC | JS | JHZT | YT"
    given("raw.FL_JH", "\n".join([header, *rows]))


def fractions(given, *rows):
    given("raw.FL_FC", "\n".join(["row_id | JHID | ZLSJ | SCJL | ZLZT", *rows]))


CANCER = "1 | C11 | 2020-01-05 | 103000"
NPC = "1 | P1 | R1 | C1 | NPC_IMRT | PGTVnx | IMRT | Completed | Curative"

pytestmark = pytest.mark.usefixtures("patient")


def test_delivered_fractions_make_a_course_with_the_first_fractions_id(given, expect):
    cancers(given, CANCER)
    plans(given, NPC)
    fractions(
        given,
        "5 | P1 | 2020-03-03 09:00:00 | 2.12 | COMPLETED",
        "4 | P1 | 2020-03-02 09:00:00 | 2.12 | COMPLETED",
        "6 | P1 | 2020-03-04 09:00:00 | 1.06 | PARTIAL",
        "7 | P1 | 2020-03-05 09:00:00 | 2.12 | CANCELLED",
    )
    expect(
        "stem.rt_course",
        """
        course_id | dose_gy | fractions | site        | intent_text | condition_id | concept_id
        415000    | 5.3     | 3         | nasopharynx | Curative    | 103000       | 40480519
        """,
    )
    expect(
        "cdm.episode",
        """
        episode_id | episode_concept_id | episode_start_date | episode_end_date | episode_parent_id | episode_number | episode_object_concept_id | episode_source_value
        103000     | 32533              | 2020-01-05         | -                | -                 | -              | -                         | -
        415000     | 32940              | 2020-03-02         | 2020-03-04       | 103000            | 1              | 40480519                  | C1 NPC_IMRT PGTVnx
        """,
    )


def test_dose_and_fractions_point_at_the_episode_and_at_the_plans_procedure(given, expect):
    plans(given, NPC)
    fractions(
        given,
        "4 | P1 | 2020-03-02 09:00:00 | 212 | COMPLETED",
        "5 | P1 | 2020-03-03 09:00:00 | 212 | COMPLETED",
    )
    expect(
        "cdm.measurement",
        """
        measurement_id | measurement_concept_id | measurement_date | value_as_number | unit_concept_id | measurement_event_id | meas_event_field_concept_id | measurement_type_concept_id
        114000         | 2000000036             | 2020-03-03       | 4.24            | 9519            | 415000               | 1147082                     | 32817
        114010         | 2000000037             | 2020-03-03       | 2.0             | -               | 415000               | 1147082                     | 32817
        415010         | 2000000036             | 2020-03-03       | 4.24            | 9519            | 415000               | 756290                      | 32882
        415020         | 2000000037             | 2020-03-03       | 2.0             | -               | 415000               | 756290                      | 32882
        """,
    )
    expect(
        "cdm.observation",
        """
        observation_id | observation_concept_id | observation_date | value_as_string | value_as_concept_id | observation_event_id | obs_event_field_concept_id
        415030         | 2000000039             | 2020-03-02       | nasopharynx     | -                   | 415000               | 756290
        415040         | 2000000040             | 2020-03-02       | Curative        | 4162591             | 415000               | 756290
        """,
    )


def test_a_replan_shares_the_course_and_the_doses_are_summed(given, expect):
    plans(given, NPC, "2 | P2 | R1 | C1 | IMRT_R1 | PTV1 | IMRT | Completed | Curative")
    fractions(
        given,
        "4 | P1 | 2020-03-02 09:00:00 | 2.12 | COMPLETED",
        "5 | P2 | 2020-03-16 09:00:00 | 2.00 | COMPLETED",
    )
    expect("stem.rt_course", "course_id | dose_gy | fractions \n 415000 | 4.12 | 2")


def test_two_sites_of_one_number_are_two_courses(given, expect):
    plans(given, NPC, "2 | P2 | R1 | C1 | Bone_3DCRT | PTV_bone | 3DCRT | Completed | Palliative")
    fractions(
        given,
        "4 | P1 | 2020-03-02 09:00:00 | 2.12 | COMPLETED",
        "5 | P2 | 2020-03-02 10:00:00 | 3.00 | COMPLETED",
    )
    expect(
        "stem.rt_course",
        "course_id | dose_gy | site \n 415000 | 2.12 | nasopharynx \n 515000 | 3.0 | bone",
    )


@pytest.mark.parametrize(("day", "courses"), [("2020-05-01", 1), ("2020-05-02", 2)])
def test_more_than_60_days_without_a_fraction_begin_another_course(given, expect, day, courses):
    plans(given, NPC)
    fractions(
        given,
        "4 | P1 | 2020-03-02 09:00:00 | 2.12 | COMPLETED",
        f"5 | P1 | {day} 09:00:00 | 2.12 | COMPLETED",
    )
    wanted = ["415000", "515000"][:courses]
    expect("stem.rt_course", "\n".join(["course_id", *wanted]))


@pytest.mark.parametrize(
    ("plan_name", "target", "site"),
    [
        ("Lung_SBRT", "GTVlung", "lung"),
        ("LungCa_IMRT", "PGTV", "lung primary"),
        ("IMRT", "鼻咽", "nasopharynx"),
        ("IMRT", "PTV", "-"),
        ("鼻咽癌根治性放疗", "PTV", "nasopharynx"),
        ("鼻咽癌肺转移SBRT", "PTV", "lung"),
        ("NPC纵隔淋巴结", "PTV", "mediastinum"),
        ("鼻咽癌骨转移", "L1-L3椎体", "bone"),
        ("肺癌根治性放疗", "右肺上叶", "lung primary"),
        ("肺癌骨转移", "PTV", "bone"),
        ("NPC_IMRT", "左锁骨上", "neck"),
        ("左肺门", "PTV", "mediastinum"),
    ],
)
def test_the_site_is_the_longest_word_of_plan_and_target(given, expect, plan_name, target, site):
    plans(given, f"1 | P1 | R1 | C1 | {plan_name} | {target} | SBRT | Completed | Palliative")
    fractions(given, "4 | P1 | 2020-03-02 09:00:00 | 10 | COMPLETED")
    expect("stem.rt_course", f"site \n {site}")


def test_a_course_treats_the_cancer_of_its_site_else_the_one_diagnosed_last(given, expect):
    cancers(given, CANCER, "1 | C34 | 2020-02-05 | 203000", "1 | C50 | 2021-02-05 | 303000")
    plans(
        given,
        NPC,
        "2 | P2 | R1 | C2 | Bone_3DCRT | PTV_bone | 3DCRT | Completed | Palliative",
    )
    fractions(
        given,
        "4 | P1 | 2020-03-02 09:00:00 | 2.12 | COMPLETED",
        "5 | P2 | 2020-06-02 10:00:00 | 3.00 | COMPLETED",
    )
    expect("stem.rt_course", "course_id | condition_id \n 415000 | 103000 \n 515000 | 203000")


def test_a_plan_without_a_delivered_fraction_is_no_course(given, expect):
    cancers(given, CANCER)
    plans(given, NPC.replace("Completed", "Rejected"))
    fractions(given, "4 | P1 | 2020-03-02 09:00:00 | 2.12 | COMPLETED")
    expect("cdm.episode", "episode_concept_id \n 32533")
