"""cdm.condition_occurrence: what the patients had, as far as codes say it."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


def test_chemotherapy_as_principal_diagnosis_is_no_condition_and_the_cancer_is_found_behind_it(
    given, expect
):
    given(
        "raw.ZD_ZDJL",
        """
        JZLSH | ZDLB | ZDSX | ZDBM    | ZDMC
        V1    | 3    | 1    | Z51.103 | 恶性肿瘤维持性化学治疗
        V1    | 4    | 2    | C11.900 | 鼻咽恶性肿瘤
        """,
    )
    expect(
        "cdm.condition_occurrence",
        """
        condition_occurrence_id | person_id | condition_concept_id | condition_source_value | visit_occurrence_id
        203000                  | 1         | 36684473             | C11.900                | 102000
        """,
    )


@pytest.mark.parametrize(
    ("code", "concept"),
    [
        ("Z51.0", 2000000301),  # Encounter for radiotherapy session
        ("Z51.001", 2000000301),
        ("Z51.102", 2000000300),  # Encounter for chemotherapy session for neoplasm
        ("Z51.8", 2000000302),  # Encounter for other specified medical care
        ("Z51.800x095", 2000000302),
    ],
)
def test_an_admission_for_treatment_is_an_observation(given, expect, code, concept):
    given("raw.ZD_ZDJL", f"JZLSH | ZDLB | ZDBM \n V1 | 3 | {code}")
    expect("cdm.condition_occurrence", "condition_occurrence_id")
    expect(
        "cdm.observation",
        f"""
        observation_concept_id | observation_source_value
        {concept}              | {code.upper()}
        """,
    )


def test_the_front_page_gives_its_principal_and_its_other_diagnoses_wherever_they_stand(
    given, expect
):
    given(
        "raw.BA_SY",
        """
        BAH | ZYCS | JZLSH | JBDM    | ZYZD         | JBDM1   | QTZD1    | JBDM15  | QTZD15
        B1  | 1    | V1    | C11.900 | 鼻咽恶性肿瘤 | E11.900 | 2型糖尿病 | G40.900 | 癫痫
        """,
    )
    expect(
        "cdm.condition_occurrence",
        """
        condition_occurrence_id | condition_concept_id | condition_status_concept_id | condition_start_date
        104000                  | 36684473             | 32902                       | 2023-05-06
        104020                  | 201826               | 32908                       | 2023-05-06
        104300                  | 380378               | 32908                       | 2023-05-06
        """,
    )


def test_the_front_page_and_the_diagnosis_table_both_count(given, expect):
    given("raw.BA_SY", "BAH | ZYCS | JZLSH | JBDM | ZYZD \n B1 | 1 | V1 | C11.900 | 鼻咽恶性肿瘤")
    given("raw.ZD_ZDJL", "JZLSH | ZDLB | ZDBM | ZDMC \n V1 | 3 | C11.900 | 鼻咽恶性肿瘤")
    expect(
        "cdm.condition_occurrence",
        """
        condition_occurrence_id | condition_concept_id
        103000                  | 36684473
        104000                  | 36684473
        """,
    )


def test_the_category_of_a_diagnosis_is_its_status(given, expect):
    given(
        "raw.ZD_ZDJL",
        """
        JZLSH | ZDLB | ZDBM  | ZDMC
        V1    | 3    | C11.9 | 鼻咽恶性肿瘤
        V1    | 4    | C11.9 | 鼻咽恶性肿瘤
        V1    | 5    | C11.9 | 鼻咽恶性肿瘤
        V1    | 2    | C11.9 | 鼻咽恶性肿瘤
        """,
    )
    expect(
        "cdm.condition_occurrence",
        """
        condition_occurrence_id | condition_status_concept_id | condition_status_source_value
        103000                  | 32902                       | 3
        203000                  | 32908                       | 4
        303000                  | 32893                       | 5
        403000                  | 0                           | 2
        """,
    )


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("鼻咽恶性肿瘤", "1"),
        ("鼻咽癌?", "0"),
        ("鼻咽癌？", "-"),
        ("鼻咽占位：鼻咽癌待排", "0"),
        ("鼻咽肿物性质待查", "0"),
        ("疑似鼻咽癌", "0"),
        ("鼻咽癌不除外", "0"),
    ],
)
def test_a_suspicion_is_preliminary_whatever_its_category(given, expect, name, flag):
    given(
        "raw.ZD_ZDJL",
        f"JZLSH | ZDLB | ZDBM | ZDMC | ZDYZBZ \n V1 | 3 | C11.900 | {name} | {flag}",
    )
    expect(
        "cdm.condition_occurrence",
        """
        condition_concept_id | condition_status_concept_id
        36684473             | 32899
        """,
    )


def test_undetermined_at_admission_is_no_suspicion_on_the_front_page(given, expect):
    given(
        "raw.BA_SY",
        """
        BAH | ZYCS | JZLSH | JBDM1   | QTZD1        | RYBQ1
        B1  | 1    | V1    | C11.900 | 鼻咽恶性肿瘤 | 2
        """,
    )
    expect("cdm.condition_occurrence", "condition_status_concept_id \n 32908")


def test_a_metastasis_is_a_measurement_wherever_it_stands(given, expect):
    given(
        "raw.ZD_ZDJL",
        """
        JZLSH | ZDLB | ZDBM        | ZDMC
        V1    | 3    | C78.000     | 肺继发恶性肿瘤
        V1    | 4    | C79.500x009 | 骨继发恶性肿瘤
        """,
    )
    expect("cdm.condition_occurrence", "condition_occurrence_id")
    expect(
        "cdm.measurement",
        """
        measurement_concept_id | measurement_source_value | measurement_date
        36770283               | C78.000                  | 2023-05-06
        36769301               | C79.500X009              | 2023-05-06
        """,
    )


def test_a_diagnosis_of_a_cancelled_visit_is_rejected_with_it(given, expect):
    given(
        "raw.JZ_JZJL",
        """
        row_id | JZLSH | EMPI_ID | JZLX | RYSJ       | fate
        2      | V2    | E1      | 1    | 2023-05-01 | void
        """,
    )
    given(
        "raw.ZD_ZDJL",
        "JZLSH | ZDLB | ZDBM  | ZDMC \n"
        "V2    | 1    | C11.9 | 鼻咽恶性肿瘤 \n"
        "V9    | 1    | C11.9 | 鼻咽恶性肿瘤",
    )
    expect("cdm.condition_occurrence", "condition_occurrence_id")
    expect(
        "stage.diagnosis",
        """
        row_id | reject_reason
        1      | visit cancelled
        2      | no such visit
        """,
    )


def test_the_type_says_that_a_code_is_all_the_evidence(given, expect):
    given("raw.ZD_ZDJL", "JZLSH | ZDLB | ZDBM | ZDMC \n V1 | 3 | C11.900 | 鼻咽恶性肿瘤")
    expect("cdm.condition_occurrence", "condition_type_concept_id \n 32817")
