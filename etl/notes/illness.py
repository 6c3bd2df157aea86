"""Illnesses that decide on the study: symptoms of the brain, pneumonitis, autoimmune disease."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Fact
from etl.notes.lexicon import lexicon
from etl.notes.told import planned, sentence

_CNS = re.compile(r"头痛|头疼|颅|脑转移|脑膜转移|脑水肿|喷射|甘露醇")
_PNEUMONITIS = re.compile(r"肺炎(?!症|克雷伯|链球菌|球菌|支原体|衣原体|疫苗|[^,。;]{0,2}史)|间质性肺(?:病|疾病|改变)")
_CAUSES = (
    ("unclear", re.compile(r"非感染性$|间质性$|机化性$|药物性$|不明原因$")),
    ("immune", re.compile(r"免疫[^,。;、]{0,12}$|检查点[^,。;、]{0,8}$|(?:PD-?1|PD-L1|ICI)[^,。;、]{0,8}$|单抗[^,。;、]{0,6}$")),
    ("radiation", re.compile(r"放射性?(?:间质性)?$|放疗[^,。;、]{0,6}$")),
    ("infectious", re.compile(r"(?:感染性?|细菌性?|病毒性?|真菌性?|吸入性|支原体|新冠|新型冠状病毒|获得性|阻塞性|重症|大叶性|孢子菌|巨细胞|坠积性|卡氏|军团菌|曲霉菌?)$")),
)
_ALSO = re.compile(r"[(,]?(?:考虑)?(?P<immune>免疫|irAE|药物)|[(,]?(?:考虑)?(?P<radiation>放射性|放疗)|[(,]?(?:考虑)?(?P<infectious>细菌|病毒|真菌|感染)")


def cns_symptom(context: Context, on: date | None) -> Iterator[Fact]:
    """Symptoms of the brain, present and denied; nausea counts only beside others of them."""
    text = context.text
    for word in lexicon("symptom").find(text):
        kind, value = word.line["kind"], word.line["value"]
        span = word.start, word.end
        if not value or context.says("other_person", *span) or planned(context, word.start):
            if not value or "未" not in text[max(word.start - 6, 0) : word.start]:
                continue
        sure = context.certainty(*span)
        first, last = sentence(context, word.start)
        if kind == "vomit" and (not sure or not _CNS.search(text, first, last)):
            continue
        if kind == "other":
            continue
        yield Fact("cns_symptom", value, span, sure, "cns_symptom")


def pneumonitis(context: Context, on: date | None) -> Iterator[Fact]:
    """Pneumonitis by its cause, which decides whether steroids for it count (STUDY e5)."""
    text = context.text
    for found in _PNEUMONITIS.finditer(text):
        first, _ = sentence(context, found.start())
        if planned(context, found.start()) or context.says("other_person", *found.span()):
            continue
        before = text[max(first, found.start() - 22) : found.start()]
        cause, start = _cause(before)
        if cause == "unclear" and (also := _ALSO.match(text, found.end())):
            cause = also.lastgroup or cause
        span = found.start() - start, found.end()
        yield Fact("pneumonitis", cause, span, context.certainty(*found.span()), "pneumonitis")


def _cause(before: str) -> tuple[str, int]:
    """The cause told before 肺炎, and how far before."""
    for cause, pattern in _CAUSES:
        if found := pattern.search(before):
            return cause, len(before) - found.start()
    return "unclear", 0


def autoimmune_disease(context: Context, on: date | None) -> Iterator[Fact]:
    """Autoimmune diseases, present and denied; not those of the family."""
    for word in lexicon("autoimmune").find(context.text):
        span = word.start, word.end
        if context.says("other_person", *span):
            continue
        sure = context.certainty(*span)
        yield Fact("autoimmune_disease", word.line["value"], span, sure, "autoimmune_disease")
