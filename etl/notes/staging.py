"""TNM and stage with the edition that they are of."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.numeral import integer
from etl.notes.told import certainty, sentence

_SUB = str.maketrans("₀₁₂₃₄⁰¹²³⁴", "0123401234")
_TNM = re.compile(
    r"T(?P<t>(?:[0-4₀-₄¹²³][a-d]?|[xX]|is))\s?[,、]?\s?[cpr]?"
    r"(?P<n>N(?:[0-3₀-₃¹²³][a-c]?|[xX]))\s?[,、]?\s?[cpr]?(?P<m>M(?:[01₀₁][a-c]?|[xX])|)(?![A-Za-z\d])"
)
_PREFIX = re.compile(r"(?<![A-Za-z])[yrcpaYRCP]{1,3}$")
_HEADING = re.compile(r"(?<![A-Za-z])([cprCPR])TNM(?:分期)?\s?[:为]?\s?$")
_ROMAN = r"Ⅳ|Ⅲ|Ⅱ|Ⅰ|IV|I{1,3}|lV|l{2,3}"
_STAGE = re.compile(
    rf"(?:(?P<roman>{_ROMAN})|(?P<digit>[1-4一二三四]))\s?-?\s?(?P<letter>[a-cA-C])?[0-2]?\s?$"
)
# What such a stage ends with: 周期 and 早期 are none.
_BEFORE_PHASE = frozenset("ⅠⅡⅢⅣIVl1234一二三四abcABC0- \n\t")
_PHASE = re.compile(r"期(?:临床|药物|[^,。;]{0,4}(?:试验|研究|缝合|愈合|手术))")
_UNNAMED = re.compile(
    rf"分期\s?[:为]?\s?[^\d,。;ⅠⅡⅢⅣ]{{0,6}}?(?P<roman>{_ROMAN})\s?(?P<letter>[a-cA-C])?(?![A-Za-z\d]|\s?期)"
)
# T2N2M1 Ⅳb: right after the TNM a stage needs no 期.
_BARE = re.compile(
    rf"(?:\([^()]{{1,8}}\))?[\s,、(]{{0,2}}(?P<roman>{_ROMAN})\s?(?P<letter>[a-cA-C])?(?![A-Za-z\d]|\s?期)"
)
_TUMOUR = re.compile(r"癌|分期|肿瘤|TNM|T\d|瘤|UICC|AJCC|淋巴瘤")
_NO_TUMOUR = re.compile(
    r"(?:CKD|肾病|肾脏病|肾功能不全|尘肺|矽肺|硅肺|压疮|褥疮|坏死|高血压|结节病|视网膜病变|慢阻肺|COPD|纤维化"
    r"|骨关节炎|压力性损伤|氮质血症|梅毒|脑病|糖尿病足|子痫|青春|更年|围手术|病理性分期)[^,。;癌]{0,6}$"
)
_EDITION = re.compile(
    r"第?\s?(?P<e>[5-9七八九五六])\s?版|(?:AJCC|UICC)[^\d,。;]{0,6}(?P<e2>[5-9])(?!\d)|(?P<e3>[5-9])\s?th"
    r"|(?P<y>1992|92|2008|08|2010|2017|2018|2009)\s?年?\s?(?:版|分期|中国|福州)"
    r"|(?:中国|福州)[^\d,。;]{0,6}(?P<y2>1992|92|2008|08|2010|2017|2018)"
    r"|(?:AJCC|UICC)[^\d,。;]{0,6}(?P<y3>2002|2010|2017|2018|2009)"
)
# Without one of these no edition is named.
_NAMED = ("版", "AJCC", "UICC", "th", "中国", "福州", "2分期", "8分期", "年分期", "0分期", "7分期")
_OF_YEAR = {"92": "1992", "08": "2008"}


def staging(context: Context, on: date | None) -> Iterator[Fact]:
    """TNM and stages of a note: "T11椎体" is neither, nor is a phase Ⅰ trial."""
    text = context.text
    named = any(word in text for word in _NAMED)
    for found in _TNM.finditer(text):
        before = text[max(found.start() - 4, 0) : found.start()]
        prefix = _PREFIX.search(before)
        heading = _HEADING.search(text, max(found.start() - 12, 0), found.start())
        if not prefix and before[-1:].isascii() and before[-1:].isalpha():
            continue
        sizes = ["T" + found["t"].translate(_SUB)]
        sizes += [found[name].translate(_SUB) for name in "nm"]
        start = found.start() - len(prefix[0]) if prefix else found.start()
        span = start, found.end()
        detail = {
            "prefix": prefix[0].lower() if prefix else heading[1].lower() if heading else None,
            "edition": _edition(context, *found.span()) if named else None,
        }
        value = "".join(size[:1] + size[1:].lower() for size in sizes)
        yield Fact("tnm", value, span, _sure(context, *span), "tnm", detail)
        if bare := _BARE.match(text, found.end()):
            stage = _stage(text, bare["roman"], bare, bare.start("roman"))
            told = {"edition": _edition(context, *bare.span()) if named else None}
            yield Fact("stage", stage, bare.span(), _sure(context, *span), "stage", told)
    for stage, span in _stages(text):
        if not context.says("other_person", *span):
            detail = {"edition": _edition(context, *span) if named else None}
            yield Fact("stage", stage, span, _sure(context, *span), "stage", detail)


def _stages(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each stage with its span: Ⅳa期, 4期 of a tumour, 分期:III."""
    place = text.find("期")
    while place >= 0:
        start = max(place - 7, 0)
        numbered = text[place - 1 : place] in _BEFORE_PHASE
        found = _STAGE.search(text[start:place]) if numbered else None
        if found and not _PHASE.match(text, place):
            begin = start + found.start()
            if stage := _stage(text, found["roman"] or found["digit"], found, begin):
                yield stage, (begin, place + 1)
        place = text.find("期", place + 1)
    for found in _UNNAMED.finditer(text) if "分期" in text else ():
        if stage := _stage(text, found["roman"], found, found.start("roman")):
            yield stage, found.span()


def _sure(context: Context, start: int, end: int) -> Certainty:
    """Probable at least: a stage is an assessment; 考虑 before it says no less."""
    return max(certainty(context, start, end), Certainty.PROBABLE)


def _stage(text: str, written: str, found: re.Match[str], start: int) -> str | None:
    """The stage in one spelling; None for a kidney's, a trial's, a pressure sore's."""
    before = text[start - 1 : start]
    if before == "第" or (before.isascii() and before.isalpha()):
        return None
    if _NO_TUMOUR.search(text, max(start - 16, 0), start):
        return None
    if written in "1234一二三四":
        if before in ("-", ".") or (before.isascii() and before.isalnum()):
            return None
        if not _TUMOUR.search(text, max(start - 30, 0), start + 40):
            return None
    number = integer(written)
    if not number or number > 4:
        return None
    return ("I", "II", "III", "IV")[number - 1] + (found["letter"] or "").lower()


def _edition(context: Context, start: int, end: int) -> str | None:
    """The edition named nearest after, else before, in the same sentence."""
    first, last = sentence(context, start)
    found = _EDITION.search(context.text, end, min(last, end + 40))
    if not found:
        before = list(_EDITION.finditer(context.text, max(first, start - 40), start))
        found = before[-1] if before else None
    if not found:
        return None
    if year := found["y"] or found["y2"] or found["y3"]:
        return _OF_YEAR.get(year, year)
    number = integer(found["e"] or found["e2"] or found["e3"])
    return str(number)
