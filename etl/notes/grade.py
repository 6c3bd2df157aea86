"""CTCAE grades as charts write them: Ⅲ度, III°, 3级, G3, Ⅰ-Ⅱ度; before a term or after it."""

import re

from etl.notes.numeral import integer

_N = r"(?:[0-5](?!\d|\.\d)|Ⅰ|Ⅱ|Ⅲ|Ⅳ|Ⅴ|IV|I{1,3}|l{1,3}|[一二三四五])"
_GRADE = (
    r"(?:[Gg](?:rade)?\s?(?P<g>[0-5])(?!\d)"
    rf"|(?P<n>{_N})\s?(?:[-~到至/]\s?(?P<to>{_N}))?\s?(?:度|级|°))"
)
# What may stand between a term and its grade: the cause, the scale, the word reaction itself.
_CAUSED = (
    r"(?:考虑|为|系)?(?:免疫|药物|化疗|放疗)(?:治疗)?相关性?|考虑[^,。;()]{1,8}(?:所致|引起|相关),"
)
_SCALE = r"(?:按|依据|据)?\s?(?:CTCAE|NCI|WHO|RTOG)[^,。;)]{0,10}?"
_FILLER = "不良反应|分级|程度|毒性|反应|损伤|最重|最高|约|达到?|均为?|各|都|为|明显|加重|症状"
_AFTER = re.compile(
    r"(?:\([^()。;]{1,24}[,、:;\s]|[^,。;()、]{1,10}\()?"
    rf"(?:[,(:、]?\s?(?:{_CAUSED}|{_SCALE}|{_FILLER}|[(:,])\s?){{0,4}}?[,(:]?\s?{_GRADE}"
)
_BETWEEN = "的|急性|晚期|免疫相关性?|免疫性|放射性|化疗后|化疗相关性?|药物性|ICI相关性?|irAE"
_SIGN = re.compile(r"[度级°]|[Gg](?:rade)?\s?[0-5]")
_WINDOW = 60
_BEFORE = re.compile(rf"{_GRADE}(?:{_BETWEEN}|[\s:)、])?$")
# 血小板最低21×10^9/L(四度), 白细胞Ⅲ度下降: a cell count with its grade.
_COUNT = re.compile(
    r"(?P<cell>白细胞|中性粒细胞|中性粒|粒细胞|血小板|血红蛋白|WBC|ANC|PLT|HGB|Hb|ALT|AST|转氨酶|胆红素|肌酐)"
    rf"[^,。;\n级]{{0,22}}?\(?{_GRADE}"
)
CELLS = {
    "白细胞": "leukopenia", "WBC": "leukopenia", "中性粒细胞": "neutropenia",
    "中性粒": "neutropenia", "粒细胞": "neutropenia", "ANC": "neutropenia",
    "血小板": "thrombocytopenia", "PLT": "thrombocytopenia", "血红蛋白": "anemia",
    "HGB": "anemia", "Hb": "anemia", "ALT": "hepatitis", "AST": "hepatitis",
    "转氨酶": "hepatitis", "胆红素": "hepatitis", "肌酐": "nephrotoxicity",
}  # fmt: skip


def after(text: str, place: int) -> tuple[int | None, int] | None:
    """The grade that follows a place, and where it ends."""
    if not _SIGN.search(text, place, place + _WINDOW):
        return None
    found = _AFTER.match(text, place, place + _WINDOW)
    return (_value(found), found.end()) if found else None


def before(text: str, place: int) -> tuple[int | None, int] | None:
    """The grade that stands right before a place, and where it begins."""
    found = _BEFORE.search(text, max(place - 14, 0), place)
    return (_value(found), found.start()) if found else None


def counts(text: str) -> list[tuple[str, int | None, int, int]]:
    """Cell counts that carry a grade: adverse event, grade, span."""
    return [
        (CELLS[found["cell"]], _value(found), found.start(), found.end())
        for found in _COUNT.finditer(text)
    ]


def _value(found: re.Match[str]) -> int | None:
    value = integer(found["g"] or found["to"] or found["n"])
    return value if value is not None and value <= 5 else None
