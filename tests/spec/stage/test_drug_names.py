"""Drug names (trap 16) and strengths (trap 17), read against the real map."""

import pytest

CONCEPT = {
    "toripalimab": 747052,
    "camrelizumab": 36853469,
    "tislelizumab": 42609339,
    "sintilimab": 36854475,
    "pembrolizumab": 45775965,
    "gemcitabine": 1314924,
    "cisplatin": 1397599,
    "dexamethasone": 1518254,
    "atezolizumab": 42629079,
    "durvalumab": 1594034,
    "cadonilimab": 2000000026,
    "docetaxel": 1315942,
    "paclitaxel": 1378382,
    "methylprednisolone": 1506270,
    "pirarubicin": 2000000006,
}


@pytest.mark.parametrize(
    ("written", "drug"),
    [
        ("特瑞普利单抗注射液(拓益) 240mg", "toripalimab"),
        ("特瑞普利单抗注射液（拓益）２４０ｍｇ", "toripalimab"),
        ("拓益", "toripalimab"),
        ("JS001注射液", "toripalimab"),
        ("特瑞普力单抗", "toripalimab"),
        ("注射用卡瑞利珠单抗(艾瑞卡)200mg", "camrelizumab"),
        ("SHR-1210", "camrelizumab"),
        ("百泽安(替雷利珠单抗)", "tislelizumab"),
        ("信迪利单抗注射液 自备药", "sintilimab"),
        ("K药", "pembrolizumab"),
        ("注射用吉西他滨1.0g", "gemcitabine"),
        ("GEM 1.6g d1,8", "gemcitabine"),
        ("顺铂注射液+0.9%氯化钠注射液500ml", "cisplatin"),
        ("地塞米松磷酸钠注射液5mg", "dexamethasone"),
        ("阿替利珠单抗注射液", "atezolizumab"),
        ("度伐利尤单抗注射液(英飞凡)", "durvalumab"),
        ("卡度尼利单抗注射液", "cadonilimab"),
        ("泰素帝 多西他赛", "docetaxel"),
        ("泰素帝20mg", "docetaxel"),
        ("泰素", "paclitaxel"),
        ("注射用甲泼尼松龙", "methylprednisolone"),
        ("注射用吡喃阿霉素", "pirarubicin"),
    ],
)
def test_a_drug_is_found_by_generic_brand_code_name_and_misspelling(
    given, specification, written, drug
):
    given("stage.medical_order", f"row_id | is_drug | name_text \n 1 | true | {written}")
    specification.run("stage.drug_name")
    found = specification.con.execute(
        "SELECT DISTINCT map.concept_id FROM stage.drug_name AS drug"
        " JOIN vocabulary.code_map AS map ON map.source_code = drug.map_code"
        " WHERE map.source_vocabulary_id = 'npc_drug'"
    ).fetchall()
    assert found == [(CONCEPT[drug],)]


def test_pd_l1_and_bispecific_antibodies_are_not_pd_1(specification):
    rows = specification.con.execute(
        "SELECT concept_id FROM vocabulary.codelist WHERE codelist = 'pd1'"
    ).fetchall()
    listed = {row[0] for row in rows}
    inhibitors = ("toripalimab", "camrelizumab", "tislelizumab", "sintilimab", "pembrolizumab")
    assert {CONCEPT[drug] for drug in inhibitors} <= listed
    assert not {CONCEPT[drug] for drug in ("atezolizumab", "durvalumab", "cadonilimab")} & listed


@pytest.mark.parametrize(
    "written", ["单抗", "PD-1单抗", "某某利单抗", "EPINEPHRINE", "GEMFIBROZIL"]
)
def test_a_class_or_a_part_of_a_word_is_no_drug(given, expect, written):
    given("stage.medical_order", f"row_id | is_drug | name_text \n 1 | true | {written}")
    expect("stage.drug_name", f"name_text | map_code \n {written} | {written}")


def test_orders_that_are_no_drugs_are_not_looked_up(given, expect):
    given("stage.medical_order", "row_id | is_drug | name_text \n 1 | false | 顺铂血药浓度")
    expect("stage.drug_name", "name_text")


def test_a_solvent_counts_only_where_no_drug_is_named(given, expect):
    given(
        "stage.medical_order",
        """
        row_id | is_drug | name_text
        1      | true    | 5%葡萄糖注射液250ml
        2      | true    | 葡萄糖酸钙注射液
        3      | true    | 左氧氟沙星氯化钠注射液
        4      | true    | 奥沙利铂+5%GS
        """,
    )
    expect(
        "stage.drug_name",
        """
        name_text              | map_code
        5%葡萄糖注射液250ml    | 5%葡萄糖注射液
        葡萄糖酸钙注射液       | 葡萄糖酸钙
        左氧氟沙星氯化钠注射液 | 左氧氟沙星
        奥沙利铂+5%GS          | 奥沙利铂
        """,
    )


@pytest.mark.parametrize("written", ["特瑞普利单抗或安慰剂", "JS001/Placebo 240mg", "盲态试验药"])
def test_a_blinded_trial_drug_is_not_taken_for_the_drug(given, specification, written):
    given("stage.medical_order", f"row_id | is_drug | name_text \n 1 | true | {written}")
    specification.run("stage.drug_name")
    found = specification.con.execute(
        "SELECT map.concept_name FROM stage.drug_name AS drug"
        " JOIN vocabulary.code_map AS map ON map.source_code = drug.map_code"
        " WHERE map.source_vocabulary_id = 'npc_drug'"
    ).fetchall()
    assert found == [("Blinded trial drug or placebo",)]


def test_a_product_that_the_map_knows_comes_before_its_ingredient(given, expect):
    given(
        "vocabulary.code_map",
        """
        source_vocabulary_id | source_code              | target_no | concept_id
        npc_drug             | 卡铂注射液               | 0         | 1344905
        npc_drug             | 卡铂注射液:150MG:15ML    | 0         | 1344909
        """,
    )
    given(
        "stage.medical_order",
        """
        row_id | is_drug | name_text        | strength_text
        1      | true    | 卡铂注射液       | 150mg：15ml
        2      | true    | 卡铂注射液(齐鲁) | 50mg:5ml
        """,
    )
    expect(
        "stage.drug_name",
        """
        name_text        | strength_text | map_code
        卡铂注射液       | 150mg：15ml   | 卡铂注射液:150MG:15ML
        卡铂注射液(齐鲁) | 50mg:5ml      | 卡铂注射液
        """,
    )


def test_a_name_of_the_vocabulary_counts_whole_or_where_no_curated_one_is_found(given, expect):
    given(
        "vocabulary.code_map",
        """
        source_vocabulary_id | source_code        | target_no | concept_id | status
        npc_drug             | 顺铂               | 0         | 1397599    | approved
        npc_drug             | 葡萄糖注射液(基础) | 0         | 1          | vocabulary
        npc_drug             | 顺铂注射液         | 0         | 2          | vocabulary
        npc_drug             | 辛伐他汀片         | 0         | 3          | vocabulary
        """,
    )
    given(
        "stage.medical_order",
        """
        row_id | is_drug | name_text
        1      | true    | 顺铂+葡萄糖注射液(基础)
        2      | true    | 顺铂注射液
        3      | true    | 辛伐他汀片 20mg
        """,
    )
    expect(
        "stage.drug_name",
        """
        name_text               | map_code
        顺铂+葡萄糖注射液(基础) | 顺铂
        顺铂注射液              | 顺铂注射液
        辛伐他汀片 20mg         | 辛伐他汀片
        """,
    )
