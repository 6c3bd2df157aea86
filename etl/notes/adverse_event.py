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

_LIST = re.compile(r"\s?[、/及和伴,]\s?|\s?")
_LONGEST_LIST = 8
_IMMUNE = re.compile(
    r"免疫(?!组化|功能|力|球蛋白|系统|维持|治疗后?[,。])|检查点|irAE|ICI|P[Dd]-?L?1|p[Dd]-?L?1"
)
_HEADING = re.compile(r"(?:ir-?AEs?|免疫相关性?(?:不良反应|毒性|不良事件|毒副反应))\s?[:为有]")
_CAUSAL = re.compile(r"(?:免疫(?:治疗)?|ICIs?|[Pp][Dd]-?L?1[^,。;]{0,4})(?:致|所致|引起|诱发|介导)")
_INHIBITOR = ("免疫", "检查点", "AE", "ICI", "PD", "pd", "Pd", "pD", "单抗")
_STOPPED = re.compile(r"因[^,。;]{0,10}$")
_BLAMED = re.compile(
    r"[,(]?\s?(?:irAE|免疫相关)|[^,。;]{0,8},?(?:考虑|为|系|与)[^,。;]{0,6}?(?:免疫|检查点|irAE|[Pp][Dd]-?L?1|ICI|单抗)"
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
_PARTED = re.compile(
    r"(?:轻度|中度|重度|明显|轻微|稍|略|有所|进行性|显著|持续|再次|仍|均|较前|一过性|严重)"
    r"(?P<how>下降|减少|降低|减低|偏低|升高|增高|异常|损害|受损|减退)"
)
_HOW = ("下降", "减少", "降低", "减低", "偏低", "升高", "增高", "异常", "损害", "受损", "减退")
_WHAT = re.compile(r"[\u4e00-\u9fffA-Za-z]{2,8}$")
# 考虑替雷利珠所致.
_CAUSE = re.compile(
    r"[^,。;]{0,8}[,(]?(?:考虑|为|系|与)(?P<what>[^,。;]{1,14}?)(?:所致|引起|相关|有关|导致)"
)
_TREATMENT = re.compile("放射|放疗|药物|化疗|免疫|治疗相关")
_WARNED = re.compile(r"(?:告知|交代|可能出现|警惕|若出现|如出现|一旦|注意|预防)[^。;\n]*$")
_CNS = re.compile(r"头痛|头疼|颅|脑转移|脑膜|脱水|脑水肿")
_NO_EVENT = re.compile(
    r"(?:史|病毒|疫苗|携带|标志物|风险|可能出现|警惕|防治|预防|处理原则)|[^,。;]{0,10}(?:急诊|及时就|随时就|随诊|立即)"
)
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
    graded = {(f.value, context.sentence(f.span[0])): f for f in found if f.detail["grade"]}
    if not graded:
        yield from found
        return
    for fact in found:
        told = graded.get((fact.value, context.sentence(fact.span[0])))
        if told and fact.detail["immune"]:
            told.detail["immune"] = True
        if fact.detail["grade"] or not told or fact.certainty == Certainty.NEGATED:
            yield fact


def _terms(context: Context) -> Iterator[Fact]:
    text = context.text
    words = [w for w in lexicon("adverse_event").find(text) if w.line["term"]]
    if parted := list(_parted(text)):
        words = sorted([*words, *parted], key=lambda word: word.start)
    blamed = _may_be_immune(text) if words else False
    for word, (value, start, end) in zip(words, _grades(text, words), strict=True):
        span = word.start, word.end
        if context.says("other_person", *span) or _hidden(context, word):
            continue
        sure = certainty(context, *span)
        warned = _WARNED.search(text, max(word.start - 30, 0), word.start)
        if (planned(context, word.start) or warned) and sure != Certainty.NEGATED:
            continue
        if value == 0:
            value, sure = None, Certainty.NEGATED
        term = word.line["term"]
        immune = bool(word.line["immune"]) or (
            blamed and term in _PRONE and _immune(context, word, end)
        )
        numb = word.line["word"].endswith("麻木")
        if value is None and not immune and (numb or term in _GRADED) and sure:
            continue
        if term == "pneumonitis" and not (
            value or immune or _TREATMENT.search(text, max(word.start - 8, 0), word.end)
        ):
            continue
        detail = {"grade": value, "immune": immune or None}
        yield Fact("adverse_event", term, (start, end), sure, "adverse_event", detail)


def _parted(text: str) -> Iterator[Word]:
    """Words with an adverb within: 肝功轻度异常 is 肝功异常."""
    if not any(how in text for how in _HOW):
        return
    for found in _PARTED.finditer(text):
        what = _WHAT.search(text, max(found.start() - 8, 0), found.start())
        if not what:
            continue
        at = len(what[0])
        for word in lexicon("adverse_event").find(what[0] + found["how"]):
            if word.line["term"] and word.start < at < word.end:
                yield Word(word.line, what.start() + word.start, found.end())


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


def _grades(text: str, words: list[Word]) -> Iterator[tuple[int | None, int, int]]:
    """For each word its grade, and where the word with its grade begins and ends.

    A grade before a word is its own unless the word before has it: 恶心2级、呕吐1级, but
    G3血小板减少,G2贫血.
    """
    if not grade.told(text):
        yield from ((None, word.start, word.end) for word in words)
        return
    taken, shared = -1, None
    for number, word in enumerate(words):
        if number and words[number - 1].end < word.start:
            shared = None
        before = grade.before(text, word.start)
        if before and before.end > taken:
            taken, shared = before.end, before.value
            yield before.value, before.start, word.end
            continue
        found, at = _after(text, words, number)
        if found:
            taken = max(taken, found.end)
            yield found.value, word.start, found.end if at == number else word.end
        else:
            yield shared, word.start, word.end


def _after(text: str, words: list[Word], number: int) -> tuple[grade.Grade | None, int]:
    """The grade after a word, or after the list that the word begins; and which word it follows."""
    place = words[number].end
    if (bare := grade.bare(text, place)) and grade.SCALE.search(text, max(place - 80, 0), place):
        return bare, number
    for at in range(number, min(number + _LONGEST_LIST, len(words))):
        following = words[at + 1].start if at + 1 < len(words) else len(text)
        own = following if at == number else words[at].end
        if found := grade.after(text, words[at].end, own):
            return found, at
        if not _LIST.fullmatch(text, words[at].end, following):
            break
    return None, number


def _may_be_immune(text: str) -> bool:
    """Whether a text names a checkpoint inhibitor at all, or what it may do."""
    return any(drug.kind == "immunotherapy" for drug in drugs(text)) or any(
        word in text for word in _INHIBITOR
    )


def _immune(context: Context, word: Word, end: int) -> bool:
    """Whether the clause calls it immune-related, or a checkpoint inhibitor was stopped for it."""
    first, last = clause(context, word.start)
    text = context.text
    if _IMMUNE.search(text, max(first, word.start - 16), max(end, min(last, word.end + 10))):
        return True
    start, stop = sentence(context, word.start)
    if _HEADING.search(text, start, word.start):
        return True
    if _BLAMED.match(text, end) or _CAUSAL.search(text, max(start, word.start - 30), word.start):
        return True
    if (cause := _CAUSE.match(text, end)) and any(
        drug.kind == "immunotherapy" for drug in drugs(text, *cause.span("what"))
    ):
        return True
    if not _STOPPED.search(text, max(first, word.start - 12), word.start):
        return False
    return any(drug.kind == "immunotherapy" for drug in drugs(text, start, stop))
