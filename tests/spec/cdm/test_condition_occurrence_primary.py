"""cdm.condition_occurrence: one condition for each primary cancer, with its histology where known."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")

COLUMNS = "condition_occurrence_id | condition_concept_id | condition_start_date"


def pathology(given, *rows):
    given("raw.PIS_BG", "\n".join(["row_id | BLH | JZLSH | BBLX | SJBW | XTXBM | BGSJ", *rows]))


def diagnoses(given, *rows):
    given("raw.ZD_ZDJL", "\n".join(["row_id | JZLSH | ZDLB | ZDBM | ZDMC | ZDSJ", *rows]))


def test_pathology_gives_the_primary_its_histology_as_a_confirmed_condition(given, expect):
    diagnoses(given, "1 | V1 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06")
    pathology(given, "7 | B1 | V1 | 活检 | 鼻咽左侧壁 | 8082/3 | 2023-05-09")
    expect(
        "cdm.condition_occurrence",
        """
        condition_occurrence_id | condition_concept_id | condition_start_date | condition_type_concept_id | condition_status_concept_id | condition_source_value
        103000                  | 36684473             | 2023-05-06           | 32817                     | 32902                       | C11.900
        712600                  | 44501399             | 2023-05-09           | 32835                     | 32893                       | 8082/3-C11.9
        """,
    )
    expect(
        "stem.primary_cancer",
        """
        person_id | category | first_on   | condition_id | concept_id
        1         | C11      | 2023-05-06 | 712600       | 44501399
        """,
    )


def test_non_keratinizing_carcinoma_without_a_wall_has_no_icd_o_3_concept_and_takes_snomed(
    given, expect
):
    diagnoses(given, "1 | V1 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06")
    pathology(given, "7 | B1 | V1 | 活检 | 鼻咽 | 8072/3 | 2023-05-09")
    expect("stem.primary_cancer", "condition_id | concept_id \n 712600 | 45768977")


def test_the_topography_is_the_one_coded_most_often(given, expect):
    diagnoses(
        given,
        "1 | V1 | 3 | C11.200 | 鼻咽侧壁恶性肿瘤 | 2023-05-06",
        "2 | V1 | 2 | C11.200 | 鼻咽侧壁恶性肿瘤 | 2023-05-06",
        "3 | V1 | 4 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06",
    )
    pathology(given, "7 | B1 | V1 | 活检 | 咽隐窝 | 8072/3 | 2023-05-09")
    expect("stem.primary_histology", "code | concept_id \n 8072/3-C11.2 | 36537145")


def test_a_primary_is_known_since_its_biopsy_where_that_came_before_the_code(given, expect):
    diagnoses(given, "1 | V1 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06")
    pathology(given, "7 | B1 | V1 | 会诊 | 鼻咽 | 8072/3 | 2023-04-09")
    expect("stem.primary_cancer", "first_on | condition_id \n 2023-04-09 | 712600")


def test_without_pathology_the_first_coded_diagnosis_stands_for_the_primary(given, expect):
    diagnoses(
        given,
        "1 | V1 | 4 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-08",
        "2 | V1 | 2 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06",
    )
    expect("stem.primary_cancer", "condition_id | concept_id \n 203000 | 36684473")


def test_the_front_pages_morphology_counts_where_the_stay_codes_one_cancer(given, expect):
    given(
        "raw.BA_SY",
        """
        BAH | ZYCS | JZLSH | JBDM    | ZYZD         | JBMM
        B1  | 1    | V1    | C11.900 | 鼻咽恶性肿瘤 | M8083/3
        """,
    )
    expect("stem.primary_histology", "source_no | row_id | code \n 4 | 1 | 8083/3-C11.9")


def test_a_stay_with_two_cancers_leaves_the_front_pages_morphology_to_nobody(given, expect):
    given(
        "raw.BA_SY",
        """
        BAH | ZYCS | JZLSH | JBDM    | ZYZD         | JBDM1   | QTZD1      | JBMM
        B1  | 1    | V1    | C11.900 | 鼻咽恶性肿瘤 | C34.900 | 肺恶性肿瘤 | M8070/3
        """,
    )
    expect("stem.primary_histology", "row_id")
    expect("stem.primary_cancer", "category \n C11 \n C34")


def test_a_lung_specimen_never_tells_the_histology_of_the_nasopharynx(given, expect):
    diagnoses(given, "1 | V1 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06")
    pathology(given, "7 | B1 | V1 | 穿刺 | 右肺下叶 | 8072/3 | 2023-05-09")
    expect("stem.primary_histology", "row_id")


@pytest.mark.parametrize("morphology", ["8072/6", "8072/2", "-", "见报告"])
def test_only_a_malignant_primary_behaviour_is_a_histology(given, expect, morphology):
    diagnoses(given, "1 | V1 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06")
    pathology(given, f"7 | B1 | V1 | 活检 | 鼻咽 | {morphology} | 2023-05-09")
    expect("stem.primary_histology", "row_id")


def test_a_report_speaks_before_the_page_and_a_specific_morphology_before_carcinoma(given, expect):
    given(
        "raw.BA_SY",
        """
        BAH | ZYCS | JZLSH | JBDM    | ZYZD         | JBMM
        B1  | 1    | V1    | C11.900 | 鼻咽恶性肿瘤 | M8083/3
        """,
    )
    pathology(
        given,
        "7 | B1 | V1 | 活检 | 鼻咽 | 8010/3 | 2023-05-08",
        "8 | B2 | V1 | 会诊 | 鼻咽 | 8071/3 | 2023-05-12",
    )
    expect("stem.primary_histology", "source_no | row_id | code \n 12 | 8 | 8071/3-C11.9")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("C11.900", "鼻咽癌?"),
        ("C78.000", "肺继发恶性肿瘤"),
        ("C80.x00", "恶性肿瘤"),
        ("Z85.800", "鼻咽恶性肿瘤史"),
        ("D10.600", "鼻咽良性肿瘤"),
    ],
)
def test_a_suspicion_a_metastasis_a_history_and_a_benign_tumour_are_no_primary(
    given, expect, code, name
):
    diagnoses(given, f"1 | V1 | 3 | {code} | {name} | 2023-05-06")
    expect("stem.primary_cancer", "category")


def test_two_primaries_of_a_person_are_two(given, expect):
    diagnoses(
        given,
        "1 | V1 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06",
        "2 | V1 | 4 | C34.900 | 肺恶性肿瘤 | 2023-05-07",
        "3 | V1 | 4 | C11.200 | 鼻咽侧壁恶性肿瘤 | 2023-05-08",
    )
    expect(
        "stem.primary_cancer",
        "category | first_on | condition_id \n C11 | 2023-05-06 | 103000 \n C34 | 2023-05-07 | 203000",
    )
