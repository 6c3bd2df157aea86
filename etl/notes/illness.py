"""Illnesses that decide on the study: symptoms of the brain, pneumonitis, autoimmune disease."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Fact
from etl.notes.lexicon import lexicon
from etl.notes.told import certainty, planned, sentence

_CNS = re.compile(r"头痛|头疼|颅|脑转移|脑膜转移|脑水肿|喷射|甘露醇")
_PNEUMONITIS = re.compile(
    r"CIP(?![A-Za-z])|肺损伤|肺炎(?!症|克雷伯|链球菌|球菌|支原体|衣原体|疫苗|[^,。;]{0,2}史)|间质性肺(?:病|疾病|改变)"
)
_CAUSES = (
    ("unclear", re.compile(r"非感染性$|间质性$|机化性$|药物性$|不明原因$")),
    (
        "immune",
        re.compile(
            r"免疫[^,。;、]{0,12}$|检查点[^,。;、]{0,8}$|(?:PD-?1|PD-L1|ICI)[^,。;、]{0,8}$|单抗[^,。;、]{0,6}$"
        ),
    ),
    ("radiation", re.compile(r"放射性?(?:间质性)?$|放疗[^,。;、]{0,6}$")),
    (
        "infectious",
        re.compile(
            r"(?:感染性?|细菌性?|病毒性?|真菌性?|吸入性|支原体|新冠|新型冠状病毒|获得性|阻塞性|重症|大叶性|孢子[菌虫]|巨细胞|坠积性|卡氏|军团菌|曲霉菌?)$"
        ),
    ),
)
_WARNED = re.compile(r"(?:警惕|预防|防治|若|如出现|可能出现|告知|注意)[^,。;\n]*$")
# What an antibiotic cured was an infection.
_CURED = re.compile(
    r"(?:头孢|沙星|培南|西林|舒普深|抗感染|抗生素|抗炎|消炎)[^。;无未不欠]{0,12}(?:好转|治愈|吸收|痊愈|恢复|缓解)"
)
_COMPARED = re.compile(r"[^,。;不难无]{0,2}(?:相)?鉴别")
_ALSO = re.compile(
    r"[(,]?(?:考虑|为|系|与){0,2}(?:[^,。;]{0,4}?)(?:(?P<immune>免疫|irAE|PD-|检查点|[^,。;]{2,4}单抗)|(?P<radiation>放射性|放疗)"
    r"|(?P<infectious>细菌|病毒|真菌|感染))"
)


def illness(context: Context, on: date | None) -> Iterator[Fact]:
    """Symptoms of the brain and autoimmune diseases, present and denied, of the patient.

    Nausea is a symptom of the brain only beside others of it.
    """
    text = context.text
    for line, start, end in lexicon("illness").scan(text):
        kind = line["kind"]
        if kind == "none" or context.says("other_person", start, end):
            continue
        sure = certainty(context, start, end)
        if kind == "autoimmune_disease":
            yield Fact(kind, line["value"], (start, end), sure, kind)
            continue
        if sure and planned(context, start):
            continue
        if kind == "vomiting" and not _CNS.search(text, *sentence(context, start)):
            continue
        yield Fact("cns_symptom", line["value"], (start, end), sure, "cns_symptom")


def pneumonitis(context: Context, on: date | None) -> Iterator[Fact]:
    """Pneumonitis by its cause, which decides whether steroids for it count (STUDY e5)."""
    text = context.text
    for found in _PNEUMONITIS.finditer(text):
        first, _ = sentence(context, found.start())
        warned = _WARNED.search(text, max(first, found.start() - 40), found.start())
        if (
            warned
            or _COMPARED.match(text, found.end())
            or context.says("other_person", *found.span())
        ):
            continue
        before = text[max(first, found.start() - 22) : found.start()]
        cause, start = ("immune", 0) if found[0] == "CIP" else _cause(before)
        if cause == "unclear" and (also := _ALSO.match(text, found.end())):
            cause = also.lastgroup or cause
        if cause == "unclear" and _CURED.search(
            text, found.end(), sentence(context, found.end())[1]
        ):
            cause = "infectious"
        span = found.start() - start, found.end()
        yield Fact("pneumonitis", cause, span, certainty(context, *found.span()), "pneumonitis")


def _cause(before: str) -> tuple[str, int]:
    """The cause told before 肺炎, and how far before."""
    if re.search(r"(?:还是|或)[^,。;]{0,3}$", before):
        return "unclear", 0
    for cause, pattern in _CAUSES:
        if found := pattern.search(before):
            return cause, len(before) - found.start()
    return "unclear", 0
