"""What admission, progress, discharge and follow-up notes state, by the text's date 2023-05-06."""

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.notes.extract import extract

ON = date(2023, 5, 6)


def facts(text: str, kind: str) -> list[dict[str, Any]]:
    return [f.as_dict() for f in extract("note", text, ON) if f.type == kind]


def values(text: str, kind: str) -> list[Any]:
    return [f["value"] for f in facts(text, kind)]


@pytest.mark.parametrize(
    ("text", "kps", "ecog"),
    [
        ("KPS评分80分", [80], []),
        ("KPS:90，Kps 90%", [90, 90], []),
        ("卡氏评分70-80分", [70], []),
        ("KPS由90降至60分", [60], []),
        ("KPS评分：九十分", [90], []),
        ("ECOG 1分", [], [1]),
        ("PS=1", [], [1]),
        ("体力状况评分（ECOG-PS）0级", [], [0]),
        ("一般状况评分1分（ECOG）", [], [1]),
        ("ECOG：1；KPS：80", [80], [1]),
        ("P88次/分，心电图示PR间期延长，PS2改", [], [2]),
        ("NRS评分3分，营养评分2分", [], []),
    ],
)
def test_performance_status(text: str, kps: list[int], ecog: list[int]) -> None:
    assert (values(text, "kps"), values(text, "ecog")) == (kps, ecog)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("疗效评价：PR（RECIST 1.1）。", ["PR"]),
        ("2周期后评效SD", ["SD"]),
        ("肺部病灶完全缓解（CR）", ["CR"]),
        ("疗效评定：部分缓解", ["PR"]),
        ("影像评估疾病稳定", ["SD"]),
        ("疗效为PD", ["PD"]),
        ("鼻咽病灶PR，颈部淋巴结CR", ["PR", "CR"]),
        ("心电图示PR间期延长", []),
        ("ER(-)，PR(+)，HER2(-)", []),
        ("疼痛部分缓解", []),
        ("PD-1抑制剂治疗", []),
    ],
)
def test_response(text: str, expected: list[str]) -> None:
    assert values(text, "response") == expected


@pytest.mark.parametrize(
    ("text", "tnm", "stage", "edition"),
    [
        ("cT4N3M1 Ⅳb期（AJCC第8版）", ["T4N3M1"], ["IVb"], "8"),
        ("T3N2M0Ⅲ期（中国2008分期）", ["T3N2M0"], ["III"], "2008"),
        ("rT0N0M1 IVb期 AJCC 8th", ["T0N0M1"], ["IVb"], "8"),
        ("临床分期：II（T2N1M0，92福州分期）", ["T2N1M0"], ["II"], "1992"),
        ("T11椎体转移，Ⅰ期临床试验，慢性肾脏病3期", [], [], None),
    ],
)
def test_stage_with_its_edition(
    text: str, tnm: list[str], stage: list[str], edition: str | None
) -> None:
    assert (values(text, "tnm"), values(text, "stage")) == (tnm, stage)
    assert {f.get("edition") for f in facts(text, "tnm")} <= {edition}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第2周期D1", [(2, 1)]),
        ("第3程化疗", [(3, None)]),
        ("C2D1", [(2, 1)]),
        ("第3周期第8天", [(3, 8)]),
        ("拟行第5周期化疗", []),
        ("已完成4周期化疗", []),
    ],
)
def test_cycle_is_an_ordinal(text: str, expected: list[tuple[int, int | None]]) -> None:
    assert [(f["value"], f.get("day")) for f in facts(text, "cycle")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("行GP方案化疗", ["GP"]),
        ("予TPF诱导化疗3程", ["TPF"]),
        ("吉西他滨1.8g d1,8+顺铂40mg d1-3化疗", ["GP"]),
        ("多西他赛联合奈达铂化疗", ["TP"]),
        ("拟行GP方案化疗", []),
        ("总蛋白TP 65g/L", []),
    ],
)
def test_regimen(text: str, expected: list[str]) -> None:
    assert values(text, "regimen") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "2020年外院卡瑞利珠单抗2周期",
            ("immunotherapy", ["卡瑞利珠单抗"], 2, "2020", True),
        ),
        ("去年3月用替雷利株单抗3次", ("immunotherapy", ["替雷利珠单抗"], 3, "2022-03", None)),
        ("既往曾用尼妥珠单抗6次", ("targeted", ["尼妥珠单抗"], 6, None, None)),
        (
            "2020年5月至7月行GP方案诱导化疗3周期",
            ("chemotherapy", None, 3, "2020-07", None),
        ),
        ("口服希罗达至2021年6月", ("chemotherapy", ["卡培他滨"], None, "2021-06", None)),
        ("行同步放化疗，顺铂3周期", ("chemotherapy", ["顺铂"], 3, None, None)),
    ],
)
def test_systemic_therapy_of_the_history(text: str, expected: tuple[Any, ...]) -> None:
    (fact,) = facts(text, "systemic_therapy")
    keys = ("value", "drugs", "cycles", "date", "elsewhere")
    assert tuple(fact.get(key) for key in keys) == expected


