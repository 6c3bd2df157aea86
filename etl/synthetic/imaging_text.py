"""The wording of imaging reports: lesions in, findings and impression out, with what they state."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from etl.synthetic import bank, told
from etl.synthetic.chance import Chance
from etl.synthetic.course import Lesion
from etl.synthetic.told import Fact, Told, facts_of

_PLACES = {
    "lung": "lobes",
    "mediastinum": "stations",
    "pleura": "sides",
    "liver": "segments",
    "bone": "bones",
    "brain": "brain",
}
_NAMES = {
    "lung": "肺内",
    "mediastinum": "纵隔",
    "pleura": "胸膜",
    "liver": "肝内",
    "bone": "骨",
    "brain": "颅内",
}
# "大小约" before a size that brings its own word is said once.
_TWICE = re.compile(r"(大小约|大小|约)(?=直径|长径|短径|最大|最长|横断面|径约|不足|约|大小)")
_CHANGES = {"first", "shrinking", "stable", "growing"}


def place_for(chance: Chance, organ: str) -> str:
    """A place within the organ."""
    place: str = chance.pick(_bank()["pieces"][_PLACES[organ]])
    return place


def size_text(chance: Chance, lesion: Lesion) -> Told:
    """The size as a radiologist writes it; nodes by their short axis."""
    size = lesion.size_mm or 0
    second = max(3, round(size * chance.within(0.65, 0.98)))
    if lesion.organ == "mediastinum":
        key = "size_node"
    elif size < 10:
        key = "size_small"
    else:
        key = "size" if chance.yes(0.6) else "size_one"
    return told.say(
        chance, "imaging", key, A=size, B=second, a=f"{size / 10:.1f}", b=f"{second / 10:.1f}"
    )


def finding(chance: Chance, lesion: Lesion, change: str, before: str, is_pet: bool) -> Told:
    """One sentence of the findings about one lesion."""
    sentence = told.say(
        chance,
        "imaging",
        f"{lesion.organ}.{_shape(lesion)}",
        place=lesion.place,
        size=size_text(chance, lesion),
        image=chance.between(12, 260),
        hu=chance.between(28, 55),
    )
    parts = [tidy(sentence)]
    is_clear_whose = lesion.shape != "effusion"  # of two things in one sentence
    if is_pet and lesion.shape != "small" and is_clear_whose:
        parts.append(told.say(chance, "imaging", "suv", suv=f"{chance.within(3, 14):.1f}"))
    if change in _CHANGES and is_clear_whose:
        parts.append(told.say(chance, "imaging", f"change.{change}", before=before))
    return Told("".join(parts), [fact for part in parts for fact in facts_of(part)])


def _shape(lesion: Lesion) -> str:
    """The key of the lesion's sentences in the phrase bank."""
    known = _bank()[lesion.organ]
    several = f"{lesion.shape}_many"
    if lesion.is_many and several in known:
        return several
    return lesion.shape if lesion.shape in known else "one"


def impression(chance: Chance, lesion: Lesion) -> Told:
    """The conclusion about one lesion, as certain as the plan says."""
    words, key = _bank()["impression"][lesion.certainty], lesion.organ
    if lesion.is_many and f"{key}_many" in words:
        key += "_many"
    if lesion.shape == "effusion":
        key += "_effusion"
    said = told.say(chance, "imaging", f"impression.{lesion.certainty}.{key}", place=lesion.place)
    if said.facts:
        return said
    return Told(
        said, [{"type": "conclusion", "nature": "metastasis", "certainty": lesion.certainty}]
    )


def concluded(sentence: Told, *conclusions: Told) -> Told:
    """The sentence with all that the report tells of its lesion: size, change and conclusion.

    The first fact is the lesion; those that are no facts of their own describe it.
    """
    lesion, *rest = facts_of(sentence)
    lesion = {"nature": "unclear", **lesion}
    others: list[Fact] = []
    for fact in [*rest, *(fact for said in conclusions for fact in facts_of(said))]:
        if fact["type"] in ("finding", "examination"):
            others.append({"nature": "unclear", **fact})
        else:
            lesion |= {k: v for k, v in fact.items() if k not in ("type", "value")}
    return Told(sentence, [lesion, *others])


def tidy(sentence: Told) -> Told:
    """The sentence without a doubled word before the size."""
    return Told(_TWICE.sub("", sentence), sentence.facts)


def vanished(chance: Chance, lesion: Lesion) -> Told:
    """The sentence for a lesion that is gone."""
    return told.say(chance, "imaging", "vanished", organ=_NAMES[lesion.organ], site=lesion.organ)


def scaled(lesion: Lesion, factor: float) -> Lesion:
    """The same lesion grown or shrunk."""
    if lesion.size_mm is None or lesion.shape == "effusion":
        return lesion
    size = max(4, round(lesion.size_mm * factor))
    shape = "small" if size < 8 and lesion.organ in ("lung", "pleura") else lesion.shape
    return replace(lesion, size_mm=size, shape=shape)


def local(chance: Chance, state: str) -> tuple[list[Told], list[Told]]:
    """Nasopharynx and neck: state is primary, recurrence or clear."""
    words = _bank()["pieces"]
    place, side = chance.pick(words["nasopharynx"]), chance.pick(words["sides"])
    lump = size_text(chance, Lesion("lung", place, chance.between(18, 48)))
    node = size_text(chance, Lesion("mediastinum", side, chance.between(11, 32)))
    findings, said = [], []
    both = "_both" if state == "primary" and chance.yes(0.5) else ""
    for key, where, size in (
        (f"nasopharynx.{state}", place, lump),
        (f"neck.{state}{both}", side, node),
    ):
        sentence = tidy(told.say(chance, "imaging", key, place=where, size=size))
        conclusion = told.say(chance, "imaging", f"impression.{key}", place=where)
        findings.append(sentence if state == "clear" else concluded(sentence, conclusion))
        if conclusion:
            said.append(conclusion)
    return findings, said


def clear(chance: Chance, region: str) -> Told:
    """A sentence without findings for chest, liver, bone, brain or other."""
    return told.say(chance, "imaging", f"clear.{region}")


def compose(chance: Chance, findings: list[str], said: list[str]) -> tuple[str, str]:
    """Findings and impression as written; sometimes both stand in one column, either way round."""
    words = _bank()
    joiner = chance.pick(words["join"])
    seen = chance.pick(words["header_finding"]) + joiner.join(findings) + "。"
    numbered = [f"{place}、{text}" for place, text in enumerate(said, 1)]
    lines = "；".join(said) if chance.yes(0.4) else "\n".join(numbered)
    ended = chance.pick(words["header_impression"]) + lines + "。"
    if chance.yes(0.06):
        return f"{seen}{ended}", ""
    if chance.yes(0.03):
        return f"{ended}{seen}", ""
    return seen, ended


def _bank() -> dict[str, Any]:
    return bank.phrases("imaging")
