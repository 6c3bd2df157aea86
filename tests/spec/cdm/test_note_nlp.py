"""cdm.note_nlp: what a text states, with its place, its certainty and the rule that found it."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")

NOTE = """
JZLSH | WSLX     | WSBT     | JLSJ                | WSNR                        | WSZT
V1    | 入院记录 | 入院记录 | 2023-05-06 11:00:00 | 一般情况可，KPS评分80分。   | 2
"""


def test_a_fact_points_to_its_place_in_the_stored_note(given, expect):
    given("raw.EMR_WS", NOTE)
    expect(
        "cdm.note_nlp",
        """
        note_nlp_id | note_id | offset | snippet     | nlp_system    | nlp_date   | term_exists | term_modifiers
        113000      | 113500  | 6      | KPS评分80分 | npc-omop kps  | 2023-05-06 | Y           | kps=80 certainty=definite
        """,
    )


def imaging(given, impression):
    given(
        "raw.ZD_ZDJL",
        "JZLSH | ZDLB | ZDBM | ZDMC | ZDSJ \n V1 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06",
    )
    given(
        "raw.RIS_BG",
        f"JZLSH | JCLB | JCBW | JCSJ | YXZD | BGZT \n V1 | CT | 胸部 | 2023-05-08 | {impression} | 3",
    )


@pytest.mark.parametrize(
    ("impression", "exists", "certainty"),
    [
        ("右肺下叶结节，转移待排。", "Y", "possible"),
        ("右肺下叶结节，考虑转移。", "Y", "probable"),
        ("右肺下叶未见转移。", "N", "negated"),
    ],
)
def test_a_fact_has_its_concept_however_sure_the_text_is(
    given, expect, impression, exists, certainty
):
    imaging(given, impression)
    expect("cdm.note_nlp", f"note_nlp_concept_id | term_exists \n 35226291 | {exists}")
    expect("note.coded_fact", f"code | certainty \n LUNG:RIGHT:下 | {certainty}")


def test_a_site_without_a_line_of_its_own_is_its_organ(given, expect):
    imaging(given, "左颈部淋巴结转移。")
    expect("note.coded_fact", "code \n LYMPH_NODE")


def test_a_follow_up_is_a_note(given, expect):
    given("raw.SF_SFJL", "EMPI_ID | SFRQ | SCZT | JZQK \n E1 | 2023-11-06 | - | 2022年11月疾病进展")
    expect(
        "cdm.note_nlp",
        "note_id | note_nlp_concept_id | term_temporal \n 118500 | 1617595 | dated 2022-11",
    )
