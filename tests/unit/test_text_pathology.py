"""What a pathology report states: specimens, one diagnosis for each, markers, supplements."""

from typing import Any

import pytest

from etl.notes.extract import extract

NPC = "8072/3"


def facts(text: str, kind: str) -> list[dict[str, Any]]:
    return [f.as_dict() for f in extract("pathology", text) if f.type == kind]


@pytest.mark.parametrize(
    ("text", "value", "keratinizing", "differentiation"),
    [
        ("（鼻咽左侧壁）非角化性癌，未分化型。", NPC, False, "undifferentiated"),
        ("鼻咽顶后壁活检：分化型非角化性癌。", NPC, False, "differentiated"),
        (
            "（鼻咽）低分化鳞状细胞癌（非角化性，未分化型）。",
            NPC,
            False,
            "undifferentiated",
        ),
        ("（鼻咽）符合鼻咽癌（WHO III型）", NPC, False, "undifferentiated"),
        ("鼻咽：Nonkeratinizing carcinoma，undifferentiated type", NPC, False, "undifferentiated"),
        ("（鼻咽）角化型鳞癌，高分化。", "8071/3", True, "well"),
        ("（鼻咽）低-中分化鳞状细胞癌", "8070/3", None, "poor"),
        ("鼻咽部低分化鳞癌，角化不明显。", "8070/3", None, "poor"),
        ("（鼻咽）基底样鳞癌。", "8083/3", None, None),
        ("（鼻咽）淋巴上皮癌。", "8082/3", None, None),
        ("（鼻咽）未分化癌。", "8020/3", None, "undifferentiated"),
        ("（鼻咽）中分化腺癌。", "8140/3", None, "moderate"),
        ("（鼻咽）弥漫性大B细胞淋巴瘤。", "9680/3", None, None),
        ("（鼻咽）低分化癌。", "8010/3", None, "poor"),
    ],
)
def test_morphology(
    text: str, value: str, keratinizing: bool | None, differentiation: str | None
) -> None:
    (diagnosis,) = facts(text, "diagnosis")
    assert diagnosis["value"] == value
    assert diagnosis.get("keratinizing") is keratinizing
    assert diagnosis.get("differentiation") == differentiation
    assert diagnosis["behaviour"] == "malignant"


@pytest.mark.parametrize(
    ("text", "behaviour"),
    [
        ("（鼻咽）黏膜慢性炎，淋巴组织增生，未见癌。", "no_tumour"),
        ("（鼻咽）粘膜慢性炎伴鳞状上皮化生。", "benign"),
        ("（鼻咽）末见肿瘤细胞。", "no_tumour"),
        ("鼻咽活检组织少，挤压变形，不足以诊断，建议重取。", "insufficient"),
    ],
)
def test_no_tumour_is_benign_free_or_too_little(text: str, behaviour: str) -> None:
    (diagnosis,) = facts(text, "diagnosis")
    assert (diagnosis["value"], diagnosis["behaviour"]) == (None, behaviour)


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("（鼻咽）非角化性癌。", "definite"),
        ("（鼻咽）倾向非角化性癌。", "probable"),
        ("（鼻咽）见少许异型细胞，癌不除外。", "possible"),
    ],
)
def test_certainty_is_that_of_the_diagnosis(text: str, certainty: str) -> None:
    (diagnosis,) = facts(text, "diagnosis")
    assert diagnosis["certainty"] == certainty


@pytest.mark.parametrize(
    ("text", "metastasis"),
    [
        ("（左肺下叶）查见癌，结合病史及免疫组化，符合鼻咽癌转移。", True),
        ("（肺）转移性非角化性癌，结合病史符合鼻咽来源。", True),
        ("（肝）转移性未分化癌，提示鼻咽来源。", True),
        ("（右肺上叶）腺癌，考虑肺原发，非鼻咽癌转移。", None),
        ("（右肺上叶）鳞状细胞癌，不支持鼻咽癌转移。", None),
        ("（鼻咽）非角化性癌。", None),
    ],
)
def test_a_metastasis_of_the_nasopharyngeal_carcinoma_is_told(
    text: str, metastasis: bool | None
) -> None:
    (diagnosis,) = facts(text, "diagnosis")
    assert diagnosis.get("npc_metastasis") is metastasis


def test_each_specimen_has_its_diagnosis() -> None:
    text = "1.（鼻咽顶后壁）非角化性癌，未分化型。2.（左颈淋巴结）慢性炎，未见癌。"
    sites = [(f["value"], f.get("side")) for f in facts(text, "specimen")]
    assert sites == [("nasopharynx", None), ("lymph_node", "left")]
    told = [(f["value"], f["behaviour"], f["site"]) for f in facts(text, "diagnosis")]
    assert told == [(NPC, "malignant", "nasopharynx"), (None, "no_tumour", "lymph_node")]


def test_what_the_clinician_thought_is_no_diagnosis() -> None:
    text = "临床诊断：鼻咽癌?\n病理诊断：（鼻咽）黏膜慢性炎，未见癌。"
    assert [f["behaviour"] for f in facts(text, "diagnosis")] == ["no_tumour"]