@pytest.mark.parametrize(
    "text",
    ["化疗后骨髓抑制", "拟行GP方案化疗", "患者拒绝化疗", "鼻咽癌放化疗后2年", "建议PD-1治疗"],
)
def test_a_therapy_named_or_planned_is_none_given(text: str) -> None:
    assert facts(text, "systemic_therapy") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("鼻咽放疗DT6800CGY/30F/7.5W，末次2020-07-31", ("nasopharynx", 68, 30, "2020-07-31")),
        ("右肺转移灶SBRT，GTV60GY/30F/42D", ("lung", 60, 30, None)),
        ("2021年3月外院根治性放疗结束", ("nasopharynx", None, None, "2021-03")),
        ("69.96Gy/33次，2021-02-20结束", ("nasopharynx", 69.96, 33, "2021-02-20")),
        ("2月前因T8椎体转移行姑息放疗，30Gy/10次", ("bone", 30, 10, "2023-03")),
        ("行左肺转移灶放疗，8Gy×6次", ("lung", 48, 6, None)),
        (
            "2018年12月3日—2019年1月22日行IMRT，GTVnx 70Gy/32F，CTV1 60Gy/32F",
            ("nasopharynx", 70, 32, "2019-01-22"),
        ),
    ],
)
def test_radiotherapy(text: str, expected: tuple[Any, ...]) -> None:
    (fact,) = facts(text, "radiotherapy")
    assert tuple(fact.get(k) for k in ("value", "dose_gy", "fractions", "date")) == expected


@pytest.mark.parametrize(
    "text", ["拟行根治性放疗，PGTV 70Gy/33F", "放疗后口干", "脊髓Dmax 40Gy", "放疗科会诊"]
)
def test_radiotherapy_planned_or_named_is_none(text: str) -> None:
    assert facts(text, "radiotherapy") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("骨髓抑制Ⅲ度", [("myelosuppression", 3, None)]),
        ("血小板减少III°", [("thrombocytopenia", 3, None)]),
        ("G4中性粒细胞减少", [("neutropenia", 4, None)]),
        ("恶心、呕吐Ⅰ-Ⅱ度", [("nausea", 2, None), ("vomiting", 2, None)]),
        ("放射性口腔粘膜炎3级", [("mucositis", 3, None)]),
        ("血小板最低21×10^9/L（四度）", [("thrombocytopenia", 4, None)]),
        ("免疫性肺炎2级", [("pneumonitis", 2, True)]),
        ("甲状腺功能减退，考虑免疫相关，2级", [("hypothyroidism", 2, True)]),
        ("乙肝病毒携带，否认肝炎病史", []),
        ("G3血小板减少，G2贫血", [("thrombocytopenia", 3, None), ("anemia", 2, None)]),
        ("恶心2级、呕吐1级", [("nausea", 2, None), ("vomiting", 1, None)]),
        ("腹泻每日7次，3级", [("diarrhea", 3, None)]),
        ("肝功轻度异常（1级）", [("hepatitis", 1, None)]),
        ("毒性（CTCAE v5）：粘膜炎3、恶心2", [("mucositis", 3, None), ("nausea", 2, None)]),
        ("口咽粘膜Ⅲ级，颈部皮肤Ⅱ级", [("mucositis", 3, None), ("dermatitis", 2, None)]),
        ("皮疹，躯干散在，Grade 2，考虑替雷利珠所致", [("rash", 2, True)]),
        ("当地诊断肺炎，用头孢后好转", []),
        ("未诉恶心、呕吐", [("nausea", None, None), ("vomiting", None, None)]),
    ],
)
def test_adverse_event_with_its_grade(text: str, expected: list[tuple[Any, ...]]) -> None:
    found = facts(text, "adverse_event")
    assert [(f["value"], f.get("grade"), f.get("immune")) for f in found] == expected
    assert {f["certainty"] for f in found} <= {"negated" if "未诉" in text else "definite"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("考虑放射性肺炎", ["radiation"]),
        ("免疫检查点抑制剂相关性肺炎", ["immune"]),
        ("CIP 2级", ["immune"]),
        ("肺部真菌性肺炎", ["infectious"]),
        ("间质性肺炎", ["unclear"]),
        ("痰培养：肺炎克雷伯菌", []),
    ],
)
def test_pneumonitis_by_its_cause(text: str, expected: list[str]) -> None:
    assert values(text, "pneumonitis") == expected


