"""The domain of the standard concept decides the table, whatever hospital table a code came from."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


@pytest.mark.parametrize(
    ("code", "name", "concept"),
    [
        ("Z51.103", "恶性肿瘤化学治疗", 2000000300),
        ("Z51.003", "恶性肿瘤放射治疗", 2000000301),
        ("Z51.801", "恶性肿瘤靶向治疗", 2000000302),
        ("Z08.000", "恶性肿瘤手术后的随诊检查", 2000000303),
        ("Z85.804", "鼻咽恶性肿瘤个人史", 2000000304),
        ("Z92.300", "放射治疗个人史", 2000000044),
        ("Z92.600", "肿瘤化疗个人史", 2000000045),
        ("Z94.000", "肾移植状态", 42539502),
    ],
)
def test_an_admission_or_a_history_is_an_observation_and_no_condition(
    given, expect, code, name, concept
):
    given("raw.ZD_ZDJL", f"JZLSH | ZDLB | ZDBM | ZDMC \n V1 | 3 | {code} | {name}")
    expect(
        "cdm.observation",
        f"observation_concept_id | observation_source_value \n {concept} | {code}",
    )
    expect("cdm.condition_occurrence", "condition_occurrence_id")


@pytest.mark.parametrize(
    ("code", "name", "concepts"),
    [
        ("C77.000", "颈部淋巴结继发恶性肿瘤", [36768587]),
        ("C77.101", "肺门淋巴结继发恶性肿瘤", [36768587, 35225542]),
        ("C77.200", "腹腔淋巴结继发恶性肿瘤", [36768587, 2000000306]),
        ("C78.000x011", "双肺转移瘤", [36770283]),
        ("C79.404", "脊膜继发恶性肿瘤", [35225775]),
        ("C79.900", "继发性恶性肿瘤", [36769180]),
    ],
)
def test_a_secondary_neoplasm_is_a_measurement_and_no_condition(
    given, expect, code, name, concepts
):
    given("raw.ZD_ZDJL", f"JZLSH | ZDLB | ZDBM | ZDMC \n V1 | 3 | {code} | {name}")
    rows = "\n".join(f"{concept} | 4181412" for concept in concepts)
    expect("cdm.measurement", f"measurement_concept_id | value_as_concept_id \n {rows}")
    expect("cdm.condition_occurrence", "condition_occurrence_id")
    expect("cdm.observation", "observation_id")
