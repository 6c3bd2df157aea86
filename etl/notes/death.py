"""Death of the patient, its date as precisely as told, and its cause."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.told import certainty, date_of, planned, sentence

_DEATH = re.compile(
    r"死亡(?!记录|原因|诊断|风险|小结|讨论|病例|证明|率|日期|时间|通知|地点)|去世|病故|逝世|离世|身故|辞世|过世|病逝|亡故|死于(?<![梗坏]死于)|已故"
    r"|死亡日期[::为]?|死亡时间[::为]?|已逝|人没了|猝死(?!风险|可能)|不在了|不在(?:人世|世)了?|辞世|离开人世|撒手人寰|停止呼吸心跳"
)
# In a family's words, and only in theirs: 今年3月走的.
_GONE = re.compile(r"(?:人已?经?|已经?|就|患者|[月年号日天时前后底初)])走(?:了|的)(?!路|动|几)")
# Without one of these no death is told.
_HINTS = (
    "死", "逝", "世", "病故", "身故", "亡故", "已故", "没了", "不在", "撒手", "停止呼吸", "走了",
    "走的",
)  # fmt: skip
_FAMILY = re.compile(
    r"家属|[之其][子女妻夫父母]|儿子|女儿|妻|丈夫|爱人|老伴|[弟妹哥姐]|电话|随访|回访|告知|代述|来电"
)
_RISK = re.compile(
    r"(?:可能|风险|危及|甚至|随时|避免|猝死|误登|误报|误记|登记错|导致|有|濒临|宣告无|细胞|程序性|脑)$"
)
_DATED = re.compile(r"\s?[,(:]?\s?(?:日期|时间|于|在)[:为]?")
_CAUSE = re.compile(
    r"(?:死亡原因|直接死因|死因|原因)\s?(?:为|是|考虑为?|系)?\s?[::]?\s?(?:考虑为?)?(?P<a>[^。;:\n]{2,40})"
    r"|(?<![梗坏])死于(?P<b>[^,。;\n]{2,24})|因[“\"]?(?P<c>[^,。;\n“”\"]{2,24}?)[”\"]?(?:,?抢救无效)?(?:于[^,。;\n]{0,20})?(?:死亡|去世|病故|病逝|离世|逝世)"
)
_RELATIVE = re.compile(
    r"(?:父|母|兄|弟|姐|妹|祖|爷|奶|叔|伯|姑|舅|姨|丈夫|妻|配偶|儿子|女儿|外公|外婆|双亲|老伴|家族)[^。;\n]{0,16}$"
)
_OTHER_DATE = re.compile(
    r"(?:随访|入院|联系|复查|就诊)(?:日期|时间)?[::为于]?\s?[\d年月日./-]{4,11}[,。;]?[^,。;\d]{0,12}$"
)
_TELLER = re.compile(
    r"(?:家属|之?[子女妻]|女儿|儿子|丈夫|妻子|配偶|弟弟|哥哥|姐姐|妹妹|父亲|母亲)[^。;\n]{0,6}(?:接听|告知|代述|诉|称|来电|电话|转告|反映|提供|述|回复)"
)


def death(context: Context, on: date | None) -> Iterator[Fact]:
    """The death that a note tells, once; the cause from wherever the note names it."""
    text = context.text
    if not any(word in text for word in _HINTS):
        return
    best: Fact | None = None
    gone = list(_GONE.finditer(text)) if "走" in text else []
    if gone and not _FAMILY.search(text):
        gone = []
    for found in [*_DEATH.finditer(text), *gone]:
        first, _ = sentence(context, found.start())
        before = text[max(first, found.start() - 30) : found.start()]
        if _RISK.search(before.rstrip(' "“”')) or planned(context, found.start()):
            continue
        if _RELATIVE.search(before) and not _TELLER.search(text[first : found.start()]):
            continue
        if certainty(context, *found.span()) != Certainty.DEFINITE:
            continue
        _, day = date_of(context, on, found.start(), found.end(), closing=False)
        if _OTHER_DATE.search(text, max(first, found.start() - 40), found.start()):
            day = None
        dated = found[0].startswith(("死亡日期", "死亡时间")) or (
            day is None and _DATED.match(text, found.end())
        )
        if dated:
            _, day = date_of(
                context, on, found.start(), min(found.end() + 24, len(text)), closing=False
            )
        if best is None or (day and not best.detail.get("date")):
            detail = {"date": day, "cause": _cause(text)}
            best = Fact("death", True, found.span(), Certainty.DEFINITE, "death", detail)
    if best:
        yield best


def _cause(text: str) -> str | None:
    for found in _CAUSE.finditer(text):
        said = text[max(found.start() - 20, 0) : found.start()]
        if _RELATIVE.search(said) and not _TELLER.search(said):
            continue
        cause = (found["a"] or found["b"] or found["c"]).strip(' ,:(“”"')
        if cause and not re.match(r"不详|不明|不清|未知|同上|待查", cause):
            return cause
    return None
