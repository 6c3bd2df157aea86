"""The wording of imaging reports: lesions in, findings and impression out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from etl.synthetic import bank
from etl.synthetic.chance import Chance
from etl.synthetic.course import Lesion

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
_TWICE = re.compile(r"(大小约|大小|约)(?=直径|长径|短径|最大径|径约|不足|约)")
_CHANGES = {"first", "shrinking", "stable", "growing"}


def place_for(chance: Chance, organ: str) -> str:
    """A place within the organ."""
    place: str = chance.pick(_bank()["pieces"][_PLACES[organ]])
    return place


def size_text(chance: Chance, lesion: Lesion) -> str:
    """The size as a radiologist writes it; nodes by their short axis."""
    size = lesion.size_mm or 0
    fields = _size_fields(chance, size)
    if lesion.organ == "mediastinum":
        return _fill(chance, "size_node", **fields)
    if size < 10:
        return _fill(chance, "size_small", **fields)
    return _fill(chance, "size" if chance.yes(0.6) else "size_one", **fields)


def finding(chance: Chance, lesion: Lesion, change: str, before: str, is_pet: bool) -> str:
    """One sentence of the findings about one lesion."""
    sentences = _bank()[lesion.organ]
    shapes = sentences.get(lesion.shape) or sentences["one"]
    sentence = tidy(
        chance.pick(shapes).format(
            place=lesion.place,
            size=size_text(chance, lesion),
            image=chance.between(12, 260),
            hu=chance.between(28, 55),
        )
    )
    if is_pet and lesion.shape != "small":
        sentence += _fill(chance, "suv", suv=f"{chance.within(3, 14):.1f}")
    if change in _CHANGES:
        sentence += chance.pick(_bank()["change"][change]).format(before=before)
    return str(sentence)


def impression(chance: Chance, lesion: Lesion) -> str:
    """The conclusion about one lesion, as certain as the plan says."""
    wording = _bank()["impression"][lesion.certainty][lesion.organ]
    return str(chance.pick(wording).format(place=lesion.place))


def tidy(sentence: str) -> str:
    """The sentence without a doubled word before the size."""
    return _TWICE.sub("", sentence)


def vanished(chance: Chance, lesion: Lesion) -> str:
    """The sentence for a lesion that is gone."""
    return _fill(chance, "vanished", organ=_NAMES[lesion.organ])


def scaled(lesion: Lesion, factor: float) -> Lesion:
    """The same lesion grown or shrunk."""
    if lesion.size_mm is None or lesion.shape == "effusion":
        return lesion
    size = max(4, round(lesion.size_mm * factor))
    shape = "small" if size < 8 and lesion.organ in ("lung", "pleura") else lesion.shape
    return replace(lesion, size_mm=size, shape=shape)


def local(chance: Chance, state: str) -> tuple[list[str], list[str]]:
    """Nasopharynx and neck: state is primary, recurrence or clear."""
    words = _bank()
    place = chance.pick(words["pieces"]["nasopharynx"])
    side = chance.pick(words["pieces"]["sides"])
    lump = Lesion("lung", place, chance.between(18, 48))
    node = Lesion("mediastinum", side, chance.between(11, 32))
    primary = chance.pick(words["nasopharynx"][state]).format(
        place=place, size=size_text(chance, lump)
    )
    neck = chance.pick(words["neck"][state]).format(place=side, size=size_text(chance, node))
    primary, neck = tidy(primary), tidy(neck)
    said = [chance.pick(words["impression"]["nasopharynx"][state]).format(place=place)]
    nodes = chance.pick(words["impression"]["neck"][state]).format(place=side)
    return [primary, neck], [*said, nodes] if nodes else said


def clear(chance: Chance, region: str) -> str:
    """A sentence without findings for chest, liver, bone, brain or other."""
    sentence: str = chance.pick(_bank()["clear"][region])
    return sentence


def compose(chance: Chance, findings: list[str], said: list[str]) -> tuple[str, str]:
    """Findings and impression as written; sometimes both stand in one column, either way round."""
    words = _bank()
    joiner = chance.pick(words["join"])
    seen = chance.pick(words["header_finding"]) + joiner.join(findings) + "。"
    numbered = [f"{place}、{text}" for place, text in enumerate(said, 1)]
    lines = "；".join(said) if chance.yes(0.4) else "\n".join(numbered)
    concluded = chance.pick(words["header_impression"]) + lines + "。"
    if chance.yes(0.06):
        return f"{seen}{concluded}", ""
    if chance.yes(0.03):
        return f"{concluded}{seen}", ""
    return seen, concluded


def _fill(chance: Chance, key: str, **fields: Any) -> str:
    return str(chance.pick(_bank()[key]).format(**fields))


def _size_fields(chance: Chance, size: int) -> dict[str, Any]:
    second = max(3, round(size * chance.within(0.65, 0.98)))
    return {
        "A": size,
        "B": second,
        "a": f"{size / 10:.1f}",
        "b": f"{second / 10:.1f}",
        "t": min(9, max(2, size)),
    }


def _bank() -> dict[str, Any]:
    return bank.phrases("imaging")
