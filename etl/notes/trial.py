"""Drug trials: taken part, declined, screened out (STUDY e8: only taking part excludes)."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.told import certainty, date_of, planned, sentence

_STUDY = r"(?:临床试验|药物试验|试验|临床研究|研究|课题|GCP)"
_OUT = re.compile(
    r"筛选?失败|筛选(?:期)?(?:不合格|不通过|未通过|未成功|不成功|出组)|筛败|未能?通过[^,。;]{0,8}筛选|不(?:符合|满足)[^,。;]{0,10}(?:入组|入选|纳入)[^,。;]{0,4}(?:,未(?:能)?入组)?"
    r"|(?:符合|触及)排除标准|入组失败|(?:筛选|体检)[^。;]{0,30}未(?:能|予)?入组|未(?:能|予)入组|不宜入组"
)
_DECLINED = re.compile(
    rf"(?:拒绝|不同意|不愿意?|放弃|未同意|谢绝|婉拒)[^,。;\n]{{0,14}}(?:{_STUDY}|入组)|{_STUDY}[^。;\n]{{0,24}}(?:拒绝|不同意|不愿|婉拒|未同意|放弃)"
    rf"|(?:参加|参与|入组)[^。;\n]{{0,30}}{_STUDY}[^。;\n]{{0,20}}拒"
)
_PART = re.compile(
    rf"(?:入组|参加|参与|进入|加入|纳入|入选|完成)[^,。;\n]{{0,40}}?{_STUDY}|{_STUDY}[^,。;\n]{{0,12}}(?:入组|出组|受试者|随机|给药)"
    rf"|作为[^,。;\n]{{0,20}}受试者|签署[^,。;\n]{{0,30}}{_STUDY}[^,。;\n]{{0,6}}(?:知情|ICF)|签署知情同意[^,。;\n]{{0,30}}{_STUDY}|入组[^,。;\n]{{0,24}}(?:组|臂|项目)"
    r"|(?:入组|参加)[“\"「][^。\n]{2,40}(?:试验|研究)|随机(?:分配|入组|分)?[至到入][^,。;\n]{0,8}(?:试验|对照|治疗)组"
)
_NO_TRIAL = re.compile(
    r"(?:可|能否|可否|建议|拟|是否|考虑|推荐|愿意|等待|告知|介绍|咨询|了解|[若如]|符合)[^,。;\n]{0,10}$"
)
_OBSERVED = re.compile(r"观察性|登记|队列|真实世界|问卷|生物样本|回顾性|随访研究|非干预")
_HINT = re.compile(r"试验|研究|入组|筛|受试|课题|GCP")
_END = re.compile(r"(?:末次给药|末次用药|末次|出组|退出|终止)")


def trial(context: Context, on: date | None) -> Iterator[Fact]:
    """The trials of a note, one outcome for each sentence: out and declined outweigh part."""
    text = context.text
    seen = -1
    for hint in _HINT.finditer(text):
        if hint.start() < seen:
            continue
        first, last = sentence(context, hint.start())
        seen = last
        for value, pattern in (
            ("screened_out", _OUT),
            ("declined", _DECLINED),
            ("taken_part", _PART),
        ):
            found = pattern.search(text, first, last)
            if not found:
                continue
            if (
                value == "screened_out"
                and "入组" in found[0]
                and not re.search(r"试验|研究|筛|标准", text[first:last])
            ):
                continue
            fact = _fact(context, on, value, found)
            if fact:
                yield fact
            break


def _fact(context: Context, on: date | None, value: str, found: re.Match[str]) -> Fact | None:
    text, (start, end) = context.text, found.span()
    first, last = sentence(context, start)
    sure = Certainty.DEFINITE
    if value == "taken_part":
        if _NO_TRIAL.search(text, max(first, start - 14), start) or planned(context, start):
            negative = re.search(r"未|无|没有|否认|从未", text[max(first, start - 6) : start])
            if not negative:
                return None
            sure = Certainty.NEGATED
        elif certainty(context, start, end) == Certainty.NEGATED:
            sure = Certainty.NEGATED
    _, day = date_of(context, on, start, end, closing=False)
    over = None
    if value == "taken_part" and (closing := _END.search(text, start, last)):
        near = date_of(context, on, closing.start(), min(closing.end() + 14, last), closing=False)[
            1
        ]
        over = near if near != day else None
    kind = "observation" if _OBSERVED.search(text, first, last) else None
    return Fact(
        "trial", value, (start, end), sure, "trial", {"date": day, "end": over, "kind": kind}
    )
