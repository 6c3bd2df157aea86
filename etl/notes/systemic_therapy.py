"""Chemotherapy, immunotherapy and targeted therapy that a note tells: drugs, cycles, when, where.

Only what a note tells as given: a verb, a number of cycles, or a named phase (诱导, 同步, 维持).
"化疗后骨髓抑制" names a therapy and tells of none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from etl.notes.context import Context
from etl.notes.drug import drugs
from etl.notes.fact import Certainty, Fact
from etl.notes.numeral import INTEGER, integer
from etl.notes.regimen import codes
from etl.notes.told import clause, date_of, denied, elsewhere, planned, sentence

_COUNT = re.compile(
    rf"(?<![第\d])(?P<n>{INTEGER})\s?个?(?:周期|疗程|程|次|针|cycles?|C(?![A-Za-z\d]))(?![/每])|(?:[×*]|(?<![A-Za-z\d])[xX])\s?(?P<x>\d{{1,2}})(?!\d|\.\d|\s?(?:10|mg|g|cm|mm))"
)
# The signs without which no number of cycles is told.
_CYCLE = re.compile("[期程次针]")
_COUNTED = re.compile("[期程次针×*xXcC]")
_AHEAD = re.compile(
    rf"(?<![第\d])(?P<n>{INTEGER})\s?个?(?:周期|疗程|程|次|针)的?[^,。;第后]{{0,4}}$"
)
_RADIOTHERAPY = re.compile(r"放疗|照射")
_UNKNOWN = re.compile(r"方案不详|剂量不详|具体不详")
_TOTAL = re.compile(
    rf"[^。;\n]{{0,24}}?,?\s?(?:(?:总?共|累计)计?|诱导|维持|巩固|辅助|同步|完成|已行|用药|给药|注射)[了行]?\s?(?P<n>{INTEGER})\s?个?(?:周期|疗程|程|次)"
)
# S-1 40mg bid,8周期: a clause that is but a count.
_ALONE = re.compile(
    rf"[^。;\n,]{{0,24}},\s?约?(?P<n>{INTEGER})\s?个?(?:周期|疗程|程|针)(?=[,。;)\n]|$)"
)
_TRIAL = re.compile(r"试验|临床研究|期(?<=[ⅠⅡⅢI]期)")
_ORDINAL = re.compile(rf"C\d{{1,2}}D\d|第\s?{INTEGER}\s?个?(?:周期|疗程|程|次)")
# 第5次用药后17天: that cycle is over.
_AFTER = re.compile(rf"[^,。;]{{0,4}}第\s?{INTEGER}\s?个?(?:周期|疗程|程|次)[^,。;]{{0,8}}?后")
_PAST = re.compile(rf"第\s?{INTEGER}\s?个?(?:周期|疗程|程|次)[^,。;]{{0,8}}?后")
_KINDS = ("chemotherapy", "immunotherapy", "targeted")
_FIRST = re.compile(r"第")
# "行同步放化疗,顺铂3周期": the drug that follows is that of the therapy named before it.
_FOLLOWS = re.compile(r"(?:方案|治疗)?\s?[,:(]\s?(?:方案|用药|药物|具体)?[为:]?\s?(?:单药)?")
_VERB = re.compile(
    r"行|予|用|使用|给予|接受|完成|口服|服用|改为|改用|更换|换用|维持|辅以|采用|继续|开始|吃|打|输|注射|静滴|应用|联合|至今|单药|巩固|治疗\d"
)
_PHASE = re.compile(
    r"诱导|同步|同期|辅助|新辅助|维持|节拍|巩固|姑息性?|挽救|解救|线(?<=[一二三四]线)|序贯"
)
_TAKEN = re.compile(
    r"(?:片|胶囊|单药|\d[\d.]*\s?m?g|[bqt][idw0-9]{1,2}|,|\s){0,6}(?:口服|静滴|静脉|单药|维持|节拍|首剂|首次|负荷|治疗\s?\d)"
)
_UNTIL = re.compile(
    r"(?:单抗|治疗|单药|[,]?[^,。;]{0,4}(?:用|维持|持续))?\s?至(?=今|\d|去|本|上|前)"
)
_INSIDE = re.compile(r"[^,。;()]{0,24}\([^()]{1,60}\)")
_LINK = re.compile(
    r"[”\"]?(?:\s?\d[\d.]*\s?m?g(?:/m2)?)?(?:\s?[dD][\d,、-]{1,6})?\s?(?:[+、和及与/]|联合)\s?"
)
# What is given for rheumatism as well.
_RHEUMATIC = {"甲氨蝶呤", "环磷酰胺"}
_RHEUMATISM = re.compile("关节|类风|狼疮|风湿|银屑|皮肌炎|血管炎|免疫病|肾炎|硬皮")
_AT = re.compile(r"[\d月日号年]\s?$")
# 当地医院放化疗: where it was given stands right before it.
_THERE = re.compile(r"(?:外院|医院|当地|外地|中心医院|卫生院)\s?$")
_SINCE = re.compile(r"[月日号年\d]起")
_ONLY_NAMED = re.compile(
    r"\s?(?:第\d|后(?![续行予给口继用])|前|期间|过程|相关|所致|引起|导致|耐药|失败|禁忌|毒性|反应|副反应|不良反应|药物|指征|史|过敏|敏感|可能|耐受|输液港|方案不详$|小组|中心|病区|间歇|知情|推迟|延迟|延后|暂停|暂缓|临床试验|临床研究|Ⅰ期|I期|双抗)"
)
_GAVE = re.compile(r"行|予|接受|完成|给予|口服|使用")
_BRACKET = re.compile(r"\([^()]{0,40}\)")
_STOPPED = re.compile(r"(?:停用|停|暂停|中止|终止)\s?$")


@dataclass
class _Told:
    """The words of one kind of therapy in one clause."""

    kind: str
    start: int
    end: int
    tail: int = 0
    next: int | None = None
    names: list[str] = field(default_factory=list)


def systemic_therapy(context: Context, on: date | None) -> Iterator[Fact]:
    """The systemic therapies of a note, one for each kind and clause that tells it."""
    given: tuple[int, int] | None = None
    ahead: int | None = None
    for told in _chained(context.text, _clauses(context)):
        text, span = context.text, (told.start, told.end)
        first, last = clause(context, told.start)[0], clause(context, told.end - 1)[1]
        cycles, end = _cycles(context, told, last)
        if not cycles and _TRIAL.search(text, first, last):
            continue
        joined = given and text[told.start - 1] in "+、和及" and given[0] <= told.start < given[1]
        if joined and not cycles:
            cycles = ahead
        before = cycles and _AHEAD.search(text, max(first, told.start - 12), told.start)
        ahead = cycles if before else None
        if not joined and not _given(text, told, first, cycles):
            continue
        given = first, last
        rheumatic = told.names and _RHEUMATIC.issuperset(told.names)
        if rheumatic and _RHEUMATISM.search(text, *sentence(context, told.start)):
            continue
        inside = _INSIDE.match(text, told.tail)
        away = elsewhere(
            context, sentence(context, told.start)[0], inside.end() if inside else told.end
        )
        if planned(context, told.start):
            continue
        if not cycles and not away and _today(text, first, last):
            _, day = date_of(context, on, told.start, end)
            if not _PAST.search(text, first, last) and (not day or str(on).startswith(day)):
                continue
        if denied(context, *span):
            if context.says("other_person", *span):
                continue
            yield Fact("systemic_therapy", told.kind, span, Certainty.NEGATED, "systemic_therapy")
            continue
        start, until = date_of(context, on, told.start, end, until=told.next)
        detail = {
            "drugs": told.names or None,
            "cycles": cycles,
            "start": start,
            "date": until,
            "elsewhere": away,
        }
        span = told.start, max(told.end, min(end, last))
        yield Fact(
            "systemic_therapy", told.kind, span, Certainty.DEFINITE, "systemic_therapy", detail
        )


def _chained(text: str, told: list[_Told]) -> list[_Told]:
    """The same, each with where the words that it is linked with by a plus end: GP+卡瑞利珠."""
    for number in range(len(told) - 1, -1, -1):
        following = told[number + 1] if number + 1 < len(told) else None
        linked = following and _LINK.fullmatch(text, told[number].end, following.start)
        told[number].tail = following.tail if following and linked else told[number].end
        if following:
            same = not following.names and following.kind == told[number].kind
            told[number].next = following.next if linked or same else following.start
    return told


def _clauses(context: Context) -> list[_Told]:
    """Drugs, regimens and words for a therapy, those of one kind in one clause together."""
    text = context.text
    words = [(d.start, d.end, d.kind, d.name) for d in drugs(text) if d.kind in _KINDS]
    words += [(start, end, "chemotherapy", "") for _, start, end in codes(text)]
    words.sort()
    told: list[_Told] = []
    here: dict[str, _Told] = {}
    last: dict[str, _Told] = {}
    until = -1
    for start, end, kind, name in words:
        if start >= until:
            here, until = {}, _until(context, start)
        if kind in here and _COUNT.search(text, here[kind].end, start):
            del here[kind]
        before = last.get(kind)
        follows = before and not before.names and _FOLLOWS.fullmatch(text, before.end, start)
        if before and follows and kind not in here:
            here[kind] = before
        if kind not in here:
            here[kind] = _Told(kind, start, end)
            told.append(here[kind])
        last[kind] = here[kind]
        here[kind].end = end
        if name and name not in here[kind].names:
            here[kind].names.append(name)
    return told


def _until(context: Context, place: int) -> int:
    """Where the clause ends, with what its brackets hold."""
    start, end = clause(context, place)
    text = context.text
    if text.count("(", start, end) > text.count(")", start, end):
        close = text.find(")", end, end + 60)
        return clause(context, close)[1] if close > 0 else end
    return end


def _today(text: str, first: int, last: int) -> bool:
    """Whether a clause tells of the cycle of the day, which orders tell better."""
    return bool(_ORDINAL.search(text, first, last))


def _given(text: str, told: _Told, first: int, cycles: int | None) -> bool:
    """Whether the clause tells that the therapy was given."""
    before = text[first : told.start]
    after = told.end
    if bracket := _BRACKET.match(text, after):
        after = bracket.end()
    if cycles:
        return True
    words = text[told.start : told.end]
    if _STOPPED.search(before[-4:]):
        return False
    if _UNKNOWN.search(text, after - 1, after + 10) or "方案不详" in text[told.end : after]:
        return True
    if _ONLY_NAMED.match(text, after) and not _GAVE.search(before[-12:]):
        return False
    return bool(
        _VERB.search(before[-24:])
        or _PHASE.search(before[-6:] + words + text[after : after + 6])
        or _AT.search(before[-2:])
        or _TAKEN.match(text, after)
        or _UNTIL.match(text, told.tail)
        or _AFTER.match(text, after)
        or _SINCE.search(before[-10:])
        or _THERE.search(before[-6:])
    )


def _cycles(context: Context, told: _Told, last: int) -> tuple[int | None, int]:
    """The number of cycles: in the clause after the therapy's words, or next to it (",共3周期")."""
    text, end = context.text, told.end
    inside = _INSIDE.match(text, told.tail)
    last = max(last, inside.end() + 8 if inside else last)
    until = min(last, end + 60 if inside else end + 40)
    counted = _COUNTED.search(text, told.start, until)
    for found in _COUNT.finditer(text, told.start, until) if counted else ():
        if _FIRST.search(text, max(found.start() - 2, 0), found.start()):
            continue
        if _RADIOTHERAPY.search(text, max(found.start() - 3, told.end), found.start()):
            continue
        return integer(found["n"] or found["x"]), max(found.end(), end)
    tail = told.tail
    following = None
    if _CYCLE.search(text, tail, tail + 60):
        following = _TOTAL.match(text, tail, tail + 60) or _ALONE.match(text, tail, tail + 40)
    if (
        following
        and not _RADIOTHERAPY.search(following[0])
        and not drugs(text, tail, following.end())
    ):
        return integer(following["n"]), following.end()
    since = max(told.start - 12, 0)
    counted = _CYCLE.search(text, since, told.start)
    if counted and (ahead := _AHEAD.search(text, since, told.start)):
        return integer(ahead["n"]), end
    return None, end
