"""Diagnosis codes: split, stripped, resolved by prefix, quarantined where the name contradicts."""

import pytest


def diagnosis(given, *rows):
    header = "row_id | code_text | version_text | name_text | suspected_flag"
    given("stage.diagnosis", "\n".join([header, *rows]))


MAP = """
    source_vocabulary_id | source_code | target_no | concept_id | domain_id
    npc_icd10            | C78         | 0         | 36769180   | Measurement
    npc_icd10            | C78.0       | 0         | 36770283   | Measurement
    npc_icd10            | C78.1       | 0         | 35225542   | Measurement
    npc_icd9cm3          | C78.00      | 0         | 1          | Procedure
"""


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("C11.900", ["C11.900"]),
        ("c11.900 ", ["C11.900"]),
        ("Ｃ１１．９００", ["C11.900"]),
        ("M32.101†", ["M32.101"]),
        ("G63.2*", ["G63.2"]),
        ("C11.9+", ["C11.9"]),
        ("A01.000x005+J17.0*", ["A01.000X005", "J17.0"]),
        ("M32.101†+N08.5*", ["M32.101", "N08.5"]),
    ],
)
def test_suffixes_are_stripped_and_a_combined_code_is_split(given, expect, written, codes):
    diagnosis(given, f"1 | {written} | - | - | 0")
    rows = "\n".join(f"{position} | {code}" for position, code in enumerate(codes))
    expect("stage.coded_diagnosis", f"position | code\n{rows}")


def test_the_longest_mapped_prefix_resolves_a_code(given, expect):
    given("vocabulary.code_map", MAP)
    diagnosis(
        given,
        "1 | C78.000x011 | - | 肺部继发恶性肿瘤 | 0",
        "2 | C78.900 | - | 呼吸系统继发恶性肿瘤 | 0",
        "3 | D10.600 | - | 鼻咽良性肿瘤 | 0",
        "4 | C78.100 | - | - | 0",
    )
    expect(
        "stage.diagnosis_code",
        """
        code        | map_code | is_quarantined
        C78.000X011 | C78.0    | false
        C78.900     | C78      | false
        D10.600     | D10.600  | false
        C78.100     | C78.1    | false
        """,
    )


@pytest.mark.parametrize(
    ("code", "name", "is_quarantined"),
    [
        ("C78.001", "肺继发恶性肿瘤", "false"),  # one list's meaning of C78.001
        ("C78.001", "支气管继发恶性肿瘤", "false"),  # and the other's: both lie within C78.0
        ("C78.001", "纵隔继发恶性肿瘤", "true"),
        ("C78.100", "纵膈继发恶性肿瘤", "false"),  # 纵膈 is a variant of 纵隔
        ("C11.101", "腺样体恶性肿瘤", "false"),
        ("C11.900", "口咽恶性肿瘤", "true"),
        ("Z51.101", "恶性肿瘤术后化疗", "false"),
        ("Z51.101", "恶性肿瘤放射治疗", "true"),
        ("C34.900", "肺继发恶性肿瘤", "true"),
    ],
)
def test_one_code_means_different_things_and_the_name_decides(
    given, expect, code, name, is_quarantined
):
    diagnosis(given, f"1 | {code} | 北京v601 | {name} | 0")
    expect("stage.diagnosis_code", f"name_text | is_quarantined \n {name} | {is_quarantined}")


def test_a_quarantined_code_has_no_place_in_the_map(given, expect):
    diagnosis(given, "1 | C78.001 | 院内 | 纵隔继发恶性肿瘤 | 0")
    expect("stage.diagnosis_code", "code | map_code \n C78.001 | -")


@pytest.mark.parametrize(
    ("name", "flag", "is_suspected"),
    [
        ("鼻咽恶性肿瘤", "0", "false"),
        ("鼻咽恶性肿瘤", "-", "false"),
        ("鼻咽恶性肿瘤", "1", "true"),
        ("肺结节？", "0", "true"),
        ("转移瘤待排", "0", "true"),
        ("发热待查", "0", "true"),
        ("疑似肺转移", "0", "true"),
        ("可疑肺转移", "0", "true"),
        ("肺转移不除外", "0", "true"),
        ("-", "0", "false"),
    ],
)
def test_a_flag_or_a_hedge_in_the_name_makes_a_suspicion(given, expect, name, flag, is_suspected):
    diagnosis(given, f"1 | C78.000 | - | {name} | {flag}")
    expect("stage.coded_diagnosis", f"is_suspected \n {is_suspected}")