def test_steroids_for_the_lung_and_before_chemotherapy() -> None:
    (given_,) = facts("予甲强龙40mg qd静滴", "steroid")
    assert (given_["value"], given_["dose_mg"]) == ("甲泼尼龙", 40)
    (before,) = facts("化疗前予地塞米松5mg预防过敏", "steroid")
    assert before["premedication"] is True
    assert facts("布地奈德雾化吸入，糠酸莫米松外用", "steroid") == []


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (
            "反复头痛，伴喷射性呕吐",
            "cns_symptom",
            [("头痛", "definite"), ("喷射性呕吐", "definite")],
        ),
        ("无头痛，无抽搐", "cns_symptom", [("头痛", "negated"), ("抽搐", "negated")]),
        ("若出现头痛随诊", "cns_symptom", []),
        ("既往系统性红斑狼疮", "autoimmune_disease", [("系统性红斑狼疮", "definite")]),
        ("否认银屑病史", "autoimmune_disease", [("银屑病", "negated")]),
        ("母亲患干燥综合征", "autoimmune_disease", []),
        ("不除外鼻咽复发", "recurrence", [("nasopharynx", "possible")]),
        ("右颈部淋巴结复发", "recurrence", [("lymph_node", "definite")]),
        ("未见肿瘤复发", "recurrence", [(None, "negated")]),
        ("2022年10月出现肝转移", "progression", [("liver", "definite")]),
        ("死因为肿瘤进展", "progression", []),
        ("外院复查CT示肺转移增大", "progression", [("lung", "definite")]),
        ("肝内新发转移灶", "progression", [("liver", "definite")]),
        ("复查说肝上又长了新的", "progression", [("liver", "definite")]),
        ("首次进展：2019.08（肝）", "progression", [("liver", "definite")]),
        ("肺部进展，换药", "progression", [("lung", "definite")]),
        ("治疗9月后进展", "progression", [("disease", "definite")]),
        ("用药直至疾病进展", "progression", []),
        ("暂无进展证据", "progression", []),
        ("发现右颈肿块，渐增大", "progression", []),
        ("慢性肾病进展", "progression", []),
        ("初诊发现肺转移", "progression", []),
        ("右颈Ⅱ区淋巴结肿大，考虑复发", "recurrence", [("lymph_node", "probable")]),
        ("带状疱疹复发", "recurrence", []),
        ("女儿代述：患者鼻咽复发", "recurrence", [("nasopharynx", "definite")]),
    ],
)
def test_illness(text: str, kind: str, expected: list[tuple[Any, str]]) -> None:
    assert [(f["value"], f["certainty"]) for f in facts(text, kind)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022年4月入组某I期临床研究", [("taken_part", "2022-04")]),
        ("建议参加临床试验，患者拒绝", [("declined", None)]),
        ("签署知情同意后筛选失败，未入组", [("screened_out", None)]),
        ("可参加临床试验", []),
        ("于2021-05-13随机入A组（吉西他滨+顺铂+安慰剂）", [("taken_part", "2021-05-13")]),
        ("患者系某新药研究受试者，受试者编号略", [("taken_part", None)]),
        ("筛查失败，原因：肌酐清除率不达标", [("screened_out", None)]),
        ("因乙肝不符合某研究入排标准，未能入组", [("screened_out", None)]),
        ("已介绍药物试验，病人顾虑往返不便，表示不愿加入", [("declined", None)]),
        ("家属商议后决定不入组", [("declined", None)]),
        ("有没有参加其他医院的新药研究？", []),
        ("多项临床研究证实PD-1联合GP可改善生存", []),
        ("父亲正在参加肝癌新药试验", []),
        ("已签署化疗知情同意书", []),
    ],
)
def test_trial(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(f["value"], f.get("date")) for f in facts(text, "trial")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("患者2023年2月于当地医院死亡，死因为肿瘤进展", [("2023-02", "肿瘤进展")]),
        ("家属诉患者于上月在家中过世", [("2023-04", None)]),
        ("宣布临床死亡。死亡原因：呼吸衰竭。", [(None, "呼吸衰竭")]),
        ("父亲因鼻咽癌去世", []),
        ("告知死亡风险", []),
    ],
)
def test_death(text: str, expected: list[tuple[str | None, str | None]]) -> None:
    assert [(f.get("date"), f.get("cause")) for f in facts(text, "death")] == expected


