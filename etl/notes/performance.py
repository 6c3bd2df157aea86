"""Performance status told in notes: Karnofsky (KPS) and ECOG (also PS, ZPS)."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.numeral import integer

_LINK = (
    r"(?:\s|[:=,)(]|评分|评级|评为?|分级|计分|得分|体力|体能|状态|状况|功能|行为|为|是|约|在|仅|只有|尚可?|可达|达|降至|升至|降为|提高至|改善至|"
    r"下降至|恢复至|由\s?[0-4]\s?分?(?:降|升|下降|变|增加?)?[至到为]|由\s?\d{2,3}\s?分?(?:降|升|下降|提高|改善)?[至到为]|从\s?\d{2,3}\s?分?(?:降|升|下降)?[至到为]|≥|≤|>|<|～|~|-|PS|KPS){0,6}?"
)
_KPS = re.compile(
    rf"[Kk卡功体行](?:[Pp][Ss]|arnofsky|ARNOFSKY|氏|诺夫斯基|[能力为]状态评分(?=[^,。]{{0,4}}(?:[3-9]0|100)))"
    rf"{_LINK}(?P<n>100|[1-9]0|一?百|[一二三四五六七八九]十)(?!\d|\.\d)(?:\s?分?\s?(?:[-~至]|到)\s?(?P<to>100|[1-9]0)(?!\d))?\s?[分%]?"
    r"(?:\s?(?:→|->|➝|,?(?:降至|升至|降为|下降至|恢复至))\s?(?P<last>100|[1-9]0)分?)?"
)
_ECOG = re.compile(
    r"[EeZzPW体一行功身活](?:(?<=[Ee])[Cc][Oo][Gg]|(?<=[Zz])[Pp][Ss]|(?<=P)(?<![A-Za-z]P)\.?S(?![A-Za-z])|(?<=Z)ubrod"
    rf"|(?<=W)HO\s?(?:体力|体能|PS)|[般力能为体动](?:(?:状况|状态)(?:评分|分级|评级)?|评分))"
    rf"{_LINK}(?P<n>[0-5]|[〇零一二三四])(?!\d|\.\d|[0-9%])(?:\s?[-~至、]\s?(?P<to>[0-5])(?!\d|\.))?\s?(?P<unit>分|级|\(|)"
)
# Without one of these no score is told.
_HINT = re.compile(
    r"P\.?S|Ps|p[sS]|C[Oo][Gg]|c[Oo][Gg]|rnofsky|RNOFSKY|氏|诺夫斯基|brod|HO\s?体|状(?=[况态][^。;\n]{0,60}[0-5〇零一二三四])|评分"
)
# 体力状况1… counts only with a unit: "一般状况,2天前" is no score.
_WORDS = re.compile(r"^(?:一般|体力|体能|行为|功能|身体|活动)")


def _karnofsky(written: str) -> int:
    return 100 if written.endswith("百") else integer(written) or 0


def performance(context: Context, on: date | None) -> Iterator[Fact]:
    """The scores of a note; of a range the first, of 由90降至60 the last."""
    text = context.text
    if not _HINT.search(text):
        return
    taken: list[tuple[int, int]] = []
    for found in _KPS.finditer(text):
        taken.append(found.span())
        yield Fact(
            "kps", _karnofsky(found["last"] or found["n"]), found.span(), Certainty.DEFINITE, "kps"
        )
    for found in _ECOG.finditer(text):
        if any(start < found.end() and found.start() < end for start, end in taken):
            continue
        value = integer(found["n"])
        if value is None or (_WORDS.match(found[0]) and found["unit"] not in ("分", "级")):
            continue
        if re.match(
            r"[A-Za-z年月天周日岁]|\s?(?:次|个|cm|mm)", text[found.end() : found.end() + 3]
        ):
            continue
        yield Fact("ecog", value, found.span(), Certainty.DEFINITE, "ecog")
