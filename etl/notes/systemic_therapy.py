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
    rf"(?<![第\d])(?P<n>{INTEGER})\s?个?(?:周期|疗程|程|次|cycles?)(?![/每])|(?:[×*]|(?<![A-Za-z\d])[xX])\s?(?P<x>\d{{1,2}})(?!\d|\.\d|\s?(?:10|mg|g|cm|mm))"
)
_AHEAD = re.compile(rf"(?<![第\d])(?P<n>{INTEGER})\s?个?(?:周期|疗程|程|次)的?[^,。;第后]{{0,4}}$")
_RADIOTHERAPY = re.compile(r"放疗|照射")
_UNKNOWN = re.compile(r"方案不详|剂量不详|具体不详")
_TOTAL = re.compile(rf"[^。;\n]{{0,24}}?,?\s?共\s?(?P<n>{INTEGER})\s?个?(?:周期|疗程|程|次)")
_TRIAL = re.compile(r"试验|临床研究|[ⅠⅡⅢI]期")
_ORDINAL = re.compile(rf"C\d{{1,2}}D\d|第\s?{INTEGER}\s?个?(?:周期|疗程|程|次)")
_KINDS = ("chemotherapy", "immunotherapy", "targeted")
_FIRST = re.compile(r"第")
# "行同步放化疗,顺铂3周期": the drug that follows is that of the therapy named before it.
_FOLLOWS = re.compile(r"(?:方案|治疗)?\s?[,:(]\s?(?:方案|用药|药物|具体)?[为:]?\s?(?:单药)?")
_VERB = re.compile(
    r"[行予用]|使用|给予|接受|完成|口服|服用|改为|改用|更换|换用|维持|辅以|采用|继续|开始|吃|打|输|注射|静滴|应用|联合|至今|单药|巩固|治疗\d"
)
_PHASE = re.compile(
    r"诱导|同步|同期|辅助|新辅助|维持|节拍|巩固|姑息性?|挽救|解救|[一二三四]线|序贯"
)
_ONLY_NAMED = re.compile(
    r"\s?(?:第\d|后(?![续行予给口继用])|前|期间|过程|相关|所致|引起|导致|耐药|失败|禁忌|毒性|反应|副反应|不良反应|药物|指征|史|过敏|敏感|可能|耐受|输液港|方案不详$|小组|中心|病区|间歇|知情|临床试验|临床研究|Ⅰ期|I期|双抗)"
)
_BRACKET = re.compile(r"\([^()]{0,40}\)")
_STOPPED = re.compile(r"(?:停用|停|暂停|中止|终止)\s?$")


@dataclass
class _Told:
    """The words of one kind of therapy in one clause."""

    kind: str
    start: int
    end: int
    names: list[str] = field(default_factory=list)


def systemic_therapy(context: Context, on: date | None) -> Iterator[Fact]:
    """The systemic therapies of a note, one for each kind and clause that tells it."""
    given: tuple[int, int] | None = None
    for told in _clauses(context):
        text, span = context.text, (told.start, told.end)
        first, last = clause(context, told.start)[0], clause(context, told.end - 1)[1]
        cycles, end = _cycles(context, told, last)
        if not cycles and _TRIAL.search(text, first, last):
            continue
        joined = given and text[told.start - 1] in "+、和及" and given[0] <= told.start < given[1]
        if not joined and not _given(text, told, first, cycles):
            continue
        given = first, last
        away = elsewhere(context, sentence(context, told.start)[0], told.end)
        if planned(context, told.start) or (_today(text, first, last) and not cycles and not away):
            continue
        if denied(context, *span):
            if context.says("other_person", *span):
                continue
            yield Fact("systemic_therapy", told.kind, span, Certainty.NEGATED, "systemic_therapy")
            continue
        start, until = date_of(context, on, told.start, end)
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
    if _STOPPED.search(before):
        return False
    if _UNKNOWN.search(text, after - 1, after + 10) or "方案不详" in text[told.end : after]:
        return True
    if _ONLY_NAMED.match(text, after) and not re.search(
        r"[行予]|接受|完成|给予|口服|使用", before[-12:]
    ):
        return False
    return bool(
        _VERB.search(before[-24:]) or _PHASE.search(before[-6:] + words + text[after : after + 6])
    )


def _cycles(context: Context, told: _Told, last: int) -> tuple[int | None, int]:
    """The number of cycles: in the clause after the therapy's words, or next to it (",共3周期")."""
    text, end = context.text, told.end
    for found in _COUNT.finditer(text, told.start, min(last, end + 40)):
        if _FIRST.search(text, max(found.start() - 2, 0), found.start()):
            continue
        return integer(found["n"] or found["x"]), max(found.end(), end)
    following = _TOTAL.match(text, end, end + 60)
    if following and not _RADIOTHERAPY.search(following[0]):
        return integer(following["n"]), following.end()
    if ahead := _AHEAD.search(text, max(told.start - 12, 0), told.start):
        return integer(ahead["n"]), end
    return None, end
