"""cdm.specimen: what the laboratory and the pathologist received."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


def test_each_laboratory_and_pathology_report_has_its_specimen(given, expect):
    given(
        "raw.LIS_BG",
        "BGDH | JZLSH | BBMC | CJSJ | SHZT \n R1 | V1 | 血清 | 2023-05-07 07:30:00 | 2",
    )
    given(
        "raw.PIS_BG",
        "BLH | JZLSH | BBLX | SJBW | BGSJ \n B2 | V1 | 活检 | 鼻咽左侧壁 | 2023-05-09 15:00:00",
    )
    expect(
        "cdm.specimen",
        """
        specimen_id | specimen_concept_id | specimen_type_concept_id | specimen_datetime   | specimen_source_value
        109000      | 2000000182          | 32856                    | 2023-05-07 07:30:00 | 血清
        112000      | 2000000199          | 32835                    | 2023-05-09 15:00:00 | 活检 鼻咽左侧壁
        """,
    )


def test_a_mapped_specimen_has_its_concept(given, expect):
    given(
        "vocabulary.code_map",
        """
        source_vocabulary_id | source_code | target_no | concept_id | domain_id
        npc_specimen         | 血清        | 0         | 4001225    | Specimen
        """,
    )
    given("raw.LIS_BG", "BGDH | JZLSH | BBMC | CJSJ \n R1 | V1 | 血 清 | 2023-05-07 07:30:00")
    expect("cdm.specimen", "specimen_concept_id \n 4001225")


def test_a_withdrawn_report_has_no_specimen(given, expect):
    given(
        "raw.LIS_BG",
        "BGDH | JZLSH | BBMC | CJSJ | SHZT | fate \n R1 | V1 | 血清 | 2023-05-07 | 9 | void",
    )
    expect("cdm.specimen", "specimen_id")
