"""Unfit for chemotherapy or radiotherapy in the words of a note (STUDY e6)."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.told import sentence

_THERAPY = (
    r"(?:(?:同步)?放、?化疗|放疗|化疗|放射治疗|抗肿瘤(?:药物)?治疗|全身治疗|系统治疗|积极治疗)"
)
_UNFIT = re.compile(
    rf"(?:不能|无法|难以|不可|未能|不)(?:再|继续|接受和?|再次)?(?:耐受|承受|接受)[^,。;\n]{{0,12}}{_THERAPY}"
    rf"|(?:不宜|不适合|不适宜|不能|无法|暂不宜|不宜再|已无)[^,。;\n]{{0,4}}(?:行|继续|进行|接受)[^,。;\n]{{0,8}}{_THERAPY}"
    rf"|(?:不宜|不适合|不适宜|不适于|不允许)(?:再|继续|进一步|进行|接受|行|根治性|同步|积极的?|强烈的?|全身){{0,3}}{_THERAPY}"
    rf"|经不[起住][^,。;\n]{{0,6}}{_THERAPY}|(?<![没未无])(?:存在|有)(?:明显|明确|绝对)?的?{_THERAPY}(?:的)?禁忌"
    rf"|(?:不具备|没有|无){_THERAPY}的?条件|(?:失去|丧失)了?[^,。;\n]{{0,4}}{_THERAPY}的?(?:机会|时机)"
    rf"|(?:承受|耐受|经受|吃)不(?:了|住)[^,。;\n]{{0,12}}{_THERAPY}"
    rf"|{_THERAPY}[^,。;\n]{{0,6}}(?:不能耐受|无法耐受|难以耐受|不耐受)|无{_THERAPY}指征"
)
_NO_UNFIT = re.compile(r"(?:若|如|一旦|避免|担心|假如|如果|恐|是否|防止)[^。;\n]{0,10}$")
_HINT = re.compile(
    r"耐受|承受|经受|吃不|未能|不宜|不能|无法|适合|适宜|适于|不允许|指征|难以|经不|禁忌|条件|机会|时机"
)
_REACTION = re.compile(r"副作用|反应|毒性|呕吐")


def unfit(context: Context, on: date | None) -> Iterator[Fact]:
    """The statement that a patient cannot stand the treatment; not that of a condition."""
    text = context.text
    done = -1
    for hint in _HINT.finditer(text):
        if hint.start() < done:
            continue
        first, done = sentence(context, hint.start())
        for found in _UNFIT.finditer(text, first, done):
            before = text[max(found.start() - 16, 0) : found.start()]
            if _NO_UNFIT.search(before) or context.says("other_person", *found.span()):
                continue
            if _REACTION.match(text, found.end()):
                continue
            yield Fact("unfit", True, found.span(), Certainty.DEFINITE, "unfit")
