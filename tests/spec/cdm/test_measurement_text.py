"""cdm.measurement: what reports and notes say in words, at least probably, and who says it."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")

NPC = "1 | V1 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06"


def diagnoses(given, *rows):
    given("raw.ZD_ZDJL", "\n".join(["row_id | JZLSH | ZDLB | ZDBM | ZDMC | ZDSJ", *rows]))


def imaging(given, finding, impression="-"):
    diagnoses(given, NPC)
    given(
        "raw.RIS_BG",
        f"""
        row_id | JZLSH | JCLB | JCBW | JCXMMC       | JCSJ             | YXSJ      | YXZD         | BGZT
        4      | V1    | CT   | 胸部 | 胸部CT增强扫描 | 2023-05-08 10:00 | {finding} | {impression} | 3
        """,
    )


def pathology(given, text, site="鼻咽", code="-"):
    diagnoses(given, NPC)
    given(
        "raw.PIS_BG",
        f"row_id | BLH | JZLSH | BBLX | SJBW | XTXBM | BGSJ | BLZD"
        f" \n 7 | B1 | V1 | 活检 | {site} | {code} | 2023-05-09 | {text}",
    )


def note(given, text):
    diagnoses(given, NPC)
    given(
        "raw.EMR_WS",
        f"JZLSH | WSLX | WSBT | JLSJ | WSNR | WSZT \n V1 | 病程记录 | - | 2023-05-07 09:00:00 | {text} | 2",
    )


def test_a_metastasis_on_imaging_modifies_the_cancer_and_its_size_points_at_it(given, expect):
    imaging(given, "右肺下叶见一结节，大小约18mm×15mm。", "右肺下叶结节，考虑转移。")
    expect(
        "cdm.measurement",
        """
        measurement_id | measurement_concept_id | measurement_type_concept_id | value_as_concept_id | value_as_number | unit_concept_id | measurement_event_id | meas_event_field_concept_id
        411010         | 35226291               | 32841                       | 4181412             | -               | -               | 103000               | 1147127
        411020         | 3046581                | 32841                       | -                   | 18.0            | 8588            | 411010               | 1147138
        """,
    )


@pytest.mark.parametrize(
    "impression", ["右肺下叶结节，转移待排。", "右肺下叶结节，转移不除外。", "双肺未见转移征象。"]
)
def test_what_is_only_possible_or_denied_is_no_measurement(given, expect, impression):
    imaging(given, "右肺下叶见一结节，大小约18mm×15mm。", impression)
    expect("cdm.measurement", "measurement_id")


def test_a_node_is_measured_by_its_short_axis(given, expect):
    imaging(given, "纵隔见肿大淋巴结，短径约16mm。", "纵隔淋巴结转移。")
    expect(
        "cdm.measurement",
        """
        measurement_concept_id | value_as_number | value_source_value | measurement_event_id
        35225542               | -               | node               | 103000
        2000000360             | 16.0            | -                  | 411010
        """,
    )


def test_the_depth_of_an_effusion_is_no_size(given, expect):
    imaging(given, "右侧胸腔积液，深约35mm。", "右侧胸膜转移，胸腔积液。")
    expect("cdm.measurement", "measurement_concept_id | value_as_number \n 35226258 | -")


def test_pathology_tells_the_histology_and_the_cancer_it_speaks_for(given, expect):
    pathology(given, "（鼻咽左侧壁）非角化性癌，未分化型。")
    expect(
        "cdm.measurement",
        """
        measurement_id | measurement_concept_id | measurement_type_concept_id | value_source_value       | measurement_event_id
        712020         | 2000000365             | 32835                       | 8072/3 undifferentiated  | 712600
        """,
    )


def test_a_metastasis_of_the_carcinoma_is_told_by_the_biopsy_of_another_organ(given, expect):
    pathology(given, "（右肺穿刺）低分化癌，结合病史符合鼻咽癌转移。", site="右肺")
    expect(
        "cdm.measurement",
        """
        measurement_concept_id | measurement_type_concept_id | value_source_value | value_as_concept_id | measurement_event_id
        2000000365             | 32835                       | 8010/3 poor        | -                   | 712600
        35226292               | 32835                       | -                  | 4181412             | 712600
        """,
    )


def test_a_metastasis_that_the_report_codes_is_not_told_twice(given, expect):
    pathology(given, "（右肺穿刺）低分化癌，结合病史符合鼻咽癌转移。", site="右肺", code="8010/6")
    expect("cdm.measurement", "measurement_concept_id \n 35226292 \n 2000000365")


def test_a_marker_of_the_tumour_keeps_its_result(given, expect):
    pathology(given, "（鼻咽）非角化性癌。免疫组化：EBER(+)，Ki-67(约60%+)。")
    expect(
        "cdm.measurement",
        """
        measurement_concept_id | value_as_concept_id | value_as_number | unit_concept_id
        2000000365             | -                   | -               | -
        2000000366             | 9191                | -               | -
        2000000367             | 9191                | 60.0            | 8554
        """,
    )


def test_performance_in_a_note_is_a_number_and_an_answer(given, expect):
    note(given, "一般情况可，KPS评分80分，ECOG 1分。")
    expect(
        "cdm.measurement",
        """
        measurement_concept_id | measurement_type_concept_id | value_as_number | value_as_concept_id
        36303287               | 32858                       | 80.0            | -
        36305384               | 32858                       | 1.0             | 36310827
        """,
    )


def test_a_tnm_in_a_note_is_three_categories_of_the_visits_cancer(given, expect):
    note(given, "诊断：鼻咽癌 cT3N2M1（AJCC第8版）。")
    expect(
        "cdm.measurement",
        """
        measurement_concept_id | value_source_value | measurement_event_id
        1634376                | T3N2M1             | 103000
        1634119                | T3N2M1             | 103000
        1635142                | T3N2M1             | 103000
        """,
    )


def test_the_grade_of_an_adverse_event_points_at_its_condition(given, expect):
    note(given, "化疗后出现骨髓抑制Ⅲ度。")
    expect(
        "cdm.measurement",
        """
        measurement_id | measurement_concept_id | value_as_number | measurement_event_id | meas_event_field_concept_id
        113020         | 2000000386             | 3.0             | 113010               | 1147127
        """,
    )
