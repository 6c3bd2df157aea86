"""Drug trials: taken part, declined, screened out (STUDY e8: only taking part excludes).

The words are data (`mappings/text/trial.csv`): what names a study, what only its subjects have
(受试者, 随机号), joining, screening, failing, refusing, leaving.
"""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.lexicon import Word, lexicon
from etl.notes.told import certainty, date_of, planned, sentence

_NO_TRIAL = re.compile(
    r"(?:可|能否|可否|建议|拟|是否|考虑|推荐|愿意|等待|告知|介绍|咨询|了解|[若如]|符合)[^,。;\n]{0,10}$"
)
_ASKED = re.compile(r"有没有|是否|有无|吗")
_NEVER = re.compile(r"未|无|没有|否认|从未")
_ARM = re.compile(r"入组[^,。;\n]{0,24}(?:组|臂|项目)|(?:入组|参加)了?[“\"「《][^。\n]{2,60}")
_OBSERVED = re.compile(r"观察性|登记|队列|真实世界|问卷|生物样本|回顾性|随访研究|非干预")
_ENTERED = re.compile("入组|首次[给用]药|随机|签[字署](?:日期|时间)?")
_HINT = re.compile(r"试验|研究|入组|筛|受试|课题|GCP|随机|出组|队列|登记")
_END = re.compile(r"(?:末次给药|末次用药|末次试验用药|末次|出组|退出|终止)")
# How far apart, in characters, the words of one statement stand.
_NEAR, _REFUSED = 40, 30


def trial(context: Context, on: date | None) -> Iterator[Fact]:
    """The trials of a note, one outcome for each sentence: out and declined outweigh part."""
    text = context.text
    if not _HINT.search(text):
        return
    words = [w for w in lexicon("trial").find(text) if w.line["class"] != "none"]
    number = 0
    while number < len(words):
        _, last = sentence(context, words[number].start)
        told = [words[number]]
        number += 1
        while number < len(words) and words[number].end <= last:
            told.append(words[number])
            number += 1
        if (found := _outcome(text, told)) and (fact := _fact(context, on, *found)):
            yield fact


def _outcome(text: str, told: list[Word]) -> tuple[str, int, int] | None:
    """What the words of one sentence amount to, and where it is told."""
    by: dict[str, list[Word]] = {}
    for word in told:
        by.setdefault(word.line["class"], []).append(word)
    studied = by.get("study", []) + by.get("subject", [])
    joins = [w for w in by.get("join", []) if w.line["word"].startswith("入")]
    screened = by.get("screening", [])
    if "register" in by and ("join" in by and "consent" in by):
        return "taken_part", *_span(by["join"][0], by["register"])
    for word in by.get("fail", []):
        if len(word.line["word"]) > 3 or screened or studied or joins:
            if "入" in word.line["word"] and not (screened or studied):
                continue
            return "screened_out", *_span(word, screened or studied or joins)
    for word in by.get("refuse", []):
        near = [w for w in studied + joins if _apart(text, word, w)]
        near = near or (studied and [w for w in by.get("join", []) if 0 <= w.start - word.end <= 3])
        if near or "入组" in word.line["word"]:
            return "declined", *_span(word, near)
    for study in by.get("study", []):
        for word in by.get("join", []) + by.get("consent", []):
            close = abs(word.start - study.start) <= _NEAR
            if close and (word.line["word"] == "ICF" or _one_clause(text, word, study)):
                return "taken_part", *_span(word, [study])
    left = [w for w in by.get("left", []) if studied or "组" in w.line["word"]]
    if left:
        return "taken_part", *_span(left[0], by.get("join", [])[:1])
    if subject := [w for w in by.get("subject", []) if w.line["word"] != "访视" or by.get("study")]:
        return "taken_part", *_span(subject[0], by.get("join", [])[:1])
    if joins and (arm := _ARM.search(text, joins[0].start, told[-1].end + 60)):
        return "taken_part", *arm.span()
    return None


def _apart(text: str, refusal: Word, study: Word) -> bool:
    """Whether a refusal is one of the study: right before it, or anywhere after it."""
    if refusal.start < study.start:
        between = text[refusal.end : study.start]
        return len(between) <= 14 and "," not in between
    return study.start < refusal.start <= study.end + _REFUSED


def _one_clause(text: str, one: Word, other: Word) -> bool:
    """Whether no comma parts joining from the study; after the study, only near it."""
    if one.start < other.start:
        between = text[one.end : other.start]
        return "," not in between or "“" in between or '"' in between
    between = text[other.end : one.start]
    return len(between) <= 12 and "," not in between


def _span(word: Word, others: list[Word]) -> tuple[int, int]:
    near = [word, *(w for w in others[:1] if abs(w.start - word.start) <= _NEAR)]
    return min(w.start for w in near), max(w.end for w in near)


def _fact(context: Context, on: date | None, value: str, start: int, end: int) -> Fact | None:
    text = context.text
    first, last = sentence(context, start)
    if context.says("other_person", start, end) or _ASKED.search(text, max(first, start - 8), end):
        return None
    sure = Certainty.DEFINITE
    if value == "taken_part":
        if _NO_TRIAL.search(text, max(first, start - 14), start) or planned(context, start):
            if not _NEVER.search(text, max(first, start - 6), start):
                return None
            sure = Certainty.NEGATED
        elif certainty(context, start, end) == Certainty.NEGATED:
            sure = Certainty.NEGATED
    _, day = date_of(context, on, start, end, closing=False)
    if not day and value == "taken_part" and (entered := _ENTERED.search(text, end, last)):
        first, until = entered.span()
        until += 10 if entered[0].startswith("签") else 0
        _, day = date_of(context, on, first, until, closing=False)
    over = None
    if value == "taken_part" and (closing := _END.search(text, start, last)):
        until = min(closing.end() + 14, last)
        near = date_of(context, on, closing.start(), until, closing=False)[1]
        over = near if near != day else None
    kind = "observation" if _OBSERVED.search(text, first, last) else None
    return Fact(
        "trial", value, (start, end), sure, "trial", {"date": day, "end": over, "kind": kind}
    )
