# ruff: noqa: E501 (the tables are a line a case)
"""Findings of imaging reports, rule by rule: kind, site, nature, certainty, and what is measured."""

from typing import Any

import pytest

from etl.notes.extract import extract

# text | findings: kind site nature certainty and, where told, key=value
CASES = """
双肺多发结节，考虑转移 | nodule lung metastasis probable side=both multiple=True
右肺下叶结节，约1.8cm×1.5cm，转移可能 | nodule lung metastasis possible size_mm=[18,15] side=right
双肺未见转移征象 | lesion lung metastasis negated
右肺上叶周围型肺癌 | mass lung primary definite side=right
右肺上叶肿块，考虑肺癌，双肺转移 | mass lung primary probable; lesion lung metastasis definite
肺、肝、骨多发转移 | lesion lung metastasis definite; lesion liver metastasis definite; bone_lesion bone metastasis definite
肺癌脑转移 | mass lung primary definite; lesion brain metastasis definite
左肺癌术后，右肺结节，转移待排 | nodule lung metastasis possible side=right
鼻咽癌放疗后，双肺转移瘤 | lesion lung metastasis definite side=both
肺转移瘤治疗后复查，双肺未见结节 | nodule lung unclear negated
右肺结节，考虑鼻咽癌转移 | nodule lung metastasis probable
鼻咽左侧壁增厚，考虑鼻咽癌 | thickening nasopharynx primary probable side=left
斜坡骨质破坏，考虑鼻咽癌侵犯颅底 | bone_lesion skull_base primary probable
颅底骨质未见破坏 | bone_lesion skull_base unclear negated
纵隔及双肺门多发肿大淋巴结，短径约16mm，考虑转移 | node mediastinum metastasis probable size_mm=[16] short_axis_mm=16 measurable=True
纵隔淋巴结肿大，短径约12mm | node mediastinum unclear definite measurable=False
右颈II区淋巴结稍大，短径8mm，炎性增生可能 | node lymph_node benign possible cause=inflammation region=cervical
左锁骨上淋巴结转移 | node lymph_node metastasis definite region=supraclavicular side=left
T11椎体见溶骨性骨质破坏，考虑骨转移 | bone_lesion bone metastasis probable
右侧第4、6后肋、胸8椎体转移 | bone_lesion bone metastasis definite
L3椎体致密影，考虑骨岛 | bone_lesion bone benign probable
肝S8段低密度影，直径约12mm，考虑囊肿 | lesion liver benign probable size_mm=[12]
肝左叶血管瘤可能 | lesion liver benign possible cause=other
右侧胸腔积液，胸膜转移不除外 | effusion pleura unclear definite; lesion pleura metastasis possible
双侧胸腔未见积液 | effusion pleura unclear negated
右肺结节较前缩小，现约8mm（前片12mm） | nodule lung unclear definite size_mm=[8] trend=smaller measurable=False
甲状腺右叶见低回声，大小约11×8mm | lesion other unclear definite size_mm=[11,8]
鼻咽部软组织明显增多，以右侧壁为著，范围约35mm×28mm | thickening nasopharynx unclear definite size_mm=[35,28]
胰头部增大，约42×35mm，考虑胰头癌 | lesion other primary probable size_mm=[42,35]
右乳见栅栏样表现，约12×9mm | lesion other unclear definite size_mm=[12,9]
肝脏见数枚强化灶，S4段者13mm，S8段者8mm | lesion liver unclear definite size_mm=[13]; lesion liver unclear definite size_mm=[8]
双肺多发结节，较大者位于右肺上叶（21×18mm）及左肺下叶（15×12mm） | nodule lung unclear definite size_mm=[21,18]; nodule lung unclear definite size_mm=[15,12]
病灶1：右肺上叶，23mm；病灶2：肝S6，18mm | lesion lung unclear definite size_mm=[23]; lesion liver unclear definite size_mm=[18]
可见一肿块，大小约23×17mm | mass other unclear definite size_mm=[23,17]
左肺新见结节，7mm | nodule lung unclear definite trend=new size_mm=[7]
双肺转移瘤，较前相仿 | lesion lung metastasis definite trend=stable
原纵隔淋巴结转移消失 | node mediastinum metastasis definite trend=gone
右肺上叶陈旧性肺结核 | lesion lung benign definite cause=inflammation
右肺下叶斑片影，考虑炎症 | lesion lung benign probable cause=inflammation
右肺上叶放疗后改变 | lesion lung benign definite cause=post_treatment
鼻咽右侧壁结节，复发待排 | nodule nasopharynx recurrence possible side=right
鼻咽癌治疗后，未见明确复发 | lesion nasopharynx recurrence negated
肾上腺结节，SUVmax 7.1，考虑转移 | nodule adrenal metastasis probable suv_max=7.1
双肺见2枚结节，分别约13mm、9mm | nodule lung unclear definite number=2 size_mm=[13]
右肺小结节，不足0.5cm | nodule lung unclear definite size_limit=< measurable=False
右肺上叶（15mm）、左肺下叶（9mm）各见一结节 | nodule lung unclear definite size_mm=[15] side=right; nodule lung unclear definite size_mm=[9] side=left
脾脏结节，囊肿或转移 | nodule spleen metastasis possible
左肾囊肿；右肾结石 | lesion kidney benign definite side=left
前列腺癌伴盆腔淋巴结、骨转移 | mass other primary definite; node lymph_node metastasis definite; bone_lesion bone metastasis definite
双肺未见结节，建议复查除外转移 | nodule lung unclear negated
临床诊断：肺癌脑转移。双肺未见肿块 | mass lung unclear negated
大网膜饼状增厚，考虑种植转移 | thickening peritoneum metastasis probable
胸膜下多发小结节，性质待定 | nodule lung unclear definite multiple=True
双肺、肝脏、右侧肾上腺、多处骨骼转移 | lesion lung metastasis definite side=both; lesion liver metastasis definite; lesion adrenal metastasis definite side=right; bone_lesion bone metastasis definite
双肺、胸膜、纵隔淋巴结、肝、腹腔淋巴结及骨多发转移瘤 | lesion lung metastasis definite; lesion pleura metastasis definite; node mediastinum metastasis definite; lesion liver metastasis definite; node lymph_node metastasis definite; bone_lesion bone metastasis definite
双颈、双腋、腹膜后多发肿大淋巴结，考虑转移 | node lymph_node metastasis probable multiple=True
大网膜增厚，左肺结节8mm，均考虑转移 | thickening peritoneum metastasis probable; nodule lung metastasis probable size_mm=[8]
肺结节，原发性肺癌可能性大于转移 | nodule lung primary probable
两肺弥漫结节，符合肺癌肺内转移 | nodule lung metastasis probable side=both
右肺结节，拟转移瘤 | nodule lung metastasis probable
右肺小结节，建议CT随访除外转移 | nodule lung metastasis possible
左肺上叶肿块，远端阻塞性肺炎，考虑肺癌 | mass lung primary probable side=left
左肺癌化疗后，左肺门肿块约2.2cm | mass lung primary probable side=left size_mm=[22]
鼻咽癌放疗后，鼻咽肿块缩小 | mass nasopharynx primary probable trend=smaller
鼻咽癌局部复发 | lesion nasopharynx recurrence definite
左乳癌改良根治术后2年，双肺未见结节 | nodule lung unclear negated
咽旁间隙结节，考虑咽后淋巴结转移 | node lymph_node metastasis probable region=retropharyngeal
右侧腋窝炎性小淋巴结 | node lymph_node benign definite side=right
盆腔双侧附件区见肿块 | mass other unclear definite side=both
左侧坐骨结节未见骨质破坏 | bone_lesion bone unclear negated
右侧胸水，转移性胸水待排 | effusion pleura metastasis possible side=right
脂肪肝；肝S4、S8各见一结节，大小分别约27mm、11mm | nodule liver unclear definite size_mm=[27]; nodule liver unclear definite size_mm=[11]
鼻咽肿块，侵犯斜坡，考虑鼻咽癌 | mass nasopharynx primary probable; bone_lesion skull_base primary probable
左乳肿物3cm，化疗后缩至1.2cm | mass other unclear definite size_mm=[12] trend=smaller
"""