def test_the_name_of_an_antibody_is_known_with_one_sign_wrong() -> None:
    for written, drug in (
        ("卡瑞丽诸单抗", None),
        ("卡瑞利诸单抗", "卡瑞利珠单抗"),
        ("特瑞昔利单抗", "特瑞普利单抗"),
        ("替雷利朱单抗", "替雷利珠单抗"),
        ("度普利尤单抗", None),
        ("利妥昔单抗", None),
    ):
        found = facts(f"2021年3月行{written}治疗2周期", "systemic_therapy")
        assert [f["drugs"][0] for f in found if f["drugs"]] == ([drug] if drug else []), written


@pytest.mark.parametrize(
    ("text", "kind", "value", "day"),
    [
        ("2023年3月外院复查CT示肺转移增大，考虑进展", "progression", "lung", "2023-03"),
        ("家属诉患者于2022年3月因多器官功能衰竭去世", "death", True, "2022-03"),
        ("家属：今年3月走的，最后是大出血", "death", True, "2023-03"),
        ("登记：死亡，日期2022-09-11", "death", True, "2022-09-11"),
        ("2019.03鼻咽局部复发", "recurrence", "nasopharynx", "2019-03"),
        ("第二次复发2020年11月（鼻咽）", "recurrence", "nasopharynx", "2020-11"),
    ],
)
def test_a_follow_up_by_telephone_tells_the_month(
    text: str, kind: str, value: Any, day: str
) -> None:
    first = facts(text, kind)[0]
    assert (first["value"], first["date"]) == (value, day)


def test_unfit_for_the_treatment_is_no_wish_against_it() -> None:
    assert values("体质差，不能耐受放化疗", "unfit") == [True]
    assert values("拒绝放疗，要求中药治疗", "unfit") == []


def test_outside_pathology_quoted_in_a_note_is_a_diagnosis() -> None:
    (fact,) = facts("2021年外院病理提示：鼻咽非角化性癌，未分化型，EBER（+）", "diagnosis")
    assert (fact["value"], fact["quoted"], fact["elsewhere"]) == ("8072/3", True, True)
    assert facts("完善鼻咽活检病理，排除鼻咽癌", "diagnosis") == []


@pytest.mark.parametrize("kind", ["note", "pathology"])
@given(st.text(alphabet="0123年月日前后鼻咽癌放化疗第周期ⅢG级(+)-,。:、KPSEROTNM复发未见考虑"))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_and_every_span_lies_in_it(kind: str, text: str) -> None:
    for fact in extract(kind, text, ON):
        assert 0 <= fact.span[0] < fact.span[1] <= len(text)


