"""A tumour named but not found: treated, known from the history, or the origin of a metastasis."""

import re

_TREATED = re.compile(
    r"\s?[(]?(?:综合|根治性?|同步|诱导|姑息|介入|多程|多次|规律|全身|靶向|免疫|微创|右|左|肺叶|楔形"
    r"|局部|\d次){0,4}(?:(?:并|伴|及|合并|、)?[^,。;:]{0,12}转移)?"
    r"(?:放、?化疗|化、?放疗|放疗|化疗|治疗|手术|术|切除|射频|消融|靶向|免疫|综合治疗|介入|调强)"
    r"[^,。;:]{0,8}?(?:后|中|期间|前|\d周期)"
)
# 鼻咽癌双肺、纵隔淋巴结转移: of the nasopharynx no more than whence.
_FAR_FROM = re.compile(r"[^,。;:并伴合]{0,24}转移")
_HISTORY = re.compile(r"[^,。;:]{0,4}(?:病史|患者|史(?!密)|病例|复查)")
_WHENCE = re.compile(r"(?:多发|全身|广泛|远处|所致|来源|的|相关){0,2}转移")
_REVIEWED = re.compile(r"(?:放化?疗|化疗|治疗|术|消融)[^,。;:]{0,4}后?[^,。;:]{0,2}复查|病?史|患者")


def of_the_past(text: str, place: int) -> bool:
    """Whether the tumour named up to a place is told as treated or as history: 鼻咽癌放疗后."""
    return _TREATED.match(text, place) is not None or _HISTORY.match(text, place) is not None


def standing(text: str, place: int) -> bool:
    """Whether a treated tumour was not taken out: the mass at its place is it."""
    treated = _TREATED.match(text, place)
    return treated is not None and not any(word in treated[0] for word in ("术", "切除", "消融"))


def whence(text: str, place: int, site: str) -> bool:
    """Whether the tumour named up to a place is the origin of a metastasis: 鼻咽癌转移."""
    form = _FAR_FROM if site == "nasopharynx" else _WHENCE
    return form.match(text, place) is not None


def reviewed(text: str, place: int) -> bool:
    """Whether a metastasis is but why the examination was made: 肺转移瘤治疗后复查."""
    return _REVIEWED.match(text, place) is not None
