"""cdm.condition_occurrence: illness told in notes, and the histology that only a text tells."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


def diagnoses(given, *rows):
    given("raw.ZD_ZDJL", "\n".join(["row_id | JZLSH | ZDLB | ZDBM | ZDMC | ZDSJ", *rows]))


def note(given, text):
    given(
        "raw.EMR_WS",
        f"JZLSH | WSLX | WSBT | JLSJ | WSNR | WSZT \n V1 | 病程记录 | - | 2023-05-07 09:00:00 | {text} | 2",
    )


def pathology(given, text, code="-", site="鼻咽"):
    given(
        "raw.PIS_BG",
        f"row_id | BLH | JZLSH | BBLX | SJBW | XTXBM | BGSJ | BLZD"
        f" \n 7 | B1 | V1 | 活检 | {site} | {code} | 2023-05-09 | {text}",
    )


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("化疗后白细胞减少Ⅱ度。", 435224),
        ("患者诉头痛。", 378253),
        ("既往系统性红斑狼疮病史。", 257628),
        ("既往天疱疮病史。", 434621),  # without a line of its own
    ],
)
def test_an_illness_told_is_a_condition_by_nlp(given, expect, text, concept):
    note(given, text)
    expect(
        "cdm.condition_occurrence",
        f"""
        condition_occurrence_id | condition_concept_id | condition_start_date | condition_type_concept_id
        113010                  | {concept}            | 2023-05-07           | 32858
        """,
    )


@pytest.mark.parametrize("text", ["否认头痛。", "无自身免疫性疾病史。", "母亲有系统性红斑狼疮。"])
def test_what_is_denied_or_another_persons_is_no_condition(given, expect, text):
    note(given, text)
    expect("cdm.condition_occurrence", "condition_occurrence_id")


def test_the_text_tells_the_differentiation_that_no_code_has(given, expect):
    diagnoses(given, "1 | V1 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06")
    pathology(given, "（鼻咽左侧壁）非角化性癌，未分化型。", code="8072/3")
    expect(
        "stem.primary_cancer",
        "condition_id | concept_id | source_value \n 712600 | 44783851 | 8072/3-C11.9:UNDIFFERENTIATED",
    )


def test_a_metastasis_of_the_carcinoma_tells_the_histology_of_the_nasopharynx(given, expect):
    diagnoses(given, "1 | V1 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06")
    pathology(given, "（右肺）非角化性癌，符合鼻咽癌转移。", site="右肺")
    expect("stem.primary_histology", "category | code \n C11 | 8072/3-C11.9")


def test_another_organs_histology_is_not_the_nasopharynx(given, expect):
    diagnoses(given, "1 | V1 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06")
    pathology(given, "（右肺）浸润性腺癌。", site="右肺")
    expect("stem.primary_histology", "category")


def test_a_quoted_pathology_speaks_where_no_report_does(given, expect):
    diagnoses(given, "1 | V1 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06")
    note(given, "2018年外院鼻咽活检病理示：角化性鳞状细胞癌。")
    expect(
        "stem.primary_cancer",
        "condition_id | source_value \n 113600 | 8071/3-C11.9",
    )
    expect(
        "cdm.measurement",
        """
        measurement_concept_id | measurement_type_concept_id | value_source_value | measurement_event_id
        2000000365             | 32858                       | 8071/3             | 113600
        """,
    )
