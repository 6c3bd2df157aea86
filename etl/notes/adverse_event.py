"""Adverse events with their CTCAE grade; those of an immune checkpoint inhibitor are marked."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes import grade
from etl.notes.context import Context
from etl.notes.drug import drugs
from etl.notes.fact import Certainty, Fact
from etl.notes.lexicon import Word, lexicon
from etl.notes.told import certainty, clause, denied, planned, sentence

_LIST = re.compile(r"\s?[、/及和伴,]\s?|\s")
_LONGEST_LIST = 8
_IMMUNE = re.compile(
    r"免疫(?!组化|功能|力|球蛋白|系统|维持|治疗后?[,。])|检查点|irAE|ICI|[Pp][Dd]-?L?1"
)
_CAUSAL = re.compile(r"(?:免疫(?:治疗)?|ICIs?|[Pp][Dd]-?L?1[^,。;]{0,4})(?:致|所致|引起|诱发|介导)")
_STOPPED = re.compile(r"因[^,。;]{0,10}$")
_BLAMED = re.compile(
    r"[^,。;]{0,8},?(?:考虑|为|系|与)[^,。;]{0,6}?(?:免疫|检查点|irAE|[Pp][Dd]-?L?1|ICI|单抗)"
)
# What checkpoint inhibitors do to a body (CTCAE; NCCN, management of immune-related toxicities).
_PRONE = {
    "rash", "pruritus", "dermatitis", "hepatitis", "nephrotoxicity", "pneumonitis",
    "hypothyroidism", "hyperthyroidism", "thyroiditis", "adrenal_insufficiency", "hypophysitis",
    "myocarditis", "colitis", "hyperglycemia", "myositis", "arthritis", "pancreatitis",
    "diarrhea", "fever", "thrombocytopenia",
}  # fmt: skip
# Symptoms of much else, and terms that only a grade or a cause makes an adverse event.
_GRADED = {
    "gastrointestinal", "lymphopenia", "thyroiditis", "myositis", "arthritis", "pancreatitis",
    "ototoxicity", "alopecia", "weight_loss", "hand_foot_syndrome", "proteinuria",
    "hypersensitivity", "electrolyte", "skin_fibrosis", "trismus", "dysgeusia",
}  # fmt: skip
_WARNED = re.compile(r"(?:告知|交代|可能出现|警惕|若出现|如出现|一旦|注意|预防)[^。;\n]*$")
_CNS = re.compile(r"头痛|头疼|颅|脑转移|脑膜|脱水|脑水肿")
_NO_EVENT = re.compile(r"(?:史|病毒|疫苗|携带|标志物|风险|可能出现|警惕|防治|预防|处理原则)")
_COMPARED = re.compile(r"[^,。;不难无]{0,2}鉴别")
_INFECTIOUS = re.compile(
    r"(?:感染性|细菌性|病毒性|真菌性|吸入性|支原体|新冠|新型冠状病毒|社区获得性|医院获得性|大叶性|孢子[菌虫]|巨细胞病毒|真菌)$"
)


def adverse_event(context: Context, on: date | None) -> Iterator[Fact]:
    """The adverse events of a note; the same term without a grade beside one with it is one."""
    found = list(_terms(context))
    if counted := list(_counts(context)):
        told_at = {(fact.value, place) for fact in found for place in range(*fact.span)}
        found += [
            fact
            for fact in counted
            if not any((fact.value, place) in told_at for place in range(*fact.span))
        ]
    graded = {(f.value, context.sentence(f.span[0])) for f in found if f.detail["grade"]}
    for fact in found:
        told = (fact.value, context.sentence(fact.span[0])) in graded
        if fact.detail["grade"] or not told or fact.certainty == Certainty.NEGATED:
            yield fact


def _terms(context: Context) -> Iterator[Fact]:
    text = context.text
    words = [Word(*found) for found in lexicon("adverse_event").scan(text) if found[0]["term"]]
    for number, word in enumerate(words):
        span = word.start, word.end
        if context.says("other_person", *span) or _hidden(context, word):
            continue
        value, end = _grade(text, words, number)
        before = grade.before(text, word.start)
        if before and (value is None or before[1] + 1 >= word.start):
            value = before[0]
        sure = certainty(context, *span)
        warned = _WARNED.search(text, max(word.start - 30, 0), word.start)
        if (planned(context, word.start) or warned) and sure != Certainty.NEGATED:
            continue
        if value == 0:
            value, sure = None, Certainty.NEGATED
        term = word.line["term"]
        immune = bool(word.line["immune"]) or (term in _PRONE and _immune(context, word, end))
        numb = word.line["word"].endswith("麻木")
        if value is None and not immune and (numb or term in _GRADED) and sure:
            continue
        detail = {"grade": value, "immune": immune or None}
        start = before[1] if before else word.start
        yield Fact("adverse_event", term, (start, end), sure, "adverse_event", detail)


def _counts(context: Context) -> Iterator[Fact]:
    for term, value, start, end in grade.counts(context.text):
        if value and not planned(context, start) and not denied(context, start, end):
            detail = {"grade": value, "immune": None}
            span = start, end
            yield Fact("adverse_event", term, span, Certainty.DEFINITE, "graded_count", detail)


def _hidden(context: Context, word: Word) -> bool:
    """A word that here is no adverse event: vomiting from the brain, an infection, a history."""
    text = context.text
    if word.line["term"] in ("nausea", "vomiting"):
        first, last = sentence(context, word.start)
        return bool(_CNS.search(text, first, last)) and not grade.after(text, word.end)
    if word.line["term"] == "pneumonitis":
        compared = _COMPARED.match(text, word.end)
        return bool(compared or _INFECTIOUS.search(text, max(word.start - 10, 0), word.start))
    return bool(_NO_EVENT.match(text, word.end))


def _grade(text: str, words: list[Word], number: int) -> tuple[int | None, int]:
    """The grade after a word, or after the list that the word begins; and where that ends."""
    end = words[number].end
    for at in range(number, min(number + _LONGEST_LIST, len(words))):
        if found := grade.after(text, words[at].end):
            return found[0], found[1] if at == number else end
        following = words[at + 1].start if at + 1 < len(words) else len(text)
        if not _LIST.fullmatch(text, words[at].end, following):
            break
    return None, end


def _immune(context: Context, word: Word, end: int) -> bool:
    """Whether the clause calls it immune-related, or a checkpoint inhibitor was stopped for it."""
    first, last = clause(context, word.start)
    text = context.text
    if _IMMUNE.search(text, max(first, word.start - 16), max(end, min(last, word.end + 10))):
        return True
    start, stop = sentence(context, word.start)
    if _BLAMED.match(text, end) or _CAUSAL.search(text, max(start, word.start - 30), word.start):
        return True
    if not _STOPPED.search(text, max(first, word.start - 12), word.start):
        return False
    return any(drug.kind == "immunotherapy" for drug in drugs(text, start, stop))
