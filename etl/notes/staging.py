"""TNM and stage with the edition that they are of."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.numeral import integer
from etl.notes.told import sentence

_SUB = str.maketrans("₀₁₂₃₄⁰¹²³⁴", "0123401234")
_TNM = re.compile(
    r"(?P<prefix>[yrcpaYRCP]{0,3})(?P<t>T(?<![A-Z]T)(?:[0-4₀-₄¹²³][a-d]?|[xX]|is))\s?[,、]?\s?[cpr]?"
    r"(?P<n>N(?:[0-3₀-₃¹²³][a-c]?|[xX]))\s?[,、]?\s?[cpr]?(?P<m>M(?:[01₀₁][a-c]?|[xX])|)(?![A-Za-z\d])"
)
_ROMAN = r"Ⅳ|Ⅲ|Ⅱ|Ⅰ|IV|I{1,3}|lV|l{2,3}"
_STAGE = re.compile(
    rf"(?P<r>{_ROMAN})\s?-?\s?(?P<s>[a-cA-C])?[0-2]?\s?期(?!临床|药物|[^,。;]{{0,4}}(?:试验|研究|缝合|愈合|手术))"
    rf"|分期\s?[:为]?\s?(?:[^\d,。;ⅠⅡⅢⅣ]{{0,6}}?)(?P<r2>{_ROMAN})\s?(?P<s2>[a-cA-C])?(?![A-Za-z\d]|\s?期)"
    r"|(?P<r3>[1-4一二三四])\s?(?P<s3>[a-cA-C])?\s?期(?!临床|药物|[^,。;]{0,4}(?:试验|研究|缝合|愈合|手术))"
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
_OF_YEAR = {"92": "1992", "08": "2008"}


def staging(context: Context, on: date | None) -> Iterator[Fact]:
    """TNM and stages of a note: "T11椎体" is neither, nor is a phase Ⅰ trial."""
    text = context.text
    for found in _TNM.finditer(text):
        sizes = [found[name].translate(_SUB) for name in "tnm"]
        detail = {
            "prefix": found["prefix"].lower() or None,
            "edition": _edition(context, *found.span()),
        }
        value = "".join(size[:1] + size[1:].lower() for size in sizes)
        yield Fact("tnm", value, found.span(), _sure(context, *found.span()), "tnm", detail)
    for found in _STAGE.finditer(text):
        if (value := _stage(context, found)) and not context.says("other_person", *found.span()):
            detail = {"edition": _edition(context, *found.span())}
            yield Fact("stage", value, found.span(), _sure(context, *found.span()), "stage", detail)


def _sure(context: Context, start: int, end: int) -> Certainty:
    """Probable at least: a stage is an assessment; 考虑 before it says no less."""
    return max(context.certainty(start, end), Certainty.PROBABLE)


def _stage(context: Context, found: re.Match[str]) -> str | None:
    text = context.text
    roman = found["r"] or found["r2"] or found["r3"]
    first, last = sentence(context, found.start())
    if text[found.start() - 1 : found.start()].isascii() and re.search(
        r"[A-Za-z\d第-]$", text[:found.start()][-1:]
    ):
        return None
    if _NO_TUMOUR.search(text, max(first, found.start() - 16), found.start()):
        return None
    if found["r3"] and not _TUMOUR.search(text, max(first, found.start() - 30), last):
        return None
    number = integer(roman)
    if not number or number > 4:
        return None
    letter = (found["s"] or found["s2"] or found["s3"] or "").lower()
    return ("I", "II", "III", "IV")[number - 1] + letter


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
