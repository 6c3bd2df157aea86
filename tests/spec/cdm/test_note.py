"""cdm.note: the texts, as they were scrubbed at landing."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


def test_a_signed_note_is_kept_with_its_kind(given, expect):
    given(
        "raw.EMR_WS",
        """
        JZLSH | WSLX     | WSBT     | JLSJ                | WSNR              | WSZT
        V1    | 入院记录 | 入院记录 | 2023-05-06 11:00:00 | KPS评分80分。     | 2
        V1    | 某某文书 | -        | -                   | 患者一般情况可。  | 2
        """,
    )
    expect(
        "cdm.note",
        """
        note_id | note_date  | note_type_concept_id | note_title | note_text        | note_source_value | visit_occurrence_id
        113500  | 2023-05-06 | 32819                | 入院记录   | KPS评分80分。    | 入院记录          | 102000
        213500  | 2023-05-06 | 32831                | -          | 患者一般情况可。 | 某某文书          | 102000
        """,
    )


def test_drafts_withdrawn_and_empty_notes_are_none(given, expect):
    given(
        "raw.EMR_WS",
        """
        JZLSH | WSLX     | JLSJ       | WSNR | WSZT | fate
        V1    | 入院记录 | 2023-05-06 | 草稿 | 1    | void
        V1    | 入院记录 | 2023-05-06 | 作废 | 9    | void
        V1    | 入院记录 | 2023-05-06 | -    | 2    | current
        """,
    )
    expect("cdm.note", "note_id")
    expect("stage.clinical_note", "row_id | reject_reason \n 3 | no text")


def test_an_imaging_report_is_a_note_of_findings_and_impression(given, expect, specification):
    given(
        "raw.RIS_BG",
        """
        JZLSH | JCLB | JCXMMC     | JCSJ       | YXSJ               | YXZD           | BGZT
        V1    | CT   | 胸部CT增强 | 2023-05-08 | 双肺见多发结节影。 | 双肺多发转移瘤 | 3
        V1    | CT   | 胸部CT增强 | 2023-05-09 | -                  | -              | 3
        """,
    )
    expect(
        "cdm.note",
        "note_id | note_type_concept_id | note_title \n 111500 | 32841 | 胸部CT增强",
    )
    [(text,)] = specification.con.execute("SELECT note_text FROM cdm.note").fetchall()
    assert text == "双肺见多发结节影。\n双肺多发转移瘤"


@pytest.mark.parametrize("kind", ["活检", "会诊", "冰冻", "-"])
def test_a_pathology_report_is_one_whatever_its_material(given, expect, kind):
    given(
        "raw.PIS_BG",
        f"BLH | JZLSH | BBLX | BLZD | BGSJ \n B2 | V1 | {kind} | （鼻咽）非角化性癌 | 2023-05-09",
    )
    expect(
        "cdm.note",
        "note_id | note_type_concept_id | note_text \n 112500 | 32835 | （鼻咽）非角化性癌",
    )


def test_an_imaging_report_is_one_whatever_its_modality(given, expect):
    given("raw.RIS_BG", "JZLSH | JCLB | JCSJ | YXZD \n V1 | 其他 | 2023-05-08 | 未见异常")
    expect("cdm.note", "note_type_concept_id | note_source_value \n 32841 | 其他")


def test_a_pathology_report_is_all_its_parts_in_order(given, expect, specification):
    given(
        "raw.PIS_BG",
        """
        BLH | JZLSH | DTSJ     | BLZD               | MYZH                | BCBG        | BGSJ
        B2  | V1    | 灰白组织 | 非角化性癌，未分化型 | CK(+)，EBER(+)      | 补充：P63(+) | 2023-05-09
        """,
    )
    specification.run("cdm.note")
    [(text,)] = specification.con.execute("SELECT note_text FROM cdm.note").fetchall()
    assert text.splitlines() == [
        "灰白组织",
        "非角化性癌，未分化型",
        "CK(+)，EBER(+)",
        "补充：P63(+)",
    ]