def test_a_supplement_supersedes_the_diagnosis_before() -> None:
    text = (
        "原病理诊断：（右颈淋巴结）转移性低分化癌。\n"
        "补充诊断：（右颈淋巴结）转移性非角化性癌，考虑鼻咽癌转移。"
    )
    assert [f["value"] for f in facts(text, "supplement")] == [True]
    assert [f["value"] for f in facts(text, "diagnosis")] == [NPC]


@pytest.mark.parametrize(
    ("text", "marker", "result", "number"),
    [
        ("CK(+)", "CK", "positive", None),
        ("P63（＋）", "P63", "positive", None),
        ("CK5/6+，", "CK5/6", "positive", None),
        ("Ki-67(约60%+)", "Ki-67", "positive", 60),
        ("Ki67阳性率约40%-50%", "Ki-67", "positive", 50),
        ("EBER原位杂交（+）", "EBER", "positive", None),
        ("EBER-ISH：（－）", "EBER", "negative", None),
        ("EBER阳性", "EBER", "positive", None),
        ("S-100(-)", "S-100", "negative", None),
        ("CK（灶+）", "CK", "focal", None),
        ("Vimentin（弱+）", "Vimentin", "weak", None),
        ("P40弥漫+，", "P40", "positive", None),
        ("PD-L1（22C3）：CPS=15", "PD-L1 CPS", "positive", 15),
        ("PD-L1(SP263) TPS 30%", "PD-L1 TPS", "positive", 30),
        ("EBER（外送重做）：（＋）", "EBER", "positive", None),
        ("EBER未检出阳性细胞", "EBER", "negative", None),
        ("EBER核阳性", "EBER", "positive", None),
        ("Ki-67 LI≈55%", "Ki-67", "positive", 55),
        ("EBER原位杂交：A（-）", "EBER", "negative", None),
        ("INI-1（未缺失）", "INI-1", "positive", None),
    ],
)
def test_marker(text: str, marker: str, result: str | None, number: int | None) -> None:
    (fact,) = facts(text, "marker")
    assert (fact["value"], fact.get("result"), fact.get("number")) == (marker, result, number)


def test_a_list_of_markers_shares_its_result() -> None:
    found = facts("免疫组化：CK、P63、P40均（+），S-100、HMB45均(-)", "marker")
    assert [f["result"] for f in found] == ["positive"] * 3 + ["negative"] * 2


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("“鼻咽”非角化性癌，未分化型。", "nasopharynx"),
        ("鼻咽，活检，非角化性癌", "nasopharynx"),
        ("病变部位：鼻咽 病理诊断：未分化癌", "nasopharynx"),
        ("鼻咽癌放疗后左顶壁再取：非角化性癌残留", "nasopharynx"),
        ("右锁骨上LN活检：转移癌", "lymph_node"),
        ("右胸锁乳突肌深面淋巴结（3枚）呈反应性增生", "lymph_node"),
        ("第10胸椎病灶穿刺组织：转移性癌", "bone"),
        ("样本：左侧胸腔积液800ml", "pleura"),
    ],
)
def test_where_tissue_came_from_however_it_is_written(text: str, site: str) -> None:
    assert [f["value"] for f in facts(text, "specimen")] == [site]


def test_the_sides_of_one_specimen_have_a_diagnosis_each() -> None:
    text = "鼻咽（左右各一瓶）：左侧-非角化性癌（未分化型）；右侧-粘膜慢性炎。"
    found = facts(text, "diagnosis")
    assert [(f["side"], f["behaviour"]) for f in found] == [
        ("left", "malignant"),
        ("right", "benign"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("镜下见异型细胞排列紊乱，核大深染\n【肺】浸润性腺癌。", ["lung"]),
        ("镜下见间质大量淋巴细胞浸润\n鼻咽顶壁活检：非角化型癌", ["nasopharynx"]),
        ("镜下见异型细胞\n淋巴结：弥漫大B细胞淋巴瘤。", ["lymph_node"]),
        ("镜下见异型细胞累及鼻咽，核大\n考虑非角化性癌。", []),
    ],
)
def test_a_line_with_a_place_ends_the_microscopy(text: str, expected: list[str]) -> None:
    assert [fact["value"] for fact in facts(text, "specimen")] == expected


@pytest.mark.parametrize(
    "text",
    [
        "送检：1.鼻咽左侧壁\n2.右颈淋巴结\n诊断：\n1.非角化性癌\n2.转移性非角化性癌",
        "标本：①鼻咽肿物 ②右颈淋巴结\n镜下见：①②见癌\n诊断：①非角化性癌 ②转移性非角化性癌",
        "取材：A 鼻咽顶部；B 颈部淋巴结\n诊断：A 非角化性癌；B 转移性非角化性癌。",
    ],
)
def test_numbered_diagnoses_are_of_the_specimens_with_their_numbers(text: str) -> None:
    first, second = facts(text, "diagnosis")
    assert (first["site"], second["site"]) == ("nasopharynx", "lymph_node")
    assert "npc_metastasis" not in first
    assert second["npc_metastasis"] is True