def facts(text: str) -> list[dict[str, Any]]:
    return [fact.as_dict() for fact in extract("imaging", text)]


def found(text: str) -> list[dict[str, Any]]:
    return [fact for fact in facts(text) if fact["type"] == "finding"]


@pytest.mark.parametrize("line", CASES.strip().splitlines())
def test_a_report_tells_of_these_findings(line: str) -> None:
    text, wanted = (part.strip() for part in line.split("|"))
    have = found(text)
    for finding in wanted.split(";"):
        kind, site, nature, sure, *details = finding.split()
        told = dict(detail.split("=") for detail in details)
        assert any(
            (one["value"], one["site"], one["nature"], one["certainty"])
            == (kind, site, nature, sure)
            and all(str(one.get(key)).replace(" ", "") == value for key, value in told.items())
            for one in have
        ), have
    assert len(have) == len(wanted.split(";")), have


@pytest.mark.parametrize("impression_first", [False, True])
def test_findings_and_impression_are_one_lesion(impression_first: bool) -> None:
    parts = [
        "检查所见：右肺下叶结节，约1.8cm×1.5cm。肝内见低密度影，约2.0cm。\n",
        "诊断意见：1.右肺下叶结节，考虑转移；2.肝囊肿。\n",
    ]
    lung, liver = sorted(
        found("".join(reversed(parts) if impression_first else parts)),
        key=lambda one: one["site"],
        reverse=True,
    )
    assert (lung["nature"], lung["certainty"], lung["size_mm"]) == (
        "metastasis",
        "probable",
        [18, 15],
    )
    assert (liver["nature"], liver["size_mm"]) == ("benign", [20])


