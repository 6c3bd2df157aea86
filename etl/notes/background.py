"""A tumour named but not found: treated, known from the history, or the origin of a metastasis."""

import re

_TREATED = re.compile(
    r"[^,。;:\n、并伴合?]{0,12}?(?:(?:并|伴|及|合并|、)?[^,。;:\n]{0,12}转移)?[^,。;:\n、并伴合?]{0,8}?"
    r"(?:放、?化疗|化、?放疗|放疗|化疗|治疗|手术|术|切除|射频|消融|靶向|免疫|综合治疗|介入|调强|IMRT|SBRT|SRS|TACE|TOMO|PCI|粒子植入)"
    r"[^,。;:\n]{0,8}?(?:后|中|期间|前|\d+\s?(?:周期|个?月|年|次|程|疗程|周))"
)
# 鼻咽癌双肺、纵隔淋巴结转移: of the nasopharynx no more than whence.
_FAR_FROM = re.compile(r"[^,。;:\n并伴合]{0,24}转移")
_HISTORY = re.compile(r"[^,。;:\n]{0,4}(?:病史|患者|史(?!密)|病例|复查)")
_WHENCE = re.compile(r"(?:多发|全身|广泛|远处|所致|来源|的|相关){0,2}转移")
# 鼻咽癌局部复发: what is found is the recurrence.
_RECURS = re.compile(r"(?:局部|区域|原位|术后)?(?:复发|残留)")
_SPREADS = re.compile(r"[^,。;:\n、并伴合及和侵于而或与非可能大?]{1,6}转移")
_CHANGED = re.compile(r"[^,。;:\n]{0,14}后(?:的)?(?:改变|表现|反应|状态)")
_REVIEWED = re.compile(
    r"(?:放化?疗|化疗|治疗|术|消融)[^,。;:\n]{0,4}后?[^,。;:\n]{0,2}复查|病?史|患者"
)


def of_the_past(text: str, place: int) -> bool:
    """Whether the tumour named up to a place is told as treated or as history: 鼻咽癌放疗后."""
    return _TREATED.match(text, place) is not None or _HISTORY.match(text, place) is not None


def standing(text: str, place: int) -> bool:
    """Whether a treated tumour was not taken out: the mass at its place is it."""
    treated = _TREATED.match(text, place)
    if treated is None:
        return False
    taken = any(word in treated[0] for word in ("术", "切除", "消融"))
    return not taken or "TACE" in treated[0] or "介入" in treated[0]


def whence(text: str, place: int, site: str) -> bool:
    """Whether the tumour named up to a place is the origin of a metastasis: 鼻咽癌转移."""
    if _RECURS.match(text, place):
        return True
    form = _FAR_FROM if site == "nasopharynx" else _WHENCE
    return form.match(text, place) is not None


def spreads(text: str, place: int) -> bool:
    """Whether a metastasis is told of in the same words: 肺癌肺内转移."""
    return _SPREADS.match(text, place) is not None


def changed(text: str, place: int) -> bool:
    """Whether what its treatment has changed is told of: 鼻咽癌放疗后改变."""
    return _CHANGED.match(text, place) is not None


def reviewed(text: str, place: int) -> bool:
    """Whether a metastasis is but why the examination was made: 肺转移瘤治疗后复查."""
    return _REVIEWED.match(text, place) is not None
