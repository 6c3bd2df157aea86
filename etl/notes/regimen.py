"""Chemotherapy regimens: by their code (GP, TPF) or by the drugs that make them up."""

import functools
import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.drug import Drug, drugs
from etl.notes.fact import Certainty, Fact
from etl.notes.lexicon import lexicon
from etl.notes.told import denied, planned

_AFTER = re.compile(
    r"\s?(?:方案|化疗|诱导|同步|同期|辅助|新辅助|维持|治疗|联合|周期|疗程|巩固|[×xX*+＋]|\(|\d+\s?个?(?:周期|程|疗程|次)|第|[一二两三四五六七八]个?(?:周期|疗程|程)|[,、]?共?\d{1,2}\s?个?(?:周期|疗程|程|次)|q3w|for)"
)
_BEFORE = re.compile(
    r"(?:[行予以用为的+/、]|给予|采用|完成|同步|同期|周期|疗程|程|方案[::]?|化疗[::]?|联合|改|继续|单抗|\d\s?)\s?$"
)
_NUMBER = re.compile(r"\s?[\d:]")
_LINKED = re.compile(
    r"\s?(?:\d[\d.]*\s?(?:m?g|mg/m2|AUC)?[^,。;、+]{0,14}?(?:[,、]\d{1,2})?)?(?:\([^()]{0,20}\))?\s?(?:[+、/,和及与]|联合|加)?\s?(?:注射用|盐酸|注射液)?"
)


@functools.lru_cache(maxsize=4)
def codes(text: str) -> list[tuple[str, int, int]]:
    """The codes of regimens in a normal text, with their places."""
    found = []
    for line, begins, ends in lexicon("regimen").scan(text):
        before, after = text[begins - 1 : begins], text[ends : ends + 1]
        if (before.isascii() and before.isalnum() and not before.isdigit()) or (
            after.isascii() and after.isalnum() and not after.isdigit()
        ):
            continue
        if _AFTER.match(text, ends) or (
            _BEFORE.search(text, max(begins - 4, 0), begins) and not _NUMBER.match(after)
        ):
            found.append((line["regimen"], begins, ends))
    return found


def regimen(context: Context, on: date | None) -> Iterator[Fact]:
    """The regimens given in a note."""
    text = context.text
    coded: set[int] = set()
    for value, start, end in codes(text):
        coded.add(context.sentence(start))
        if planned(context, start) or denied(context, start, end):
            continue
        detail = {"drugs": _listed(text, end)}
        yield Fact("regimen", value, (start, end), Certainty.DEFINITE, "regimen", detail)
    chemo = [d for d in drugs(text) if d.kind == "chemotherapy" and d.name]
    for group in _groups(text, chemo):
        start, end = group[0].start, group[-1].end
        made = of_drugs([drug.name for drug in group])
        if not made or context.sentence(start) in coded:
            continue
        if planned(context, start) or denied(context, start, end):
            continue
        detail = {"drugs": [drug.name for drug in group]}
        yield Fact("regimen", made, (start, end), Certainty.DEFINITE, "regimen_drugs", detail)


_PLATINUM = {"顺铂", "奈达铂"}
_TAXANE = {"多西他赛", "紫杉醇", "白蛋白紫杉醇", "紫杉醇脂质体"}
_LETTERS = {
    "吉西他滨": "G",
    "氟尿嘧啶": "F",
    "卡培他滨": "X",
    "卡铂": "C",
    "替吉奥": "S",
    "洛铂": "L",
    "奥沙利铂": "OX",
}
_OF_LETTERS = {
    "GP": "GP", "PT": "TP", "FPT": "TPF", "FP": "PF", "CG": "GC", "CT": "TC", "PTX": "TPX",
    "PX": "XP", "GOX": "GEMOX", "PST": "TPS", "GX": "GX", "GT": "GT", "CF": "CF", "PS": "SP",
    "GL": "GL", "LT": "TL",
}  # fmt: skip


def of_drugs(names: list[str]) -> str | None:
    """The code of the regimen that drugs make up, any platinum but carboplatin being the P."""
    letters = {
        "P" if name in _PLATINUM else "T" if name in _TAXANE else _LETTERS.get(name, name)
        for name in names
    }
    return _OF_LETTERS.get("".join(sorted(letters))) if len(letters) > 1 else None


def _groups(text: str, chemo: list[Drug]) -> Iterator[list[Drug]]:
    """Drugs told as one: nothing but doses, days and links between them."""
    group: list[Drug] = []
    for drug in chemo:
        if group and not _LINKED.fullmatch(
            text, group[-1].end, min(drug.start, group[-1].end + 40)
        ):
            yield group
            group = []
        if group and drug.start - group[-1].end > 40:
            yield group
            group = []
        group.append(drug)
    if group:
        yield group


def _listed(text: str, end: int) -> list[str] | None:
    """The drugs in the brackets after a code."""
    bracket = re.match(
        r"(?:方案)?(?:诱导|同步)?(?:化疗)?[×x*]?\d?\s?[(:][^()。;]{2,60}", text[end : end + 70]
    )
    if not bracket:
        return None
    return [drug.name for drug in drugs(text, end, end + bracket.end()) if drug.name] or None
