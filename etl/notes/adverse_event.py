"""Adverse events with their CTCAE grade; those of an immune checkpoint inhibitor are marked."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.lexicon import Word, lexicon
from etl.notes.numeral import integer
from etl.notes.told import clause, planned, sentence

_N = r"(?:[0-5](?!\d|\.\d)|Ⅰ|Ⅱ|Ⅲ|Ⅳ|Ⅴ|IV|I{1,3}|l{1,3}|[一二三四五])"
_GRADE = rf"(?:[Gg](?:rade)?\s?)(?P<g>[0-5])(?!\d)|(?P<n>{_N})\s?(?:[-~到至/]\s?(?P<to>{_N}))?\s?(?P<u>度|级|°)"
_AFTER = re.compile(
    r"(?:[,(:、]?\s?(?:(?:考虑|为)?(?:免疫|药物|化疗|放疗)(?:治疗)?相关性?|(?:按|依据)?\s?(?:CTCAE|NCI|WHO|RTOG)[^,。;)]{0,10}?|不良反应|分级|程度|毒性"
    r"|反应|损伤|最重|最高|约|达到?|为|明显|加重|症状|[(:,])\s?){0,4}?"
    r"[,(:]?\s?(?:" + _GRADE + r")"
)
_BEFORE = re.compile(r"(?:" + _GRADE + r")(?:的|急性|晚期|免疫相关性?|免疫性|放射性|化疗后|药物性|化疗相关性?|[\s:)、])?$")
_LIST = re.compile(r"\s?[、/及和伴,]\s?|\s")
_IMMUNE = re.compile(r"免疫(?!组化|功能|力|球蛋白|系统|维持|治疗后?[,。])|检查点|irAE|[Pp][Dd]-?L?1")
_STOPPED = re.compile(r"因[^,。;]{0,10}$")
_PRONE = {
    "rash", "pruritus", "dermatitis", "hepatitis", "nephrotoxicity", "pneumonitis", "hypothyroidism",
    "hyperthyroidism", "thyroiditis", "adrenal_insufficiency", "hypophysitis", "myocarditis", "colitis",
    "hyperglycemia", "myositis", "arthritis", "pancreatitis", "diarrhea", "fever", "thrombocytopenia",
}  # fmt: skip
_WARNED = re.compile(r"(?:告知|交代|可能出现|警惕|若出现|如出现|一旦|注意)[^。;\n]*$")
_CNS = re.compile(r"头痛|头疼|颅|脑转移|脑膜|脱水|脑水肿")
# What a complaint is told of but an adverse event: a history, a test, an infection of old.
_NO_EVENT = re.compile(r"(?:史|病毒|疫苗|携带|标志物|风险|可能出现|警惕|防治|预防|处理原则)")
_BENIGN_CAUSE = re.compile(r"(?:感染性|细菌性|病毒性|真菌性|吸入性|支原体|新冠|新型冠状病毒|社区获得性|医院获得性|大叶性)$")


def adverse_event(context: Context, on: date | None) -> Iterator[Fact]:
    """The adverse events of a note; words of a list share the grade that closes it."""
    text = context.text
    words = [w for w in lexicon("adverse_event").find(text) if w.line["term"]]
    for number, word in enumerate(words):
        span = word.start, word.end
        if context.says("other_person", *span) or _hidden(context, word):
            continue
        grade, end = _grade(text, words, number)
        before = _grade_before(text, word.start)
        if before and (grade is None or before[1] + 1 >= word.start):
            grade = before[0]
        sure = context.certainty(*span)
        if term_only_graded(word, grade):
            continue
        if (planned(context, word.start) or _WARNED.search(text, max(word.start - 30, 0), word.start)) and sure != Certainty.NEGATED:
            continue
        if grade == 0:
            grade, sure = None, Certainty.NEGATED
        term = word.line["term"]
        immune = bool(word.line["immune"]) or (term in _PRONE and _immune(context, word, end))
        detail = {"grade": grade, "immune": immune or None}
        start = before[1] if before else word.start
        yield Fact("adverse_event", term, (start, end), sure, "adverse_event", detail)


def term_only_graded(word: Word, grade: int | None) -> bool:
    """Numbness is a symptom of much else: an adverse event only with a grade."""
    return grade is None and word.line["word"].endswith("麻木")


def _hidden(context: Context, word: Word) -> bool:
    """A word that here is no adverse event: vomiting from the brain, an infection, a history."""
    text = context.text
    first, last = sentence(context, word.start)
    if word.line["term"] in ("nausea", "vomiting") and _CNS.search(text, first, last):
        return not re.match(r"\s?[(,]?(?:[Gg][1-5]|[1-4ⅠⅡⅢⅣ][级度-])", text[word.end : word.end + 4])
    if word.line["term"] == "pneumonitis":
        return bool(_BENIGN_CAUSE.search(text, max(word.start - 10, 0), word.start))
    return bool(_NO_EVENT.match(text, word.end))


def _grade(text: str, words: list[Word], number: int) -> tuple[int | None, int]:
    """The grade after a word, or after the list that the word begins; and where that ends."""
    at = number
    while True:
        word = words[at]
        if found := _AFTER.match(text, word.end):
            return _value(found), found.end() if at == number else words[number].end
        following = words[at + 1] if at + 1 < len(words) else None
        link = text[word.end : following.start] if following else "。"
        if not following or not _LIST.fullmatch(link):
            return None, words[number].end
        at += 1


def _grade_before(text: str, start: int) -> tuple[int | None, int] | None:
    found = _BEFORE.search(text, max(start - 14, 0), start)
    return (_value(found), found.start()) if found else None


def _value(found: re.Match[str]) -> int | None:
    written = found["g"] or found["to"] or found["n"]
    value = integer(written)
    return value if value is not None and value <= 5 else None


def _immune(context: Context, word: Word, end: int) -> bool:
    """Whether the clause calls it immune-related, or a checkpoint inhibitor was stopped for it."""
    first, last = clause(context, word.start)
    text = context.text
    if _IMMUNE.search(text, max(first, word.start - 16), max(end, min(last, word.end + 10))):
        return True
    if not _STOPPED.search(text, max(first, word.start - 12), word.start):
        return False
    start, stop = sentence(context, word.start)
    drugs = lexicon("drug_name").find(text[start:stop])
    return any(drug.line["kind"] == "immunotherapy" for drug in drugs)
