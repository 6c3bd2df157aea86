"""Response to treatment: CR, PR, SD, PD in codes or words (RECIST 1.1)."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.drug import drugs
from etl.notes.fact import Certainty, Fact
from etl.notes.told import certainty, planned, sentence

_CODE = re.compile(
    r"[CPSciurnm](?:(?<=[CPS])[RD](?<![A-Za-z\d]..)"
    r"(?![A-Za-z\d]|-[1L(]|间期|[ ]?\([+-]|[阳阴]性|[ ]?[:=]?[ ]?\d)"
    r"|(?<=[ciurnm])[CPS][RD](?<![A-Za-z]...)(?![A-Za-z\d]))"
)
_CODES = {"CR", "PR", "SD", "PD"}
_ABOUT = re.compile(
    r"疗效|评效|评价|评估|评定|RECIST|缓解|稳定|进展|病灶|肿瘤|复查|维持|达|近期|C[RDT]|PR|PD|SR|SD|MR|缩小|增大|转移|治疗后|程(?<=\d程)|周期"
)
_NO_CODE = re.compile(r"ER\s?\([^()]{0,10}\)|间期|心电图|孕激素|雌激素|HER-?2|标准差|肌酐|Ccr")
_NOT_YET = re.compile(r"未达到?|达不到|未到|非$")
# GP×6,PR;: a code that is a clause of its own.
_OWN = re.compile(r"[,;(。]\s?$")
_WORD = re.compile(
    r"完全缓解|完全消退|部分缓解|部分有效|疾病(?:维持|保持)?稳定|疾病进展|病[情灶变](?:维持|保持)?(?:稳定|进展)"
    r"|肿瘤(?:维持|保持)?(?:稳定|进展)|进展"
)
_MEANINGS = {
    "完全缓解": "CR",
    "完全消退": "CR",
    "部分缓解": "PR",
    "部分有效": "PR",
    "稳定": "SD",
    "进展": "PD",
}
_VERDICT = re.compile(r"疗效|评效|评[价定估]|RECIST|近期")
_SYMPTOM = re.compile(r"痛|咳|喘|热|症状|咯血|头晕|恶心|乏力|不适|麻木|瘙痒|水肿|胸闷")
_CRITERIA = re.compile(r"[im]?RECIST|WHO标准|Lugano|PERCIST")


def response(context: Context, on: date | None) -> Iterator[Fact]:
    """The responses of a note, one for a code and the words it stands beside."""
    text = context.text
    last: tuple[str, int] = ("", -99)
    found = [(m, _meaning(context, m)) for m in _all(text)]
    for match, value in found:
        if not value or (value == last[0] and match.start() - last[1] <= 6):
            continue
        if planned(context, match.start()):
            continue
        last = value, match.end()
        first, end = sentence(context, match.start())
        criteria = _CRITERIA.search(text, first, end)
        detail = {"criteria": criteria[0] if criteria else None}
        sure = certainty(context, *match.span())
        if sure == Certainty.NEGATED:
            continue
        yield Fact("response", value, match.span(), sure, "response", detail)


def _all(text: str) -> list[re.Match[str]]:
    both = [*_CODE.finditer(text), *_WORD.finditer(text)]
    return sorted(both, key=lambda match: match.start())


def _meaning(context: Context, match: re.Match[str]) -> str | None:
    """The response that a match says; None where it says something else."""
    text, (start, end) = context.text, match.span()
    first, last = sentence(context, start)
    if match.re is _CODE:
        code = match[0][-2:]
        if code not in _CODES or _NO_CODE.search(text, max(first, start - 12), min(last, end + 8)):
            return None
        if _NOT_YET.search(text, max(first, start - 6), start):
            return None
        if _OWN.search(text, max(start - 2, 0), start) and text[end : end + 1] in tuple(",;。)("):
            return code
        said = text[first:start] + "|" + text[end:last]
        return code if _ABOUT.search(said) or text[start - 1 : start] in tuple("(:为评后") else None
    value = next(code for word, code in _MEANINGS.items() if match[0].endswith(word))
    before = text[max(first, start - 24) : start]
    if value in ("CR", "PR"):
        near = re.split(r"[,、]", before)[-1]
        return None if _SYMPTOM.search(near) and not _VERDICT.search(near) else value
    if _VERDICT.search(before) or _said_by_code(text, end, value):
        return value
    # 替吉奥胶囊,疾病稳定: a verdict on the treatment named before it.
    own = _OWN.search(text, max(first, start - 1), start) and text[end : end + 1] in tuple(",;。")
    return (
        value
        if own
        and value == "SD"
        and match[0].startswith(("疾病", "肿瘤"))
        and drugs(text, first, start)
        else None
    )


def _said_by_code(text: str, end: int, value: str) -> bool:
    return bool(re.match(rf"\s?\(\s?[ci]?{value}\b", text[end : end + 6]))
