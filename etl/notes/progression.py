"""Progression told in notes: in so many words, as growth, or as a new metastasis after treatment.

The words are data (`mappings/text/progression.csv`): what grows, that it grew, that it is new, that
it was found, and what says that treatment went before. A metastasis found at first is no
progression; one that is only named in a diagnosis is none either.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.lexicon import Word, lexicon
from etl.notes.specimen import Site, sites
from etl.notes.told import certainty, clause, date_of, planned, sentence

# Progression of something else, or in the words of a verdict that `response` reads.
_OTHER = re.compile(
    r"(?:肾病|肾功能|糖尿病|肝硬化|心衰|衰竭|炎症?|纤维化|感染|困难|症状|疼痛|麻木|研究|技术|产程|谈判|学科|领域)[^,。;\n]{0,6}$"
)
_CAUSE = re.compile(r"(?:死因|死亡原因|原因|死于|疗效|评效|评价|评[估定])[^,。;\n]{0,8}$")
_DIED = re.compile(r"[^,。;\n]{0,24}(?:死亡|去世|病故|离世|过世|逝世)")
_FORM = re.compile(r"(?:时间|日期)?\s?[:]?\s?[\d年月日./-]{0,11}\(([^()]{1,20})\)")
_BARE = re.compile(r"(?:部分|均|其中|大部分?|少数|个别|较前|明显|部分病灶)?")
_SUBJECT = re.compile(r"(?:疾病|病情|肿瘤|病变)?(?:再次|明显|持续|快速|继续|出现|较前|有所)?$")
_UNTIL = re.compile(r"(?<!\d)(?<!年)(?<!月)(?<!日)(?:至|直到|直至)(?:病情|疾病|肿瘤)?$")
# A new nodule is a progression where the text says that it is one.
_JUDGED = re.compile(r"进展|PD|转移|恶化")
_SEEN = re.compile(r"CT|MR|PET|复查|影像|彩?超|片|进展|PD")
_MADE = ("发现", "证实", "查出", "发现了")
_TUMOUR = re.compile("鼻咽|确诊|原发")
# What a word tells: a site or the disease, and where.
Told = tuple[str, int, int]
# How far, in characters, a word reaches to that which it is said of.
_NEAR, _FAR = 20, 40


def progression(context: Context, on: date | None) -> Iterator[Fact]:
    """Progression as such, of a site, and each new metastasis, with its date."""
    text = context.text
    words = [w for w in lexicon("progression").find(text) if w.line["class"] != "none"]
    classes = {word.line["class"] for word in words}
    told: set[tuple[str, int]] = set()
    for number, word in enumerate(words):
        rule = _RULES.get(word.line["class"])
        if not rule or not _may_tell(text, word, classes):
            continue
        for value, start, end in rule(context, word, _before(context, words, number)):
            fact = _fact(context, on, value, start, end)
            if fact and (value, context.sentence(start)) not in told:
                told.add((value, context.sentence(start)))
                yield fact


def _may_tell(text: str, word: Word, classes: set[str]) -> bool:
    """Whether a text has the words at all without which a lesion is no progression."""
    kind = word.line["class"]
    if kind == "grown":
        return "lesion" in classes or "mass" in classes
    if kind not in ("lesion", "mass") or "new" in classes or "turned" in classes:
        return True
    if kind == "mass" or not text.startswith("转移", word.start):
        return False
    return "found" in classes or text[word.start - 1 : word.start] in ("又", "再")


def _before(context: Context, words: list[Word], number: int) -> list[Word]:
    """The words of the sentence before one of them."""
    first = sentence(context, words[number].start)[0]
    start = number
    while start and words[start - 1].start >= first:
        start -= 1
    return words[start:number]


def _progressed(context: Context, word: Word, before: list[Word]) -> Iterator[Told]:
    """进展: of the lesion named right before it, else of the disease."""
    text = context.text
    first, _ = clause(context, word.start)
    said = text[max(first, word.start - 14) : word.start]
    if _CAUSE.search(said) or _OTHER.search(said) or _DIED.match(text, word.end):
        return
    if _UNTIL.search(said):
        return
    if form := _FORM.match(text, word.end):
        # 首次进展:2019.08(肝): when and where stand after it.
        there = sites(text, *form.span(1))
        yield from ((site.name, word.start, form.start(1)) for site in there)
        if there:
            return
    subject = _SUBJECT.search(text, max(first, word.start - 8), word.start)
    start = subject.start() if subject else word.start
    lesions = _of(context, before, word, ("lesion", "mass"), 8)
    yield from lesions or _organ(context, start) or [("disease", start, word.end)]


def _organ(context: Context, place: int) -> list[Told]:
    """肺部进展: the organ named right before a place."""
    near = [site for site in _sites(context, place - 8, place) if place - site.end <= 2]
    return [(site.name, site.start, place + 2) for site in near]


def _grown(context: Context, word: Word, before: list[Word]) -> list[Told]:
    """增大 of a lesion; of a lump or a node of the neck only where an examination saw it."""
    return _of(context, before, word, ("lesion", "mass"), _NEAR)


def _of(
    context: Context, before: list[Word], word: Word, kinds: tuple[str, ...], near: int
) -> list[Told]:
    """The sites of the lesion that a word is said of; the disease where no site is named."""
    first, _ = clause(context, word.start)
    if _BARE.fullmatch(context.text, first, word.start):
        # 双肺多发结节,部分较前增大: said of the clause before.
        begin, _ = sentence(context, word.start)
        first = clause(context, first - 1)[0] if first > begin + 1 else first
    since = max(first, word.start - near)
    lesion = next(
        (w for w in reversed(before) if w.line["class"] in kinds and w.start >= since), None
    )
    if not lesion:
        return []
    found = _sites(context, first, lesion.end)
    seen = any(site.name != "lymph_node" for site in found) or "lesion" in lesion.line["class"]
    if not seen and not _SEEN.search(context.text, *sentence(context, word.start)):
        return []
    return [(site.name, site.start, word.end) for site in found] or [
        ("disease", lesion.start, word.end)
    ]


def _new(context: Context, word: Word, before: list[Word]) -> Iterator[Told]:
    """A metastasis or lesion that appeared, or was found after treatment."""
    text = context.text
    first, last = clause(context, word.start)
    metastasis = text.startswith("转移", word.start)
    if word.line["class"] == "mass" and not _JUDGED.search(text, *sentence(context, word.start)):
        return
    new = next((w for w in reversed(before) if w.line["class"] in ("new", "turned")), None)
    if metastasis and text[word.start - 1 : word.start] in tuple("又再"):
        new = word
    if new and new.start >= max(first, word.start - _NEAR):
        since = first if word.line["class"] == "mass" else min(new.end, word.start)
        named = _sites(context, since, word.end)
        named = named or _sites(context, first, new.start)
        if not named and metastasis:
            named = _sites(context, word.end, min(last, word.end + 8))
        if named:
            yield from ((site.name, min(site.start, new.start), word.end) for site in named)
        elif metastasis or new.line["class"] == "new":
            yield "disease", new.start, word.end
        return
    if not metastasis or not _later(context, word, before):
        return
    found = next((w for w in reversed(before) if w.line["class"] == "found"), None)
    if not found or found.start < max(sentence(context, word.start)[0], word.start - _FAR):
        return
    own = [w for w in before if w.line["class"] == "found" and w.start >= first]
    since = own[0].end if own else first
    named = _sites(context, since, word.end) or _sites(context, first, word.end)
    if not named:
        named = _sites(context, word.start - _FAR, word.start)[-1:]
    yield from ((site.name, site.start, word.end) for site in named)


def _another(context: Context, word: Word, before: list[Word]) -> list[Told]:
    """新病灶, 又长了新的: at the sites named before it in the clause, else after it."""
    first, last = clause(context, word.start)
    named = _sites(context, first, word.start)[-1:] or _sites(context, word.end, last)
    return [(site.name, min(site.start, word.start), word.end) for site in named] or [
        ("disease", word.start, word.end)
    ]


def _mass(context: Context, word: Word, before: list[Word]) -> Iterator[Told]:
    """新增结节: a lump right after the word that it is new."""
    if before and before[-1].line["class"] == "new":
        yield from _new(context, word, before)


def _later(context: Context, word: Word, before: list[Word]) -> bool:
    """Whether a finding was made after treatment, and not when the tumour was found."""
    kinds = {w.line["class"] for w in before}
    if "first" in kinds:
        return False
    if "after" in kinds:
        return True
    found = [w for w in before if w.line["word"] in _MADE]
    return bool(found) and not _TUMOUR.search(context.text, found[-1].end, word.end)


def _sites(context: Context, start: int, end: int) -> list[Site]:
    """The sites but the nasopharynx in a stretch, each once."""
    found: dict[str, Site] = {}
    for site in sites(context.text, max(start, 0), end):
        if site.name not in ("nasopharynx", "other"):
            found[site.name] = site
    if "mediastinum" in found:
        found.pop("lymph_node", None)
    return list(found.values())


def _fact(context: Context, on: date | None, value: str, start: int, end: int) -> Fact | None:
    if context.says("other_person", start, end) or planned(context, start):
        return None
    sure = certainty(context, start, end)
    if sure == Certainty.NEGATED:
        return None
    _, day = date_of(context, on, start, end, closing=False)
    return Fact("progression", value, (start, end), sure, "progression", {"date": day})


_RULES: dict[str, Callable[[Context, Word, list[Word]], Iterable[Told]]] = {
    "progress": _progressed,
    "grown": _grown,
    "lesion": _new,
    "another": _another,
    "mass": _mass,
}
