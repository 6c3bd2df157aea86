"""CTCAE grades as charts write them: Ⅲ度, III°, 3级, G3, Ⅰ-Ⅱ度; before a term or after it."""

import re
from typing import NamedTuple

from etl.notes.numeral import integer

_N = r"(?:[0-5](?!\d|\.\d)|Ⅰ|Ⅱ|Ⅲ|Ⅳ|Ⅴ|IV|I{1,3}|l{1,3}|[一二三四五])"
_GRADE = (
    r"(?:[Gg](?:rade)?\s?(?P<g>[0-5])(?!\d)"
    rf"|(?P<n>{_N})\s?(?:[-~到至/]\s?(?P<to>{_N}))?\s?(?:度|级|°))"
)
_OWN = _GRADE.replace("?P<", "?P<own_")
# What may stand between a term and its grade: the cause, the scale, the word reaction itself.
_CAUSED = (
    r"(?:考虑|为|系)?(?:免疫|药物|化疗|放疗)(?:治疗)?相关性?|考虑[^,。;()]{1,8}(?:所致|引起|相关),"
)
_SCALE = r"(?:按|依据|据)?\s?(?:CTCAE|NCI|WHO|RTOG)[^,。;)]{0,10}?"
_FILLER = "不良反应|分级|程度|毒性|反应|损伤|最重|最高|约|达到?|均为?|各|都|为|明显|加重|症状"
_AFTER = re.compile(
    r"(?:\([^()。;]{1,24}[,、:;\s]|[^,。;()、]{1,10}\(|\([^()。;]{1,16}\))?"
    rf"(?:[,(:、]?\s?(?:{_CAUSED}|{_SCALE}|{_FILLER}|[(:,])\s?){{0,4}}?[,(:]?\s?{_GRADE}"
)
_BETWEEN = (
    "的|及?以上的?|急性|晚期|免疫相关性?|免疫性|放射性|化疗后|化疗相关性?|药物性|ICI相关性?|irAE"
)
# 腹泻每日7次,3级: a clause that is but a grade.
_OWN_CLAUSE = re.compile(
    rf"(?:[^,。;]{{0,16}}[,:(]){{1,2}}\s?(?:CTCAE|分级|属于?|为|达|目前|现|最高|最重|按描述评?|评)?\s?{_GRADE}\s?(?=[,。;、)\n]|$)"
)
# What a list of bare grades names before.
_SIGNS = ("度", "级", "°", "G", "g", "毒性", "CTCAE")
SCALE = re.compile("CTCAE|RTOG|分级|毒性")
_SIGN = re.compile(r"[度级°Gg](?:(?<=[0-5ⅠⅡⅢⅣⅤIVl一二三四五\s][度级°])|(?<=[Gg])(?:rade)?\s?[0-5])")
_WINDOW = 60
_BEFORE = re.compile(rf"(?P<grade>{_GRADE})(?:{_BETWEEN}|[\s:)、])?$")
# 血小板最低21×10^9/L(四度), 白细胞Ⅲ度下降: a cell count with its grade.
_COUNT = re.compile(
    r"(?P<cell>白细胞|中性粒细胞|中性粒|粒细胞|血小板|血红蛋白|WBC|ANC|PLT|HGB|Hb|ALT|AST|转氨酶|胆红素|肌酐)"
    rf"[^,。;\n级]{{0,22}}?(?:\(?{_GRADE}|,{_OWN}(?=[,。;)\n]|$))"
)
# 口咽黏膜Ⅲ级,颈部皮肤Ⅱ级: an organ with its grade.
_ORGAN = re.compile(rf"(?P<cell>黏膜|皮肤)(?:反应|损伤)?\s?[:]?\s?{_GRADE}")
# (CTCAE v5):黏膜炎3、皮炎2: a list of bare grades.
_BARE = re.compile(r"\s?(?P<n>[1-5])(?=\s?(?:[,、;。)\n]|$))")
CELLS = {
    "黏膜": "mucositis", "皮肤": "dermatitis",
    "白细胞": "leukopenia", "WBC": "leukopenia", "中性粒细胞": "neutropenia",
    "中性粒": "neutropenia", "粒细胞": "neutropenia", "ANC": "neutropenia",
    "血小板": "thrombocytopenia", "PLT": "thrombocytopenia", "血红蛋白": "anemia",
    "HGB": "anemia", "Hb": "anemia", "ALT": "hepatitis", "AST": "hepatitis",
    "转氨酶": "hepatitis", "胆红素": "hepatitis", "肌酐": "nephrotoxicity",
}  # fmt: skip


class Grade(NamedTuple):
    """A grade where it stands: before a word `start` is the grade's, after one `end` is."""

    value: int | None
    start: int
    end: int


def told(text: str) -> bool:
    """Whether a text may hold a grade: a sign of one, or a scale that bare numbers are on."""
    return any(sign in text for sign in _SIGNS)


def after(text: str, place: int, until: int | None = None) -> Grade | None:
    """The grade that follows a place, in a clause of its own only up to `until`."""
    if not _SIGN.search(text, place, place + _WINDOW):
        return None
    end = place + _WINDOW
    found = _AFTER.match(text, place, end)
    if not found and (until is None or until > place):
        found = _OWN_CLAUSE.match(text, place, end if until is None else min(end, until))
    return Grade(_value(found), found.start(), found.end()) if found else None


def bare(text: str, place: int) -> Grade | None:
    """The bare number that follows a place: a grade in a list that says it is one."""
    found = _BARE.match(text, place, place + 4)
    return Grade(int(found["n"]), found.start(), found.end()) if found else None


def before(text: str, place: int) -> Grade | None:
    """The grade that stands right before a place."""
    start = max(place - 14, 0)
    found = _BEFORE.search(text, start, place) if _SIGN.search(text, start, place) else None
    return Grade(_value(found), found.start(), found.end("grade")) if found else None


def counts(text: str) -> list[tuple[str, int | None, int, int]]:
    """Cell counts that carry a grade: adverse event, grade, span."""
    return [
        (CELLS[found["cell"]], _value(found), found.start(), found.end())
        for form in (_COUNT, _ORGAN)
        for found in form.finditer(text)
    ]


def _value(found: re.Match[str]) -> int | None:
    told = found.groupdict()
    written = (told.get(name) for name in ("g", "to", "n", "own_g", "own_to", "own_n"))
    value = integer(next((sign for sign in written if sign), ""))
    return value if value is not None and value <= 5 else None
