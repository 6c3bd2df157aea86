"""How sure a text is of what it names: the scope engine, case by case."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.notes.context import Context
from etl.notes.extract import extract
from etl.notes.fact import Certainty

# text | the term, or several | what the text says of each: d(efinite), p(robable), u(ncertain:
# possible), n(egated)
CASES = """
患者无发热 | 发热 | n
无发热、咳嗽及咳痰 | 发热 咳嗽 咳痰 | n
无发热，咳嗽，咳痰 | 发热 咳嗽 咳痰 | n
无畏寒、发热，无咳嗽、咳痰，无胸闷、气促 | 畏寒 发热 咳嗽 咳痰 胸闷 气促 | n
无头晕、头痛，恶心、呕吐，腹痛、腹泻等不适 | 头晕 头痛 恶心 呕吐 腹痛 腹泻 | n
无发热，无胸痛，乏力，纳差 | 乏力 | d
无发热，无咳嗽，咳痰，无胸痛 | 咳痰 胸痛 | n
无发热，咳嗽明显，咳少量白痰 | 发热 | n
无发热，咳嗽明显，咳少量白痰 | 咳嗽 白痰 | d
未闻及干湿啰音，心律齐，腹软 | 干湿啰音 | n
未闻及干湿啰音，心律齐，腹软 | 心律齐 腹软 | d
双肺未闻及干湿性啰音，双下肢水肿 | 双下肢水肿 | d
颈静脉无怒张，甲状腺肿大 | 怒张 | n
颈静脉无怒张，甲状腺肿大 | 甲状腺肿大 | d
无明显诱因出现咳嗽 | 咳嗽 | d
无诱因发热3天 | 发热 | d
右颈部无痛性肿块 | 无痛性肿块 肿块 | d
四肢无力 | 无力 | d
非角化性癌，未分化型 | 癌 未分化型 | d
食欲不振，无呕吐 | 食欲不振 | d
食欲不振，无呕吐 | 呕吐 | n
否认高血压、糖尿病、冠心病病史 | 高血压 糖尿病 冠心病 | n
否认肝炎、结核等传染病史，预防接种史不详 | 肝炎 结核 | n
否认外伤史，2010年行阑尾切除术 | 阑尾切除术 | d
咳嗽、咳痰，不伴发热 | 咳嗽 咳痰 | d
咳嗽、咳痰，不伴发热 | 发热 | n
无发热伴咳嗽 | 发热 | n
无发热伴咳嗽 | 咳嗽 | d
头痛，伴恶心，无呕吐 | 头痛 恶心 | d
头痛，伴恶心，无呕吐 | 呕吐 | n
未见明显肿大淋巴结，但可见小结节 | 肿大淋巴结 | n
未见明显肿大淋巴结，但可见小结节 | 小结节 | d
未见肿块而见多发钙化 | 肿块 | n
未见肿块而见多发钙化 | 钙化 | d
浅表淋巴结未触及肿大 | 肿大 淋巴结 | n
扁桃体无肿大 | 扁桃体 肿大 | n
肝脾肋下未触及 | 肝脾 | n
双肺干、湿啰音未闻及 | 干 湿啰音 | n
病理反射未引出 | 病理反射 | n
腹部压痛、反跳痛(-) | 压痛 反跳痛 | n
腹部压痛（+），反跳痛（-） | 压痛 | d
腹部压痛（+），反跳痛（-） | 反跳痛 | n
CK(+)，P63(+)，EBER(-) | CK P63 | d
CK(+)，P63(+)，EBER(-) | EBER | n
CK(-)P63(+)CD20(-) | CK CD20 | n
CK(-)P63(+)CD20(-) | P63 | d
Hoffmann征、Babinski征均阴性 | Hoffmann征 Babinski征 | n
HBsAg，抗HCV，抗HIV均阴性 | HBsAg 抗HCV 抗HIV | n
EBER阳性，HPV阴性 | EBER | d
EBER阳性，HPV阴性 | HPV | n
胸腔积液已消失 | 胸腔积液 | n
头痛症状不明显 | 头痛 | n
右肺结节，考虑转移 | 结节 | d
右肺结节，考虑转移 | 转移 | p
右肺占位，肺癌可能性大 | 占位 | d
右肺占位，肺癌可能性大 | 肺癌 | p
符合鼻咽癌 | 鼻咽癌 | p
CT提示右肺结节 | 结节 | d
B超提示：肝囊肿 | 肝囊肿 | d
右肺结节，倾向炎症 | 炎症 | p
可疑肺转移 | 肺转移 | u
双肺可疑结节 | 结节 | u
疑似转移 | 转移 | u
肺转移待排 | 肺转移 | u
肺结核不除外 | 肺结核 | u
不除外肺结核 | 肺结核 | u
不能除外转移瘤可能 | 转移瘤 | u
转移不能排除 | 转移 | u
未除外右肺门淋巴结转移 | 淋巴结转移 | u
肺癌？结核？ | 肺癌 结核 | u
右肺占位：肺癌？ | 右肺占位 | d
右肺占位（肺癌？） | 右肺占位 | d
右肺占位（肺癌？） | 肺癌 | u
肺部感染（待排） | 肺部感染 | u
有发热吗？ | 发热 | u
有没有头痛 | 头痛 | u
未见明显变化的结节 | 结节 | d
双肺结节同前，未见明显变化 | 结节 | d
排除肺栓塞 | 肺栓塞 | n
建议进一步检查排除肺栓塞 | 肺栓塞 | u
不考虑肿瘤 | 肿瘤 | n
并非转移 | 转移 | n
考虑缺血坏死，非转移 | 缺血坏死 | p
考虑缺血坏死，非转移 | 转移 | n
未见转移；肝囊肿 | 转移 | n
未见转移；肝囊肿 | 肝囊肿 | d
1.双肺未见转移。2.肝囊肿 | 肝囊肿 | d
1、无胸腔积液 2、右肺结节 | 胸腔积液 | n
1、无胸腔积液 2、右肺结节 | 右肺结节 | d
未见结节（直径大于5mm，含钙化）及肿块 | 结节 肿块 | n
如出现发热、咳嗽，及时就诊 | 发热 | u
警惕出血 | 出血 | u
鉴别诊断：1.肺结核：多有低热、盗汗。2.肺癌：多见于老年人。 | 肺结核 肺癌 | u
雙肺未見轉移 | 轉移 | n
末见明显肿块 | 肿块 | n
仅有轻度头痛，无恶心 | 头痛 | d
没有咳嗽 | 咳嗽 | n
近期不发热 | 发热 | n
治疗后复查双肺结节 | 结节 | d
未闻及异常呼吸音，未触及胸膜摩擦感 | 异常呼吸音 胸膜摩擦感 | n
神志清，精神可，未诉不适 | 不适 | n
大便正常，偶有头晕 | 头晕 | d
无咯血，有胸痛 | 咯血 | n
无咯血，有胸痛 | 胸痛 | d
两肺未见实质性病变，胸膜增厚 | 实质性病变 | n
两肺未见实质性病变，胸膜增厚 | 胸膜增厚 | d
心肺听诊无异常，腹部膨隆，移动性浊音阳性 | 腹部膨隆 移动性浊音 | d
无恶心呕吐，进食后腹胀 | 腹胀 | d
无肉眼血尿，尿频、尿急3天 | 尿频 尿急 | d
全腹无压痛及反跳痛，肝区叩击痛阳性 | 压痛 反跳痛 | n
全腹无压痛及反跳痛，肝区叩击痛阳性 | 肝区叩击痛 | d
未见骨折及脱位征象 | 骨折 脱位 | n
右侧胸腔少量积液可能 | 积液 | u
结节性质待定 | 结节 | u
发热原因待查 | 发热 | d
双侧瞳孔等大等圆，对光反射灵敏，无复视 | 复视 | n
脑膜刺激征阴性，肌力正常 | 脑膜刺激征 | n
无吸烟史，饮酒20年 | 饮酒 | d
既往体健，否认药物过敏 | 药物过敏 | n
未见肿瘤残留及复发征象 | 残留 复发 | n
无高热惊厥，抽搐，昏迷 | 高热惊厥 抽搐 昏迷 | n
"""
SURE = {
    "d": Certainty.DEFINITE,
    "p": Certainty.PROBABLE,
    "u": Certainty.POSSIBLE,
    "n": Certainty.NEGATED,
}
TABLE = [
    (text.strip(), term, SURE[sure.strip()])
    for text, terms, sure in (line.split("|") for line in CASES.strip().splitlines())
    for term in terms.split()
]


@pytest.mark.parametrize(("text", "term", "sure"), TABLE)
def test_a_term_is_as_sure_as_its_cues(text: str, term: str, sure: Certainty) -> None:
    [fact] = [fact for fact in extract("note", text, terms=[term]) if fact.type == "term"]
    assert fact.certainty is sure


HOSTILE = [
    "未见" * 10_000,
    "未见结节" * 10_000,
    "待排" * 10_000,
    "(" * 50_000,
    "(未见" * 10_000,
    "1" * 100_000,
    "1.5cm×" * 10_000,
    ",结节" * 10_000,
    "无,结节" * 10_000,
    "均阴性" * 10_000,
    "?" * 50_000,
    "考虑转移可能," * 5_000,
    "鉴别诊断:" * 5_000,
    "a," * 30_000,
    " " * 100_000,
    "可疑未见" * 5_000,
    "、" * 50_000,
    "双肺" * 20_000,
    "淋巴结转移" * 10_000,
    "均" * 50_000,
    "较前增大" * 10_000,
    "SUVmax" * 10_000,
    "2021" * 20_000,
    "(-)" * 20_000,
    "10×" * 20_000,
    "直径约" * 20_000,
    "肺、" * 20_000,
    "肺癌" * 20_000,
    "最大者约5mm" * 5_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:8] for text in HOSTILE])
@pytest.mark.parametrize("kind", ["imaging"])
def test_time_is_in_proportion_to_length(kind: str, text: str) -> None:
    begin = time.process_time()
    facts = extract(kind, text, terms=["结节", "转移"])
    assert time.process_time() - begin < 10
    assert all(0 <= fact.span[0] < fact.span[1] <= len(text) for fact in facts)


WORDS = st.sampled_from(
    [
        "未见",
        "结节",
        "双肺",
        "考虑",
        "转移",
        "约",
        "1.8cm×1.5cm",
        "，",
        "。",
        "；",
        "（",
        "）",
        "(",
        ")",
        "待排",
        "不除外",
        "淋巴结",
        "肺癌",
        "较前增大",
        "均",
        "阴性",
        "(-)",
        "可能",
        "？",
        "1.",
        "2、",
        "①",
        "12mm",
        "×",
        "短径",
        "SUVmax",
        "7.1",
        "T11",
        "椎体",
        "鼻咽",
        "术后",
        "无",
        "\n",
        ":",
        "积液",
        ",",
        "、",
        "及",
        "鉴别诊断：",
        "10⁹/L",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(WORDS, max_size=40).map("".join), st.text(max_size=80)))
def test_any_text_gives_facts_with_valid_spans(text: str) -> None:
    for kind in ("imaging", "note"):
        for fact in extract(kind, text, terms=["结节", "转移", "("]):
            assert 0 <= fact.span[0] < fact.span[1] <= len(text)
            fact.as_dict()


def test_history_other_persons_and_change_have_scopes_too() -> None:
    context = Context("母亲患肺癌。右肺结节较前增大。")
    assert context.says("other_person", 3, 5)
    assert context.change(8, 10) == "larger"
    assert not context.says("history", 8, 10)