def test_a_front_page_gives_sixteen_diagnoses_without_its_empty_places(given, expect):
    given("stage.visit_link", "visit_key | visit_id | person_id \n V1 | 102000 | 1")
    given(
        "raw.BA_SY",
        """
        JZLSH | JBDM    | JBDM2   | QTZD3    | JBDM15
        V1    | Z51.103 | C11.900 | 高血压病 | C78.000+J91*
        """,
    )
    expect(
        "stage.coded_diagnosis",
        """
        source_no | position | category_code | code    | name_text
        4         | 0        | 3             | Z51.103 | -
        4         | 4        | 4             | C11.900 | -
        4         | 6        | 4             | -       | 高血压病
        4         | 30       | 4             | C78.000 | -
        4         | 31       | 4             | J91     | -
        """,
    )


def test_an_operation_code_is_resolved_by_its_longest_mapped_prefix(given, expect):
    given("stage.front_page", "row_id")
    given(
        "stage.operation",
        "row_id | code_text \n 1 | 92.2400x003 \n 2 | 92.2400x099 \n 3 | 01.0200",
    )
    expect(
        "stage.operation_code",
        """
        code_text   | map_code
        92.2400x003 | 92.2400X003
        92.2400x099 | 92.24
        01.0200     | 01.0200
        """,
    )


# 2 curated, 1 the vocabulary's own, 0 stands in until the vocabulary has it
MIXED = """
    source_vocabulary_id | source_code | source_name          | target_no | concept_id | domain_id | precedence
    npc_icd10            | C34         | 支气管和肺恶性肿瘤   | 0         | 443392     | Condition | 0
    npc_icd10            | C34.9       | 支气管或肺恶性肿瘤   | 0         | 258369     | Condition | 1
    npc_icd10            | C78.0       | 肺部继发性恶性肿瘤   | 0         | 36770283   | Measurement | 2
    npc_icd10            | C78.000     | 肺继发恶性肿瘤       | 0         | 1          | Condition | 1
    npc_icd10            | K52.1       | 中毒性胃肠炎         | 0         | 2          | Condition | 1
    npc_icd10            | K52.100     | 药物性肠炎           | 0         | 3          | Condition | 1
    npc_icd9cm3          | 92.24       | 光子远距离放射疗法   | 0         | 607996     | Procedure | 2
    npc_icd9cm3          | 92.2400     | 光子放射治疗         | 0         | 4          | Procedure | 1
    npc_icd9cm3          | 85.4        | 乳房切除术           | 0         | 5          | Procedure | 0
    npc_icd9cm3          | 85.43       | 乳房切除术           | 0         | 6          | Procedure | 1
"""


@pytest.mark.parametrize(
    ("code", "name", "found"),
    [
        # The vocabulary's four characters are nearer than a stand-in's three.
        ("C34.900", "肺恶性肿瘤", "C34.9"),
        # A curated four-character line speaks for the digits behind it.
        ("C78.000", "肺继发恶性肿瘤", "C78.0"),
        # The vocabulary's six digits count under its own name, and without any.
        ("K52.100", "药物性肠炎", "K52.100"),
        ("K52.100", "-", "K52.100"),
        # Another list's meaning of the same six digits: the four characters hold.
        ("K52.100", "放射性肠炎", "K52.1"),
    ],
)
def test_curated_and_vocabulary_codes_are_prefixes_alike(given, expect, code, name, found):
    given("vocabulary.code_map", MIXED)
    diagnosis(given, f"1 | {code} | - | {name} | 0")
    expect("stage.diagnosis_code", f"code | map_code \n {code} | {found}")


def test_operation_codes_follow_the_same_rule(given, expect):
    given("vocabulary.code_map", MIXED)
    given("stage.front_page", "row_id")
    given("stage.operation", "row_id | code_text \n 1 | 92.2400x003 \n 2 | 85.4300x001")
    expect(
        "stage.operation_code",
        "code_text | map_code \n 92.2400x003 | 92.24 \n 85.4300x001 | 85.43",
    )


@pytest.mark.parametrize(
    ("code", "name", "found", "is_quarantined"),
    [
        ("C80.001", "恶性肿瘤恶病质", "C80.001", "false"),
        ("C80.001", "多处恶性肿瘤", "C80", "false"),  # another list's C80.001
        ("D70.x01", "白细胞减少", "D70.X01", "false"),
        ("D70.x01", "粒细胞缺乏", "D70", "false"),
        ("C80.900", "恶病质", "-", "true"),
    ],
)
def test_a_longer_code_under_another_name_falls_back_to_four_characters(
    given, expect, code, name, found, is_quarantined
):
    diagnosis(given, f"1 | {code} | - | {name} | 0")
    expect("stage.diagnosis_code", f"map_code | is_quarantined \n {found} | {is_quarantined}")
