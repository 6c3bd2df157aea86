"""When does a fact found in a text answer a gold fact? One rule per kind of fact, no counting here.

A gold fact may carry what a found one never does: `optional` (right if found, not missed if not),
`spans` (the same lesion told in the findings and in the impression), and `*_also` (a second
reading a careful reader would accept).
"""

import re
from collections.abc import Callable
from typing import Any

Fact = dict[str, Any]

CLASS = {
    "definite": "present",
    "probable": "present",
    "possible": "possible",
    "negated": "negated",
}
NAME_OF_MARKER = {"CK广": "CKPAN", "PCK": "CKPAN", "CKAE1AE3": "CKPAN", "AE1AE3": "CKPAN"}
NAME_OF_EVENT = {
    "liver_injury": "hepatitis",
    "transaminase_increased": "hepatitis",
    "hepatotoxicity": "hepatitis",
}
SIZE_TOLERANCE_MM = 0.5
DOSE_TOLERANCE_GY = 0.05


def certainty_class(fact: Fact) -> str:
    """Present, possible or negated: definite and probable count alike in the study."""
    return CLASS[fact["certainty"]]


def overlap(gold: Fact, found: Fact) -> int:
    """Characters shared by the found span and the best of the gold spans."""
    start, end = found["span"]
    spans: list[list[int]] = gold.get("spans", [gold["span"]])
    return max(int(min(end, b) - max(start, a)) for a, b in spans)


def same_size(gold: Fact, found: Fact) -> bool:
    """Same measures in mm whatever their order; for a range the larger end is enough."""
    have = sorted(found.get("size_mm") or [])
    for wanted in [gold.get("size_mm") or [], *gold.get("size_also", [])]:
        pairs = zip(sorted(wanted), have, strict=False)
        if len(wanted) == len(have) and all(abs(a - b) <= SIZE_TOLERANCE_MM for a, b in pairs):
            return True
    return False


def accepted(gold: Fact, field: str) -> list[Any]:
    """The gold value of a field and the other readings accepted for it."""
    return [gold.get(field), *gold.get(f"{field}_also", [])]


def _present(fact: Fact) -> bool:
    return certainty_class(fact) == "present"


def _class_accepted(gold: Fact, found: Fact) -> bool:
    return certainty_class(found) in {CLASS[c] for c in accepted(gold, "certainty")}


def _text(value: Any) -> str:
    return re.sub(r"[^0-9A-Z\u4e00-\u9fff]", "", str(value).upper())


def _value(gold: Fact, found: Fact) -> bool:
    """The same value; a gold value of null (site not told) accepts every one."""
    return gold["value"] is None or _text(found["value"]) in map(_text, accepted(gold, "value"))


def _within(gold: Fact, found: Fact) -> bool:
    """Names in free words: one may hold the other (肢体无力, 右侧肢体无力)."""
    theirs = _text(found["value"])
    names = map(_text, accepted(gold, "value"))
    return bool(theirs) and any(mine in theirs or theirs in mine for mine in names)


def _date(gold: Fact, found: Fact) -> bool:
    """The same date at the same precision; the start of a period is accepted for its end."""
    if "date" not in gold:
        return True
    return found.get("date") in [*accepted(gold, "date"), *filter(None, [gold.get("start")])]


def _number(gold: Fact, found: Fact, field: str, tolerance: float = 0) -> bool:
    if gold.get(field) is None:
        return True
    return found.get(field) is not None and abs(found[field] - gold[field]) <= tolerance


def _finding(gold: Fact, found: Fact) -> bool:
    return (
        gold["site"] == found.get("site")
        and found.get("nature") in accepted(gold, "nature")
        and overlap(gold, found) > 0
    )


def _event(gold: Fact, found: Fact) -> bool:
    names = [NAME_OF_EVENT.get(v, v) for v in accepted(gold, "value")]
    value = found["value"]
    return NAME_OF_EVENT.get(value, value) in names and gold.get("grade") == found.get("grade")


def _radiotherapy(gold: Fact, found: Fact) -> bool:
    return (
        _value(gold, found)
        and _number(gold, found, "dose_gy", DOSE_TOLERANCE_GY)
        and _number(gold, found, "fractions")
        and _date(gold, found)
    )


def _diagnosis(gold: Fact, found: Fact) -> bool:
    """Malignant: the same code (any lymphoma for a lymphoma); else tumour-free or too little."""
    tumour_free = ("benign", "no_tumour")
    if gold["value"] is None:
        behaviour = found.get("behaviour")
        return behaviour == gold["behaviour"] or {behaviour, gold["behaviour"]} <= {*tumour_free}
    return _value(gold, found) or all(
        "959" <= _text(f["value"])[:3] <= "972" for f in (gold, found)
    )


def _marker(gold: Fact, found: Fact) -> bool:
    names = []
    for value in [*accepted(gold, "value"), found["value"]]:
        name = _text(value)
        names.append("EBER" if name.startswith("EBER") else NAME_OF_MARKER.get(name, name))
    signs = [fact.get("result", "positive") == "negative" for fact in (gold, found)]
    sign = "result" not in gold or signs[0] == signs[1]
    return names[-1] in names[:-1] and sign and _number(gold, found, "number", 0.5)


def _dated(gold: Fact, found: Fact) -> bool:
    return _value(gold, found) and _date(gold, found)


RULES: dict[str, Callable[[Fact, Fact], bool]] = {
    "finding": _finding,
    "diagnosis": _diagnosis,
    "marker": _marker,
    "adverse_event": _event,
    "radiotherapy": _radiotherapy,
    "cns_symptom": _within,
    "steroid": _within,
    "autoimmune_disease": _within,
    **dict.fromkeys(("systemic_therapy", "recurrence", "trial", "death", "progression"), _dated),
}


def answers(gold: Fact, found: Fact) -> bool:
    """Is the found fact right for this gold fact? An optional one asks only for type and place.

    But a tumour found where the optional fact tells of none is an error all the same.
    """
    if gold["type"] != found["type"]:
        return False
    if gold.get("optional"):
        harmless = found.get("nature") in (None, "benign", "unclear") or not _present(found)
        return overlap(gold, found) > 0 and (harmless or _finding(gold, found))
    tumour_free = gold["type"] == "diagnosis" and gold["value"] is None
    return (tumour_free or _class_accepted(gold, found)) and RULES.get(gold["type"], _value)(
        gold, found
    )


def same_lesion(gold: Fact, found: Fact) -> bool:
    """For size, trend and the rest: the lesion is the same even where its nature was misread."""
    return (
        gold["type"] == found["type"] == "finding"
        and gold["site"] == found.get("site")
        and overlap(gold, found) > 0
        and "negated" not in (gold["certainty"], found["certainty"])
    )
