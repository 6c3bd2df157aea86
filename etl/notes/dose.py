"""Doses of radiotherapy as told: 6996cGy/33F, PGTVnx 70.4Gy/32f, 8Gy×6次, 60GY/30F/42D."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TARGET = (
    r"(?P<target>(?:P(?=[GC]?TV))?[GC]?TV\s?-?(?P<which>nx|NX|Nx|nd|ND|Nd|[npt]|ln|LN|rpn|RPN|lung"
    r"|bone|[lm]|)(?:\d(?=[\s:(]))?[a-zA-Z]{0,3}?|DT|Dt|TD)"
)
_BEFORE = re.compile(_TARGET + r"(?:\([^()]{0,12}\))?\s?[:为=约]{0,2}\s?$")
_DOSE = re.compile(
    r"(?P<dose>\d(?<![\d.]\d)\d{0,3}(?:\.\d{1,2})?)\s?(?:[-~]\s?(?P<upper>\d{2,4}(?:\.\d{1,2})?)\s?)?"
    r"(?P<unit>[cC][gG][yY]|[gG][yY]E?|戈瑞|厘戈瑞)"
    r"(?:\s?[/(,、]?\s?(?:共|分)?\s?(?P<f>\d{1,2})\s?(?:[fF][xX]?|次|分次)(?![A-Za-z]))?"
)
_UNIT = re.compile(r"[GgP戈D](?:(?<=[Gg])[Yy]|瑞|(?<=D)T|(?<=[GP])TV)")
_NO_UNIT = re.compile(
    r"(?<=[DdTtVXxLlPp\s\d:])(?P<dose>[3-7]\d{3}|[3-7]\d(?:\.\d{1,2})?)\s?/\s?(?P<f>\d{1,2})\s?(?:[fF](?![a-z])|次)"
)
# A dose is found by its unit: numbers are many, units few.
_GRAY = re.compile(
    r"[cCgG厘戈](?:(?<=[cC])[gG][yY]|(?<=[gG])(?<![cC].)[yY]|(?<=厘)戈瑞|(?<=戈)(?<!厘.)瑞)"
)
_NUMBER = re.compile(
    r"\d(?<![\d.]\d)\d{0,3}(?:\.\d{1,2})?\s?(?:[-~]\s?\d{2,4}(?:\.\d{1,2})?\s?)?\Z"
)
_EACH = re.compile(r"\s?[×xX*]\s?(?P<f>\d{1,2})\s?(?:[fF]|次)")
_PER_FRACTION = re.compile(r"\s?(?:/\s?(?:次|[fF](?!\d))|每次)")
_FRACTIONS_BEFORE = re.compile(r"(?P<f>\d{1,2})\s?(?:次|[fF])[^,。;\d]{0,8}[,(]?[^,。;\d]{0,8}$")
_FRACTIONS_AFTER = re.compile(
    r"(?:\s?[,(/]?\s?(?:共|分)?(?:照射)?\s?|\s?[,(]\s?[\d.]{1,4}\s?c?[Gg]y\s?(?:[×xX*]|[A-Za-z]{1,3},)\s?|[^。;\n]{0,24}?均\s?)(?P<f>\d{1,2})\s?(?:次|分次|[fF](?![a-z])|(?=\)|[,。;]))"
)
_LIMIT = re.compile(r"(?:[Dd](?:max|mean)|(?<!T)V\d{1,2}|限量|脊髓|脑干|受量)[^,。;]{0,6}$")
_ELECTIVE = re.compile(r"P?(?:CTV|TV(?:\d(?!\d)|[1-5]\d|6[0-5]))")
_SITES = {
    "nx": "nasopharynx", "nd": "lymph_node", "n": "lymph_node", "ln": "lymph_node",
    "rpn": "lymph_node", "lung": "lung", "bone": "bone",
}  # fmt: skip
_LARGEST_FRACTION, _LARGEST_DOSE = 12, 120


@dataclass(slots=True)
class Dose:
    """A dose where it stands; `site` only where the target volume's name tells it."""

    gy: float
    fractions: int | None
    site: str | None
    start: int
    end: int
    elective: bool = False


def doses(text: str) -> Iterator[Dose]:
    """The doses to gross tumour told in a normal text, in order; no limits, no elective volumes.

    Where only volumes by number are told (PTV1, PTV2) the largest dose is that to the tumour.
    """
    if not _UNIT.search(text):
        return
    found = [match for unit in _GRAY.finditer(text) if (match := _number(text, unit.start()))]
    if "TV" in text or "DT" in text:
        found += _NO_UNIT.finditer(text)
    read = [dose for match in found if (dose := _dose(text, match))]
    gross = [dose for dose in read if not dose.elective]
    if gross or not read:
        yield from sorted(gross, key=lambda dose: dose.start)
    else:
        yield max(read, key=lambda dose: dose.gy)


def _number(text: str, unit: int) -> re.Match[str] | None:
    """The dose whose unit stands at a place."""
    before = _NUMBER.search(text, max(unit - 24, 0), unit)
    return _DOSE.match(text, before.start()) if before else None


def _dose(text: str, found: re.Match[str]) -> Dose | None:
    start, end = found.span()
    told = found.groupdict()
    if text[start - 1 : start] in tuple("0123456789.") or _LIMIT.search(
        text, max(start - 14, 0), start
    ):
        return None
    gray = float(told.get("upper") or told["dose"])
    unit = told.get("unit") or ("cgy" if gray > 100 else "gy")
    if unit.lower() in ("cgy", "厘戈瑞"):
        gray /= 100
    fractions = told["f"]
    if gray <= _LARGEST_FRACTION and (each := _EACH.match(text, end)):
        gray, fractions, end = gray * int(each["f"]), each["f"], each.end()
    elif gray < _LARGEST_FRACTION and (gray < 4 or _PER_FRACTION.match(text, end)):
        return None
    named = _BEFORE.search(text, max(start - 26, 0), start)
    if "unit" not in told and not named:
        return None
    target, which = (named["target"], (named["which"] or "").lower()) if named else ("", "")
    if not named and text[start - 1 : start] == "N" and not text[start - 2 : start - 1].isalpha():
        which = "n"
    if not 4 <= gray <= _LARGEST_DOSE:
        return None
    if not fractions:
        after = _FRACTIONS_AFTER.match(text, end, end + 36)
        before = _FRACTIONS_BEFORE.search(text, max(start - 24, 0), start)
        fractions = after["f"] if after else before["f"] if before else None
    return Dose(
        gy=round(gray, 2),
        fractions=int(fractions) if fractions else None,
        site=_SITES.get(which),
        start=named.start() if named else start,
        end=end,
        elective=_ELECTIVE.match(target) is not None,
    )
