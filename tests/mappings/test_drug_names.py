"""Generic, product, brand, alias and code names of drugs (trap 16)."""

import duckdb
import pytest

PD1_NAMES = [
    "特瑞普利单抗",
    "特瑞普利单抗注射液",
    "拓益",
    "JS001",
    "特瑞普力单抗",
    "特瑞普单抗",
    "卡瑞利珠单抗",
    "注射用卡瑞利珠单抗",
    "艾瑞卡",
    "SHR-1210",
    "替雷利珠单抗",
    "替雷利珠单抗注射液",
    "百泽安",
    "BGB-A317",
    "替雷利株单抗",
    "TIRELIZUMAB",
    "派安普利单抗",
    "安尼可",
    "AK105",
    "信迪利单抗",
    "达伯舒",
    "IBI308",
    "帕博利珠单抗",
    "可瑞达",
    "K药",
    "派姆单抗",
    "MK-3475",
    "KEYTRUDA",
    "帕姆单抗",
    "纳武利尤单抗",
    "欧狄沃",
    "O药",
    "OPDIVO",
    "纳武单抗",
    "尼伏人单抗",
    "赛帕利单抗",
    "誉妥",
    "GLS-010",
    "斯鲁利单抗",
    "汉斯状",
    "HLX10",
    "普特利单抗",
    "普佑恒",
    "HX008",
    "菲诺利单抗",
    "安佑平",
    "SCT-I10A",
    "恩朗苏拜单抗",
    "恩舒幸",
    "SG001",
]
NOT_PD1_NAMES = [
    "舒格利单抗",
    "择捷美",
    "CS1001",
    "阿替利珠单抗",
    "泰圣奇",
    "T药",
    "度伐利尤单抗",
    "英飞凡",
    "I药",
    "恩沃利单抗",
    "阿得贝利单抗",
    "贝莫苏拜单抗",
    "塔戈利单抗",
    "索卡佐利单抗",
    "卡度尼利单抗",
    "开坦尼",
    "AK104",
    "依沃西单抗",
    "AK112",
    "QL1706",
    "伊匹木单抗",
    "替西木单抗",
    "西妥昔单抗",
    "尼妥珠单抗",
    "贝伐珠单抗",
]


def ids(con: duckdb.DuckDBPyConnection, sql: str) -> set[int]:
    return {row[0] for row in con.execute(sql).fetchall()}


@pytest.mark.parametrize("name", PD1_NAMES)
def test_every_name_of_a_pd1_inhibitor_is_one(
    written: duckdb.DuckDBPyConnection, name: str
) -> None:
    pd1 = ids(written, "SELECT concept_id FROM codelist WHERE codelist = 'pd1'")
    found = ids(
        written,
        "SELECT concept_id FROM code_map WHERE source_vocabulary_id = 'npc_drug'"
        f" AND source_code = normal_code('{name}')",
    )
    assert found
    assert found <= pd1


@pytest.mark.parametrize("name", NOT_PD1_NAMES)
def test_another_antibody_is_no_pd1_inhibitor(
    written: duckdb.DuckDBPyConnection, name: str
) -> None:
    pd1 = ids(written, "SELECT concept_id FROM codelist WHERE codelist = 'pd1'")
    found = ids(
        written,
        "SELECT concept_id FROM code_map WHERE source_vocabulary_id = 'npc_drug'"
        f" AND source_code = normal_code('{name}')",
    )
    assert found
    assert not found & pd1


def test_s1_is_three_ingredients(written: duckdb.DuckDBPyConnection) -> None:
    found = ids(
        written,
        "SELECT concept_id FROM code_map"
        " WHERE source_vocabulary_id = 'npc_drug' AND source_code = '替吉奥胶囊'",
    )
    assert found == {19056756, 36878777, 36878778}


def test_a_drug_maps_to_an_ingredient(written: duckdb.DuckDBPyConnection) -> None:
    other = written.execute(
        "SELECT DISTINCT concept_class_id FROM code_map JOIN concept USING (concept_id)"
        " WHERE source_vocabulary_id = 'npc_drug' AND status <> 'no_match'"
    ).fetchall()
    assert other == [("Ingredient",)]
