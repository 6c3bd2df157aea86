"""cdm.measurement: cancer modifiers, the condition that each modifies, and who says so."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


def diagnoses(given, *rows):
    given("raw.ZD_ZDJL", "\n".join(["row_id | JZLSH | ZDLB | ZDBM | ZDMC | ZDSJ", *rows]))


def visit(given, row):
    given("raw.JZ_JZJL", f"row_id | JZLSH | EMPI_ID | JZLX | RYSJ | CYSJ \n {row}")


NPC = "1 | V1 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06"
LUNG_CANCER = "2 | V1 | 4 | C34.900 | 肺恶性肿瘤 | 2023-05-06"


def test_a_coded_metastasis_points_at_the_primary_and_says_that_a_code_tells_it(given, expect):
    diagnoses(given, NPC, "2 | V1 | 4 | C78.000 | 肺继发恶性肿瘤 | 2023-05-06")
    expect(
        "cdm.measurement",
        """
        measurement_id | measurement_concept_id | measurement_type_concept_id | value_as_concept_id | measurement_event_id | meas_event_field_concept_id
        203000         | 36770283               | 32817                       | 4181412             | 103000               | 1147127
        """,
    )


def test_a_code_with_two_targets_points_at_the_primary_twice(given, expect):
    diagnoses(given, NPC, "2 | V1 | 4 | C77.100 | 纵隔淋巴结继发恶性肿瘤 | 2023-05-06")
    expect(
        "cdm.measurement",
        """
        measurement_concept_id | measurement_event_id
        36768587               | 103000
        35225542               | 103000
        """,
    )


def test_a_biopsy_of_a_metastasis_is_told_by_pathology_with_its_lobe(given, expect):
    diagnoses(given, NPC)
    given(
        "raw.PIS_BG",
        """
        row_id | BLH | JZLSH | BBLX | SJBW             | XTXBM  | BGSJ
        7      | B1  | V1    | 穿刺 | 右肺下叶后基底段 | 8072/6 | 2023-05-09
        8      | B2  | V1    | 穿刺 | 某处             | 8072/6 | 2023-05-10
        """,
    )
    expect(
        "cdm.measurement",
        """
        measurement_id | measurement_concept_id | measurement_date | measurement_type_concept_id | value_as_concept_id | measurement_event_id | measurement_source_value
        712010         | 35226291               | 2023-05-09       | 32835                       | 4181412             | 103000               | 8072/6 右肺下叶后基底段
        812010         | 36769180               | 2023-05-10       | 32835                       | 4181412             | 103000               | 8072/6 某处
        """,
    )


@pytest.mark.parametrize(
    ("site", "concepts"),
    [
        ("左锁骨上肿物", "36768587"),  # no bone
        ("右颈部肿块", "36768587"),
        ("颈椎", "36769301"),
        ("髂后上棘骨髓", "35226074"),
        ("左侧胸腔积液", "35226258"),
        ("腹水", "35226253"),
        ("左肺门肿物", "35226169"),
        ("左腋窝淋巴结", "36768587 2000000307"),
        ("腹膜后淋巴结", "36768587 2000000306"),
    ],
)
def test_a_metastasis_is_where_the_specimen_was_taken(given, expect, site, concepts):
    diagnoses(given, NPC)
    given(
        "raw.PIS_BG", f"BLH | JZLSH | SJBW | XTXBM | BGSJ \n B1 | V1 | {site} | 8072/6 | 2023-05-09"
    )
    expect("cdm.measurement", "\n".join(["measurement_concept_id", *concepts.split()]))


def test_stage_response_and_the_metastasis_irradiated_are_the_annexs(given, expect):
    diagnoses(given, NPC)
    given(
        "raw.BA_ZLFY",
        """
        JZLSH | ZLFQLX | FQT | FQM | FQ  | LX | ZYZMC          | ZYZKSSJ
        V1    | AJCC8  | cT3 | M1  | IVB | PR | 右肺上叶转移灶 | 2023-05-12
        """,
    )
    expect(
        "cdm.measurement",
        """
        measurement_id | measurement_concept_id | measurement_date | measurement_event_id | measurement_source_value
        105000         | 1634376                | 2023-05-20       | 103000               | AJCC8 cT3
        105020         | 1635142                | 2023-05-20       | 103000               | AJCC8 M1
        105030         | 1633987                | 2023-05-20       | 103000               | AJCC8 IVB
        105040         | 1633368                | 2023-05-20       | 103000               | AJCC8 PR
        105050         | 35225657               | 2023-05-12       | 103000               | 右肺上叶转移灶
        """,
    )


def test_of_two_cancers_the_principal_diagnosis_of_the_visit_owns_its_findings(given, expect):
    diagnoses(given, NPC, LUNG_CANCER, "3 | V1 | 4 | C78.700 | 肝继发恶性肿瘤 | 2023-05-06")
    expect("cdm.measurement", "measurement_id | measurement_event_id \n 303000 | 103000")


def test_of_two_cancers_the_one_that_the_visit_codes_owns_its_findings(given, expect):
    visit(given, "2 | V2 | E1 | 3 | 2024-01-05 | 2024-01-09")
    diagnoses(
        given,
        NPC,
        LUNG_CANCER,
        "3 | V2 | 4 | C11.900 | 鼻咽恶性肿瘤 | 2024-01-05",
        "4 | V2 | 3 | C78.700 | 肝继发恶性肿瘤 | 2024-01-05",
    )
    expect("cdm.measurement", "measurement_id | measurement_event_id \n 403000 | 103000")


def test_a_visit_that_codes_no_primary_takes_the_one_diagnosed_last_before_it(given, expect):
    visit(given, "2 | V2 | E1 | 3 | 2024-01-05 | 2024-01-09")
    visit(given, "3 | V3 | E1 | 3 | 2025-01-05 | 2025-01-09")
    diagnoses(
        given,
        NPC,
        "2 | V2 | 3 | C34.900 | 肺恶性肿瘤 | 2024-01-05",
        "3 | V3 | 3 | C78.700 | 肝继发恶性肿瘤 | 2025-01-05",
    )
    expect("cdm.measurement", "measurement_id | measurement_event_id \n 303000 | 203000")


def test_two_cancers_that_nothing_tells_apart_leave_the_finding_unlinked(given, expect):
    visit(given, "2 | V2 | E1 | 3 | 2024-01-05 | 2024-01-09")
    diagnoses(
        given,
        NPC.replace("| 3 |", "| 4 |"),
        LUNG_CANCER,
        "3 | V2 | 3 | C78.700 | 肝继发恶性肿瘤 | 2024-01-05",
    )
    expect(
        "cdm.measurement",
        "measurement_id | measurement_event_id | meas_event_field_concept_id \n 303000 | - | -",
    )


def test_a_metastasis_before_any_primary_is_unlinked(given, expect):
    visit(given, "2 | V2 | E1 | 3 | 2024-01-05 | 2024-01-09")
    diagnoses(
        given,
        "1 | V1 | 3 | C78.000 | 肺继发恶性肿瘤 | 2023-05-06",
        "2 | V2 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2024-01-05",
    )
    expect("cdm.measurement", "measurement_id | measurement_event_id \n 103000 | -")


def test_a_visit_has_one_primary_however_often_it_is_coded(given, expect):
    diagnoses(
        given,
        NPC,
        "2 | V1 | 2 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06",
        "3 | V1 | 4 | C11.200 | 鼻咽侧壁恶性肿瘤 | 2023-05-06",
        "4 | V1 | 4 | C78.000 | 肺继发恶性肿瘤 | 2023-05-06",
    )
    expect("stem.visit_primary", "visit_id | condition_id \n 102000 | 103000")
    expect("cdm.measurement", "measurement_id \n 403000")


def test_a_suspected_metastasis_is_linked_and_not_present(given, expect):
    diagnoses(given, NPC, "2 | V1 | 4 | C78.000 | 肺转移？ | 2023-05-06")
    expect("stem.metastasis_evidence", "event_id")
