"""Immunohistochemistry and in situ hybridisation: markers with their results and scores."""

import functools
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.lexicon import lexicon

_NAME = (
    r"(?:[A-Za-z](?<![A-Za-z\d][A-Za-z])[A-Za-z\d]{0,14}"
    r"(?:[-/.][A-Za-z\d]{1,8}){0,3}(?: A(?![A-Za-z]))?"
    r"[αβεκλγ]?|抗酸染色|抗酸|六胺银|刚果红|网状纤维|弹力纤维|突触素|嗜铬素A?|波形蛋白|甲状腺球蛋白)"
)
_QUALIFIER = r"(?:广谱?|上皮|蛋白|pan)?"
_GAP = (
    r"\s?(?:\([A-Z\d][A-Za-z\d-]{2,9}(?<![A-Z]PS)\)|\(?(?:原位杂交|克隆号?:?\s?[A-Z\d][A-Za-z\d-]{2,8}|ISH|免疫组化|标记指数)\)?)?"
    r"(?:-ISH|\sDNA|\sRNA)?\s?(?:\([①-⑳、,]{1,8}\)|\([^()+\-阴阳±%\d]{1,10}\)(?=\s?[::]?\s?[(阴阳])|[::]?(?:肿瘤|癌)?(?:细胞)?核?(?:内)?)?"
    r"(?:检测|染色|表达|增殖指数|标记指数|增殖活性|指数|阳性指数|阳性率|热点区|热区|高表达区|平均|阳性细胞|结果|基因|LI|Li|index|阳性细胞率)?\s?(?:为|示|呈|均|[:=≈])?\s?(?:[A-F①-⑨]\s?(?=[(+-]))?"
    r"(?:[均弥漫强]{1,4}(?=[阳阴(+-]))?"
)
_RESULT = (
    r"(?P<result>\((?=[^()]{0,24}(?:[+\-±%阳阴十一]|\d\)|缺失|保留))(?![^()]{0,24}[CT]PS)[^()]{1,30}\)"
    r"|(?:弱|局灶|灶状|灶性|部分|散在|个别)?[阳阴]性(?![^,。;、]{0,1}率)(?:\([^()]{1,24}\))?"
    r"|未检出阳性(?:细胞)?|未见阳性(?:细胞)?|未检出|[1-4]\+(?!\d)|\+\s?\d{1,3}%|约?\s?[<>]?\s?\d{1,3}(?:\.\d)?%?(?:\s?[-~]\s?\d{1,3})?%\s?(?:\(?\+{1,3}\)?|阳性)?"
    r"|(?:弥漫|部分|强|灶状?|弱|局灶|散在|个别|少量|约?\d{1,3}%){1,2}[+-]{1,3}(?![\w(])|\+{1,3}\(约?\d{1,3}%?[-~]?\d{0,3}%\)|[+-]{1,4}(?![\w(+%-]))"
)
_MARKER = re.compile(
    rf"(?P<names>{_NAME}{_QUALIFIER}(?:\s?[、,和及与]\s?{_NAME}{_QUALIFIER}){{0,12}}?){_GAP}{_RESULT}"
)
_ONE = re.compile(_NAME + _QUALIFIER)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d)?)%?\s?[-~]?\s?(\d{1,3}(?:\.\d)?)?\s?%")
_SCORE = re.compile(
    r"(?<![A-Za-z])(?P<score>[CT]PS|IPS|TC(?=\)))\s?(?:\([^()]{1,12}\))?\s?(?:评分|综合阳性评分|表达|值|\))?\s?(?:[:=为约≥]\s?){0,3}"
    r"(?P<limit>[<>≥≤]?)=?\s?(?P<number>\d{1,3}(?:\.\d)?)(?:\s?[-~]\s?(?P<upper>\d{1,3}))?\s?[%分]?"
    r"(?P<sign>\s?[,(]?(?:阳性|阴性))?"
)
# The specimen that the stains were made on: A-CK(+).
_LABEL = re.compile(r"^[A-F]-(?=[A-Z]{2})")
_FOCAL = re.compile(r"灶|个别|极少")
_POSITIVE = re.compile(r"\+|阳性|十|\d\+")
_NEGATIVE = re.compile(r"阴性|未检出|未见|^\(?[-一]+\)?$|^\(0\)$|-")
# Latin words that a sign may follow and that are no marker.
_NO_MARKER = {
    "HE",
    "IHC",
    "ISH",
    "CT",
    "MR",
    "MRI",
    "PET",
    "TNM",
    "HBV",
    "DNA",
    "EBV",
    "TPS",
    "CPS",
    "A",
    "B",
    "C",
    "D",
    "E",
    "F",
    "index",
    "LI",
    "Li",
}
_NO_MARKER |= {
    "HBsAg",
    "HCV",
    "HIV",
    "TB",
    "WHO",
    "RNA",
    "PCR",
    "NGS",
    "FISH",
    "pT",
    "pN",
    "R0",
    "CA",
}


