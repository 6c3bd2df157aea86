"""What is described of an index patient: extent, stage, primary treatment, index treatment, baseline."""

import pytest

LEFT_LUNG, RIGHT_LUNG, LIVER, BONE = 35225630, 36770283, 36770544, 36769301
FOUND = """
    person_id | measurement_id | measurement_concept_id | measurement_date | measurement_type_concept_id
"""


def numbered(given, lesion, number="-", text="-"):
    """How many lesions a report tells."""
    given(
        "cdm.observation",
        f"""
        person_id | observation_id | observation_concept_id | observation_date | value_as_number | value_as_string | observation_event_id | obs_event_field_concept_id
        1         | {lesion}       | 4085855                | 2023-02-20       | {number}        | {text}          | {lesion}             | 1147138
        """,
    )


@pytest.mark.parametrize(
    ("number", "text", "lesions", "few"),
    [(4, "-", 5, "true"), (5, "-", 6, "false"), ("-", "multiple", "-", "-")],
)
def test_at_most_five_lesions_in_two_organs_are_few(
    given, expect, index_patient, number, text, lesions, few
):
    given("cdm.measurement", FOUND + f"1 | 31 | {LIVER} | 2023-02-20 | 32841")
    numbered(given, 31, number, text)
    expect(
        "study.disease_extent",
        f"""
        organs      | organ_count | lesion_count | is_oligometastatic | is_biopsy_proven
        liver, lung | 2           | {lesions}    | {few}              | false
        """,
    )


def test_three_organs_are_not_oligometastatic(given, expect, index_patient):
    given(
        "cdm.measurement",
        FOUND
        + f"""
        1 | 31 | {LIVER} | 2023-02-20 | 32841
        1 | 32 | {BONE}  | 2023-02-20 | 32835
        """,
    )
    expect(
        "study.disease_extent",
        """
        organs            | is_oligometastatic | is_biopsy_proven
        bone, liver, lung | false              | true
        """,
    )


def test_what_is_found_after_the_baseline_is_progression(given, expect, index_patient):
    given("cdm.measurement", FOUND + f"1 | 31 | {LIVER} | 2023-03-16 | 32841")
    expect("study.disease_extent", "organs\nlung")


def test_the_first_stage_is_that_of_the_primary_tumour(given, expect, index_patient):
    given(
        "cdm.measurement",
        """
        person_id | measurement_id | measurement_concept_id | measurement_date | measurement_source_value | measurement_event_id | meas_event_field_concept_id
        1         | 31             | 1634213                | 2020-05-01       | AJCC8 rT0                | 11                   | 1147127
        1         | 32             | 1634376                | 2020-05-10       | AJCC8 T3                 | 11                   | 1147127
        1         | 33             | 1634119                | 2020-05-10       | AJCC8 N2                 | 11                   | 1147127
        1         | 34             | 1635624                | 2020-05-10       | AJCC8 M0                 | 11                   | 1147127
        1         | 35             | 1634191                | 2020-05-10       | AJCC8 III                | 11                   | 1147127
        1         | 36             | 1634654                | 2021-05-10       | AJCC8 T4                 | 11                   | 1147127
        """,
    )
    expect(
        "study.first_stage",
        """
        staged_on  | t_category            | n_category            | m_category            | stage   | edition
        2020-05-10 | AJCC/UICC T3 Category | AJCC/UICC N2 Category | AJCC/UICC M0 Category | Stage 3 | 8
        """,
    )


def test_drugs_of_the_primary_treatment_by_phase(given, expect, index_patient):
    given(
        "cdm.episode",
        """
        person_id | episode_id | episode_concept_id | episode_start_date | episode_end_date
        1         | 700        | 32940              | 2020-08-01         | 2020-09-15
        """,
    )
    given(
        "cdm.measurement",
        """
        person_id | measurement_id | measurement_concept_id | measurement_date | value_as_number | measurement_event_id | meas_event_field_concept_id
        1         | 31             | 2000000036             | 2020-08-01       | 70              | 700                  | 756290
        """,
    )
    given(
        "cdm.observation",
        """
        person_id | observation_id | observation_concept_id | observation_date | value_as_string | observation_event_id | obs_event_field_concept_id
        1         | 32             | 2000000039             | 2020-08-01       | nasopharynx     | 700                  | 756290
        """,
    )
    given(
        "cdm.drug_exposure",
        """
        person_id | drug_exposure_id | drug_concept_id | drug_exposure_start_date | drug_type_concept_id
        1         | 41               | 1314924         | 2020-06-01               | 32818
        1         | 42               | 1397599         | 2020-06-01               | 32818
        1         | 43               | 1397599         | 2020-08-01               | 32818
        1         | 44               | 1315942         | 2020-10-15               | 32818
        """,
    )
    expect(
        "study.primary_systemic_treatment",
        """
        primary_dose_gy | induction_drugs        | concurrent_drugs | adjuvant_drugs
        70.0            | cisplatin, gemcitabine | cisplatin        | docetaxel
        """,
    )


def test_the_index_treatment_until_the_first_progression(given, expect, index_patient):
    given(
        "cdm.drug_exposure",
        """
        person_id | drug_exposure_id | drug_concept_id | drug_exposure_start_date | drug_type_concept_id | quantity
        1         | 41               | 1397599         | 2023-03-22               | 32818                | 130
        1         | 42               | 747052          | 2023-04-20               | 32818                | 240
        1         | 43               | 1397599         | 2023-08-01               | 32818                | 130
        """,
    )
    given("cdm.measurement", FOUND + "1 | 31 | 1633597 | 2023-06-01 | 32817")
    expect(
        "study.index_treatment",
        """
        chemotherapy_days | cisplatin_mg | pd1_doses | has_pd1_maintenance | last_pd1_on
        2                 | 130.0        | 2         | true                | 2023-04-20
        """,
    )


def test_copies_and_units_of_ebv_dna_say_which(given, expect, index_patient):
    given(
        "cdm.measurement",
        """
        person_id | measurement_id | measurement_concept_id | measurement_date | value_as_number | unit_concept_id | operator_concept_id
        1         | 31             | 3043849                | 2023-02-25       | 400             | 8510            | 4171756
        1         | 32             | 3036277                | 2018-02-25       | 170             | 8582            | -
        1         | 33             | 3025315                | 2023-02-25       | 72.25           | 9529            | -
        """,
    )
    expect("study.index_laboratory", "ebv_dna | ebv_dna_operator | bmi\n400.0 | < | 25.0")
