"""cdm.condition_occurrence: how codes are split, mapped, quarantined or kept with concept 0."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


def test_dagger_and_star_are_stripped(given, expect):
    given(
        "raw.ZD_ZDJL",
        """
        JZLSH | ZDLB | ZDBM      | ZDMC
        V1    | 4    | E11.900†  | 2型糖尿病
        V1    | 4    | g40.900*  | 癫痫
        V1    | 4    | G40.901+  | 癫痫
        """,
    )
    expect(
        "cdm.condition_occurrence",
        """
        condition_source_value | condition_concept_id
        E11.900                | 201826
        G40.900                | 380378
        G40.901                | 380378
        """,
    )


def test_a_combined_code_is_two_conditions(given, expect):
    given("raw.ZD_ZDJL", "JZLSH | ZDLB | ZDBM | ZDMC \n V1 | 4 | E11.900x005+G40.9* | 糖尿病伴癫痫")
    expect(
        "cdm.condition_occurrence",
        """
        condition_occurrence_id | condition_source_value | condition_concept_id
        103000                  | E11.900X005            | 201826
        103010                  | G40.9                  | 380378
        """,
    )


def test_a_diagnosis_without_a_mapping_is_kept_with_concept_0(given, expect):
    given("raw.ZD_ZDJL", "JZLSH | ZDLB | ZDBM | ZDMC \n V1 | 4 | Q99.900 | 染色体异常")
    expect(
        "cdm.condition_occurrence",
        """
        condition_concept_id | condition_source_value | condition_start_date
        0                    | Q99.900                | 2023-05-06
        """,
    )


def test_a_diagnosis_in_words_only_keeps_its_words(given, expect):
    given(
        "raw.ZD_ZDJL", "JZLSH | ZDLB | ZDMC | ZDSJ \n V1 | 1 | 鼻咽部新生物 | 2023-05-07 11:00:00"
    )
    expect(
        "cdm.condition_occurrence",
        """
        condition_concept_id | condition_source_value | condition_start_datetime
        0                    | 鼻咽部新生物           | 2023-05-07 11:00:00
        """,
    )


def test_a_name_that_contradicts_its_code_quarantines_the_mapping(given, expect):
    given(
        "raw.ZD_ZDJL",
        """
        JZLSH | ZDLB | ZDBM    | BMBB   | ZDMC
        V1    | 4    | C78.101 | 院内   | 肺部继发恶性肿瘤
        V1    | 4    | C11.900 | 国临2.0 | 喉恶性肿瘤
        """,
    )
    expect("cdm.measurement", "measurement_id")
    expect(
        "cdm.condition_occurrence",
        """
        condition_concept_id | condition_source_value
        0                    | C78.101
        0                    | C11.900
        """,
    )


def test_a_code_with_two_targets_is_two_events(given, expect):
    given(
        "vocabulary.code_map",
        """
        source_vocabulary_id | source_code | target_no | concept_id | domain_id
        npc_icd10            | E10.1       | 0         | 201254     | Condition
        npc_icd10            | E10.1       | 1         | 443727     | Condition
        """,
    )
    given("raw.ZD_ZDJL", "JZLSH | ZDLB | ZDBM | ZDMC \n V1 | 4 | E10.100 | 1型糖尿病伴酮症酸中毒")
    expect(
        "cdm.condition_occurrence",
        """
        condition_occurrence_id | condition_concept_id
        103000                  | 201254
        103001                  | 443727
        """,
    )


def test_the_concept_of_the_code_itself_is_kept_beside_the_standard_one(given, expect):
    given(
        "vocabulary.code_map",
        """
        source_vocabulary_id | source_code | target_no | concept_id | domain_id | source_concept_id
        npc_icd10            | E10.1       | 0         | 201254     | Condition | 1567973
        """,
    )
    given("raw.ZD_ZDJL", "JZLSH | ZDLB | ZDBM | ZDMC \n V1 | 4 | E10.100 | 1型糖尿病伴酮症酸中毒")
    expect(
        "cdm.condition_occurrence",
        """
        condition_concept_id | condition_source_concept_id | condition_source_value
        201254               | 1567973                     | E10.100
        """,
    )