def marker(context: Context, on: date | None) -> Iterator[Fact]:
    """The markers of a pathology report, each as written, Ki-67 and EBER in one spelling."""
    yield from markers(context.text, 0, len(context.text))


def markers(text: str, start: int, end: int) -> Iterator[Fact]:
    """The markers of a stretch of a normal text."""
    for found in _MARKER.finditer(text, start, end):
        told = found["result"]
        number = _PERCENT.search(told)
        percent = _number(number[2] or number[1]) if number else None
        before = text[found.start("names") : found.start("result")]
        result = _result(told) or ("positive" if "阳性率" in before else None)
        if result is None and percent is None:
            continue
        if result is None and percent:
            result = "positive"
        for name in _ONE.finditer(text, *found.span("names")):
            value = _name(name[0])
            if value in _NO_MARKER:
                continue
            detail: dict[str, Any] = {"result": result, "number": percent}
            last = found.end() if name.end() == found.end("names") else name.end()
            yield _fact(value, (name.start(), last), detail)
    yield from _scores(text, start, end)


def _scores(text: str, start: int, end: int) -> Iterator[Fact]:
    if "PS" not in text and "TC)" not in text:
        return
    for found in _SCORE.finditer(text, start, end):
        sign = found["sign"] or ""
        value = _number(found["upper"] or found["number"])
        result = "positive" if "阳性" in sign else "negative" if sign else None
        if result is None and value >= 1 and found["limit"] not in ("<", "≤"):
            result = "positive"
        detail: dict[str, Any] = {
            "result": result,
            "number": value,
            "limit": found["limit"] or None,
        }
        yield _fact(f"PD-L1 {found['score']}", found.span(), detail)


def _fact(value: str, span: tuple[int, int], detail: dict[str, Any]) -> Fact:
    return Fact("marker", value, span, Certainty.DEFINITE, "marker", detail)


@functools.lru_cache(2048)
def _name(written: str) -> str:
    """The marker's name: the spelling of mappings/text/marker.csv, else as written."""
    written = _LABEL.sub("", written)
    word = next(lexicon("marker").find(written.upper().replace(" ", "")), None)
    if word and word.start == 0 and word.end == len(written.replace(" ", "")):
        return word.line["marker"]
    return written


def _number(written: str) -> int | float:
    value = float(written)
    return int(value) if value.is_integer() else value


@functools.lru_cache(2048)
def _result(told: str) -> str | None:
    """What a sign says: + however strong is positive, and weak or focal where that is told."""
    bare = re.sub(r"\d{1,3}(?:\.\d)?%?\s?[-~]\s?(?=\d)", "", told)
    if bare.startswith("未") or "缺失" in bare:
        return "positive" if "未缺失" in bare else "negative"
    positive = "保留" in bare or bool(_POSITIVE.search(bare)) or "±" in bare
    if "±" in bare or (positive and "弱" in bare) or "+/-" in bare:
        return "weak"
    if positive:
        return "focal" if _FOCAL.search(bare) else "positive"
    return "negative" if _NEGATIVE.search(bare) else None