def test_one_judgement_of_two_nodules_is_of_both() -> None:
    text = "所见：右肺上叶结节，12mm。右肺下叶结节，9mm。\n诊断：右肺两枚结节，考虑转移。"
    assert [(one["nature"], one["size_mm"]) for one in found(text)] == [
        ("metastasis", [12]),
        ("metastasis", [9]),
    ]


def test_a_segment_is_part_of_its_lobe() -> None:
    text = "所见：肝S2低密度影，10mm。肝S7低密度影，20mm。\n诊断：肝左叶囊肿；肝右叶转移瘤。"
    assert [(one["nature"], one["size_mm"]) for one in found(text)] == [
        ("benign", [10]),
        ("metastasis", [20]),
    ]


def test_the_only_tumour_is_the_only_mass() -> None:
    text = "所见：肌间隙见软组织肿块，12cm。\n诊断：右大腿肉瘤可能大。"
    assert [(one["nature"], one["size_mm"]) for one in found(text)] == [("primary", [120])]


def test_a_treated_tumour_that_recurs_is_one_finding() -> None:
    text = "鼻咽癌放疗后。鼻咽右侧壁肿块，2.0cm。印象：鼻咽癌复发。"
    assert [(one["nature"], one["size_mm"]) for one in found(text)] == [("recurrence", [20])]


def test_a_tumour_is_no_metastasis_of_the_same_lung() -> None:
    text = "右肺上叶肿块，5.1cm×4.3cm，考虑肺癌。左肺下叶结节，8mm，考虑转移。"
    assert [(one["nature"], one["side"]) for one in found(text)] == [
        ("primary", "right"),
        ("metastasis", "left"),
    ]


@pytest.mark.parametrize(
    ("text", "value", "contrast"),
    [
        ("胸部CT平扫：双肺未见异常", "CT", False),
        ("胸部CT平扫+增强：双肺未见异常", "CT", True),
        ("检查名称：全身PET/CT显像", "PET/CT", None),
        ("鼻咽MR平扫+增强示鼻咽顶壁增厚", "MR", True),
        ("颈部彩超：未见肿大淋巴结", "US", None),
        ("全身骨显像：未见异常浓聚", "bone_scan", None),
        ("胸片：双肺未见异常", "XR", None),
        ("与2020年3月CT比较，双肺结节相仿", None, None),
        ("右肺结节，建议行CT检查", None, None),
    ],
)
def test_the_examination_is_the_reports_own(
    text: str, value: str | None, contrast: bool | None
) -> None:
    own = [fact for fact in facts(text) if fact["type"] == "examination"]
    assert [(one["value"], one.get("contrast")) for one in own] == (
        [(value, contrast)] if value else []
    )


def test_spans_are_of_the_text_as_given() -> None:
    text = "雙肺多發結節，約１２ｍｍ，考慮轉移。"
    [finding] = found(text)
    assert text[slice(*finding["span"])] == "雙肺多發結節，約１２ｍｍ，考慮轉移"
    assert (finding["nature"], finding["size_mm"]) == ("metastasis", [12])


@pytest.mark.parametrize(
    "text",
    [
        "左肾大小约105×49mm，皮质回声正常。",
        "子宫前位，56×52×45mm，内膜呈高回声，厚约6mm。",
        "脾大，厚约52mm。",
    ],
)
def test_the_size_of_an_organ_is_of_no_lesion(text: str) -> None:
    assert not found(text)
