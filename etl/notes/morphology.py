"""What a pathologist's words amount to: one ICD-O-3 morphology from all the words of a diagnosis.

Codes after WHO Classification of Head and Neck Tumours (5th ed.) and ICD-O-3.2: keratinizing
squamous cell carcinoma of the nasopharynx 8071/3, non-keratinizing of either kind 8072/3.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from etl.notes.context import Context
from etl.notes.fact import Certainty
from etl.notes.lexicon import lexicon

_CARCINOMA = {"8000/3", "8010/3", "8020/3", "8046/3", "8070/3"}
_NPC = re.compile(
    r"NPC[^,。;:()\n]{0,4}?(?:转移|来源)|鼻咽[^,。;:()\n]{0,16}?[癌瘤][^,。;:()\n]{0,10}?(?:转移|来源)|鼻咽(?:部|癌)?[^,。;:()\n]{0,4}?来源"
    r"|(?:来源|来自|转移自)于?鼻咽|转移性鼻咽|鼻咽癌[^,。;:()\n]{0,6}?浸润|与?鼻咽[^,。;:\n]{0,14}转移"
)
_WHO = re.compile(r"WHO\s?(?:分型)?\s?[(:]?\s?(Ⅲ|III|Ⅱ|II|Ⅰ|I|[123])\s?型")
_WHO_TYPES = {"I": "1", "II": "2", "III": "3", "Ⅰ": "1", "Ⅱ": "2", "Ⅲ": "3"}
# A margin or a vessel free of tumour is no biopsy free of tumour; part of a tumour is not its type.
_ELSEWHERE = re.compile(r"(?:切缘|切端|断端|残端|脉管|血管|神经|被膜|包膜|基底)[^,。;\n]{0,8}$")
# "鼻咽癌放疗后": a history, not what the tissue shows.
_TREATED = re.compile(
    r"(?:同步|综合|根治性?)?(?:放疗|化疗|放化疗|术后|治疗后|病史|患者|改良|根治|内镜|挽救|手术|切除)"
)
_PARTLY = re.compile(r"(?:部分|局部|灶性|少量)[^,。;\n]{0,6}$")


class Piece(NamedTuple):
    """A word of a diagnosis, what the lexicon says of it, and how sure the text is of it."""

    line: dict[str, str]
    start: int
    end: int
    certainty: Certainty
    supersedes: bool = False

    @property
    def kind(self) -> str:
        """What sort of word it is: tumour, type, grade, benign, sign, insufficient."""
        return self.line["kind"]

    @property
    def rank(self) -> int:
        """How telling its code is: a carcinoma of a type says more than a carcinoma."""
        return int(self.line["rank"])


@dataclass(slots=True)
class Reading:
    """A diagnosis read: `value` is the morphology, None for what is no tumour."""

    value: str | None
    behaviour: str
    certainty: Certainty
    span: tuple[int, int]
    keratinizing: bool | None = None
    differentiation: str | None = None
    npc_metastasis: bool | None = None


def pieces(context: Context, start: int, end: int, supersedes: bool = False) -> Iterator[Piece]:
    """The words of a diagnosis in a stretch of a normal text."""
    text = context.text
    for line, begins, ends in lexicon("morphology").scan(text[start:end]):
        first, last = start + begins, start + ends
        if line["kind"] == "neutral":
            continue
        if line["kind"] == "tumour" and _TREATED.match(text, last):
            continue
        if context.says("hypothetical", first, last) or context.says("other_person", first, last):
            continue
        sure = context.certainty(first, last)
        if sure == Certainty.NEGATED and _ELSEWHERE.search(text, max(first - 16, 0), first):
            continue
        yield Piece(line, first, last, sure, supersedes)


def read(context: Context, found: Iterable[Piece]) -> Reading | None:
    """The one diagnosis of the pieces of one specimen; None if there is none."""
    told = list(found)
    said = [piece for piece in told if piece.certainty > Certainty.NEGATED]
    malignant = [p for p in said if p.kind == "tumour" and p.line["code"][-1] in "23"]
    later = [piece for piece in malignant if piece.supersedes and piece.rank > 1]
    unable = any(p.kind == "insufficient" and p.line["value"] == "unable" for p in told)
    if unable and malignant and max(p.certainty for p in malignant) == Certainty.POSSIBLE:
        return _no_tumour(told, [p for p in said if p not in malignant])
    if malignant or any(piece.kind == "nonkeratinizing" for piece in said):
        return _tumour(context, said, later or malignant)
    return _no_tumour(told, said)


def _tumour(context: Context, said: list[Piece], malignant: list[Piece]) -> Reading:
    chosen = max(malignant, key=lambda p: (p.certainty > 1, p.rank, -p.start), default=None)
    code = chosen.line["code"] if chosen else "8010/3"
    using = [piece for piece in malignant if piece.line["code"] == code]
    type_ = _who_type(context.text, said)
    keratin = next((p for p in said if p.kind in ("nonkeratinizing", "keratinizing")), None)
    keratinizing = None
    if code in _CARCINOMA and (keratin or type_):
        keratinizing = keratin.kind == "keratinizing" if keratin else type_ == "1"
        code = "8071/3" if keratinizing else "8072/3"
        if keratin:
            using = [p for p in said if p.kind == keratin.kind]
    elif code == "8071/3":
        keratinizing = True
    span = _span(malignant, [p for p in said if p.kind in ("nonkeratinizing", "keratinizing")])
    _, last = context.sentences[context.sentence(said[-1].start)]
    stretch = max(said[0].start - 12, 0), min(said[-1].end + 14, last)
    met = any(_holds(context, *found.span()) for found in _NPC.finditer(context.text, *stretch))
    return Reading(
        value=code,
        behaviour="malignant",
        certainty=max(piece.certainty for piece in using),
        span=span,
        keratinizing=keratinizing,
        differentiation=_differentiation(context.text, said, using, type_),
        npc_metastasis=met or None,
    )


def _holds(context: Context, start: int, end: int) -> bool:
    """Whether a text means that a metastasis is one of the nasopharyngeal carcinoma."""
    return (
        context.certainty(start, end) >= Certainty.PROBABLE
        and not context.says("hypothetical", start, end)
        and not re.search(
            r"(?:非|不|除外|排除|鉴别|是否|有无)[^,。;]{0,3}$",
            context.text[max(start - 5, 0) : start],
        )
    )


def _who_type(text: str, said: list[Piece]) -> str | None:
    """The WHO type of 1978: 1 keratinizing, 2 differentiated, 3 undifferentiated."""
    if not said or "WHO" not in text:
        return None
    found = _WHO.search(text, max(said[0].start - 20, 0), said[-1].end + 20)
    return _WHO_TYPES.get(found[1], found[1]) if found else None


def _differentiation(
    text: str, said: list[Piece], using: list[Piece], type_: str | None
) -> str | None:
    types = [p for p in said if p.kind == "type"]
    whole = [p for p in types if not _PARTLY.search(text, max(p.start - 10, 0), p.start)]
    for group in (whole, types, [p for p in said if p.kind == "grade"]):
        if group:
            return group[0].line["value"]
    if type_ in ("2", "3"):
        return "differentiated" if type_ == "2" else "undifferentiated"
    told = [p for p in said if p.kind == "tumour" and p.line["value"]]
    return told[0].line["value"] if told and not (using and using[0].rank > 4) else None


def _no_tumour(told: list[Piece], said: list[Piece]) -> Reading | None:
    strong = [
        p for p in said if p.kind == "insufficient" and p.line["value"] in ("unable", "again")
    ]
    strong += [
        p for p in told if p.kind == "insufficient" and p.line["value"] in ("unable", "again")
    ]
    weak = [p for p in said if p.kind == "insufficient"]
    denied = [p for p in told if p.kind in ("tumour", "sign") and not p.certainty]
    benign = [p for p in said if p.kind == "tumour" and p.line["code"][-1] in "01"]
    benign.sort(key=lambda piece: -piece.rank)
    harmless = [p for p in said if p.kind == "benign"]
    if strong and not (denied and all(p.line["value"] == "again" for p in strong)):
        return Reading(None, "insufficient", Certainty.DEFINITE, _span(strong, weak))
    if benign:
        sure = max(piece.certainty for piece in benign)
        return Reading(benign[0].line["code"], "benign", sure, _span(benign, []))
    if denied:
        return Reading(None, "no_tumour", Certainty.DEFINITE, _span(denied, harmless))
    if weak:
        return Reading(None, "insufficient", Certainty.DEFINITE, _span(weak, []))
    if harmless:
        sure = max(piece.certainty for piece in harmless)
        return Reading(None, "benign", sure, _span(harmless, []))
    return None


def _span(first: list[Piece], second: list[Piece]) -> tuple[int, int]:
    both = first + second
    return min(piece.start for piece in both), max(piece.end for piece in both)