@pytest.mark.parametrize("kind", ["note", "pathology"])
@pytest.mark.parametrize(
    "unit",
    [
        "恶心、", "复发鼻咽", "病理\n", "诊断：。", "2021年3月", "3月5日", "70Gy/", "CK、", "肺炎",
        "转移", "化疗，", "顺铂+", "T3N2M0", "第", "①癌", "（鼻咽）", "年前", "×3",
    ],
)  # fmt: skip
def test_a_hostile_text_costs_no_more_than_its_length(kind: str, unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        start = time.process_time()
        extract(kind, text, ON)
        return time.process_time() - start

    seconds(100)
    assert seconds(16_000) < 1.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("按计划予第4周期特瑞普利单抗+GP方案。", [4]),
        ("按原计划完成第6周期治疗。", [6]),
        ("返院行第Ⅳ程治疗，化验无明显禁忌。", [4]),
        ("3周后返院行第5周期化疗。", []),
        ("出院后按计划行第5周期化疗。", []),
        ("计划行第5周期化疗。", []),
    ],
)
def test_what_is_done_as_planned_is_done(text: str, expected: list[int]) -> None:
    assert values(text, "cycle") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("予nabTP方案化疗。", ["TP"]),
        ("第1周期GL方案化疗。", ["GL"]),
        ("予吉西他滨1.6g d1,8+洛铂50mg d1化疗。", ["GL"]),
    ],
)
def test_regimens_of_newer_drugs(text: str, expected: list[str]) -> None:
    assert values(text, "regimen") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("外院鼻咽癌放疗后，放疗时间及剂量不详。", [True]),
        ("有鼻咽癌放疗史。", [None]),
        ("外院MRI示鼻咽癌放疗后改变。", []),
        ("否认鼻咽癌放疗史。", []),
        ("有放疗史。", []),
    ],
)
def test_radiotherapy_of_which_no_more_is_known(text: str, expected: list[bool | None]) -> None:
    assert [fact.get("elsewhere") for fact in facts(text, "radiotherapy")] == expected


@pytest.mark.parametrize(
    ("text", "causes"),
    [
        ("2023-02-27因急性心肌梗死于我院治疗。", []),
        ("父亲因鼻咽癌去世。\n2022-04-01因急性心肌梗死于我院治疗。", []),
        ("父亲因肝癌去世。患者2023年2月死亡。", [None]),
        ("患者2023年2月死于大咯血。", ["大咯血"]),
    ],
)
def test_whose_death_and_of_what(text: str, causes: list[str | None]) -> None:
    assert [fact.get("cause") for fact in facts(text, "death")] == causes


@pytest.mark.parametrize(
    ("text", "unfit"),
    [
        ("一般情况极差，不适合放化疗。", True),
        ("身体状况不允许行放疗。", True),
        ("其经不起化疗，放弃治疗。", True),
        ("失去放化疗机会。", True),
        ("有化疗禁忌。", True),
        ("无化疗禁忌，予第2周期化疗。", False),
        ("不适合手术，建议放化疗。", False),
    ],
)
def test_unfit_in_other_words(text: str, unfit: bool) -> None:
    assert bool(values(text, "unfit")) is unfit


def test_a_dose_by_weight_is_none_of_the_patient() -> None:
    assert "dose_mg" not in facts("甲泼尼龙2mg/kg/d静滴。", "steroid")[0]
    assert facts("甲强龙1g冲击。", "steroid")[0]["dose_mg"] == 1000
    assert facts("泼尼松片30mg口服。", "steroid")[0]["dose_mg"] == 30


def test_two_places_that_recurred_are_two_recurrences() -> None:
    assert values("鼻咽及颈部复发。", "recurrence") == ["nasopharynx", "lymph_node"]
    (doubt,) = facts("不排除鼻咽原位复发。", "recurrence")
    assert doubt["certainty"] == "possible"
