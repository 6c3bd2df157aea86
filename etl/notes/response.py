"""Response to treatment: CR, PR, SD, PD in codes or words (RECIST 1.1)."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.told import planned, sentence

_CODE = re.compile(
    r"(?P<code>[CPS][RD])(?<![A-Za-z\d][CPS][RD])(?:\(RECIST[^()]{0,12}\))?(?![A-Za-z\d]|-[1L(]|间期|[ ]?\([+-]|[阳阴]性|[ ]?[:=]?[ ]?\d)"
    r"|(?<![A-Za-z])[ciurnm](?P<code2>[CPS][RD])(?![A-Za-z\d])|(?P<partly>VGPR|MRD阴性CR)"
)
_CODES = {"CR", "PR", "SD", "PD"}
_ABOUT = re.compile(
    r"疗效|评效|评价|评估|评定|RECIST|缓解|稳定|进展|病灶|肿瘤|复查|维持|达[到]?|近期|[CPS][RD]|CT|MR|缩小|增大|转移|治疗后"
)
_NO_CODE = re.compile(r"ER\s?\([^()]{0,10}\)|间期|心电图|孕激素|雌激素|HER-?2|标准差|肌酐|Ccr")
_WORD = re.compile(
    r"(?P<CR>完全缓解|完全消退|病灶完全消失)|(?P<PR>部分缓解|部分有效)"
    r"|(?P<SD>(?:疾病|病情|病灶|肿瘤|病变)(?:评价)?(?:维持|保持)?稳定|稳定期)|(?P<PD>(?:疾病|病情|肿瘤|病变)进展|进展期?)"
)
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
        sure = context.certainty(*match.span())
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
        code = match["code"] or match["code2"]
        if code not in _CODES or _NO_CODE.search(text, max(first, start - 12), min(last, end + 8)):
            return None
        said = text[first:start] + "|" + text[end:last]
        return code if _ABOUT.search(said) or text[start - 1 : start] in ("(", ":", "为") else None
    value = match.lastgroup
    before = text[max(first, start - 24) : start]
    if value in ("CR", "PR"):
        near = re.split(r"[,、]", before)[-1]
        return None if _SYMPTOM.search(near) and not _VERDICT.search(near) else value
    return value if _VERDICT.search(before) or _said_by_code(text, end, value) else None


def _said_by_code(text: str, end: int, value: str | None) -> bool:
    return bool(re.match(rf"\s?\(\s?[ci]?{value}\b", text[end : end + 6]))
