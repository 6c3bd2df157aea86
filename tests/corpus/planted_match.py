"""When does a fact that the rules found answer a planted one? Without spans: texts were messed up.

A planted column holds one reading, or several between `|`; an empty one accepts everything.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.corpus.compare import CLASS, NAME_OF_EVENT, NAME_OF_MARKER, SIZE_TOLERANCE_MM
from tests.corpus.score import Count

Fact = dict[str, Any]

# Denials are planted of these only; what else a text denies is no error.
DENIED = ("finding", "cns_symptom", "autoimmune_disease", "recurrence")
# Not planted: the examination stands in a column of its own.
LEFT_OUT = ("examination",)
WITHIN = ("cns_symptom", "steroid", "autoimmune_disease")
NUMBERS = ("grade", "dose_gy", "fractions", "cycles", "number", "suv_max")
_HIDDEN = ("table", "key", "kind", "type", "span", "optional")
# Of a fact that was found; what is told of the first ones only where planted.
ALSO = ("trend", "elsewhere", "drugs", "edition", "dose_mg")
DETAILS = ("size_mm", "size_limit", "suv_max", "npc_metastasis", "immune", *ALSO)
FLAGS = ("npc_metastasis", "immune", "elsewhere")


@dataclass
class Answer:
    """Counts per kind of text and fact, and every error in words."""

    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    errors: list[str] = field(default_factory=list)
    texts: int = 0
    unread: int = 0


def compare(kind: str, text: str, planted: list[Fact], found: list[Fact], answer: Answer) -> None:
    """Count one text. What is told twice counts once, but a lesion told as two is invented."""
    found = [f for f in found if f["type"] not in LEFT_OUT and _counts(f)]
    pairs: dict[int, int] = {}
    candidates = sorted(
        (bool(g.get("optional")), -_likeness(g, f), j, i)
        for i, f in enumerate(found)
        for j, g in enumerate(planted)
        if matches(g, f)
    )
    for *_, j, i in candidates:
        if j not in pairs and i not in pairs.values():
            pairs[j] = i
    for j, gold in enumerate(planted):
        if j in pairs:
            if not gold.get("optional"):
                answer.counts[_row(kind, gold)].right += 1
                _details(kind, gold, found[pairs[j]], text, answer)
        elif not gold.get("optional"):
            answer.counts[_row(kind, gold)].missed += 1
            near = [f for f in found if f["type"] == gold["type"]]
            answer.errors.append(_line("missed", kind, gold, text, near))
    taken = set(pairs.values())
    for i, fact in enumerate(found):
        if i in taken:
            continue
        again = [g for g in planted if matches(g, fact)]
        if again and (fact["type"] != "finding" or _is_denied(fact)):
            continue
        answer.counts[_row(kind, fact)].invented += 1
        answer.errors.append(_line("invented", kind, fact, text, again))


def matches(gold: Fact, found: Fact) -> bool:
    """The same fact: type, certainty and what defines its kind."""
    if gold["type"] != found["type"]:
        return False
    if found["certainty"] not in _classes(gold):
        return False
    kind = gold["type"]
    if kind == "finding":
        is_denied = _is_denied(found)
        return _one_of(gold, "site", found.get("site")) and (
            is_denied or _one_of(gold, "nature", found.get("nature"))
        )
    if kind == "diagnosis" and gold["value"] == "":
        return found["value"] is None and _one_of(gold, "behaviour", found.get("behaviour"))
    return (
        _value(kind, gold, found["value"])
        and (kind != "marker" or _one_of(gold, "result", _sign(found)))
        and all(_number(gold, found, name) for name in NUMBERS if name != "suv_max")
        and _date(gold, found)
    )


def _value(kind: str, gold: Fact, value: Any) -> bool:
    wanted, have = [_text(part) for part in _readings(gold, "value")], _text(value)
    if not any(wanted):
        return True
    if kind in WITHIN:
        return any(mine in have or have in mine for mine in wanted)
    return _name(value) in {_name(part) for part in _readings(gold, "value")}


def _name(value: Any) -> str:
    name = _text(NAME_OF_EVENT.get(str(value), str(value)))
    return NAME_OF_MARKER.get(name, name)


def _date(gold: Fact, found: Fact) -> bool:
    if not gold.get("date") or gold["type"] == "diagnosis":
        return True
    return found.get("date") in _readings(gold, "date") or found.get("start") in _readings(
        gold, "date"
    )


def _number(gold: Fact, found: Fact, name: str) -> bool:
    wanted = _readings(gold, name)
    if not any(wanted):
        return True
    have = found.get(name)
    return any(have is None if w == "" else have is not None and _near(have, w) for w in wanted)


def _near(have: Any, wanted: str) -> bool:
    return abs(float(have) - float(wanted)) < 0.06


def _details(kind: str, gold: Fact, found: Fact, text: str, answer: Answer) -> None:
    """What belongs to a lesion or diagnosis that was found."""
    if _is_denied(gold):
        return
    for name in DETAILS:
        wanted, have = gold.get(name), found.get(name)
        if not wanted and (not have or name in ALSO):
            continue
        row = f"{kind} {gold['type']}: {name}"
        if name == "size_mm":
            right = bool(wanted and have) and _same_size(str(wanted), have or [])
        elif name in ("suv_max", "dose_mg"):
            right = bool(wanted and have) and _near(have, str(wanted))
        elif name in FLAGS:
            right = bool(wanted) == bool(have)
        elif name == "drugs":
            right = str(wanted) in (have or [])
        else:
            right = have in _readings(gold, name)
        count = answer.counts[row]
        count.right += right
        count.missed += bool(wanted and not right)
        count.invented += bool(have and not right)
        if not right:
            answer.errors.append(_line(f"wrong {name} {have}", kind, gold, text, [found]))


def _same_size(wanted: str, have: list[float]) -> bool:
    sizes = sorted(float(part) for part in wanted.split("x"))
    return len(sizes) == len(have) and all(
        abs(a - b) <= SIZE_TOLERANCE_MM for a, b in zip(sizes, sorted(have), strict=True)
    )


def _likeness(gold: Fact, found: Fact) -> int:
    size = bool(gold.get("size_mm")) and _same_size(gold["size_mm"], found.get("size_mm") or [])
    return 2 * size + (found["value"] in _readings(gold, "value"))


def _counts(fact: Fact) -> bool:
    return fact["certainty"] != "negated" or fact["type"] in DENIED


def _is_denied(fact: Fact) -> bool:
    return fact["certainty"] == "negated"


def _row(kind: str, fact: Fact) -> str:
    return f"{kind} {fact['type']}" + (" (negated)" if _is_denied(fact) else "")


def _classes(gold: Fact) -> Iterator[str]:
    accepted = {CLASS[part] for part in _readings(gold, "certainty")}
    return (name for name, group in CLASS.items() if group in accepted)


def _one_of(gold: Fact, name: str, value: Any) -> bool:
    return not gold.get(name) or value in _readings(gold, name)


def _readings(gold: Fact, name: str) -> list[str]:
    return str(gold.get(name) or "").split("|")


def _sign(found: Fact) -> str:
    return "negative" if found.get("result") == "negative" else "positive"


def _text(value: Any) -> str:
    return re.sub(r"[^0-9A-Z\u4e00-\u9fff]", "", str(value).upper())


def _line(what: str, kind: str, fact: Fact, text: str, near: list[Fact]) -> str:
    told = {name: value for name, value in fact.items() if name not in _HIDDEN}
    about = " ".join(f"{k}={v}" for k, v in told.items() if k not in ("size_mm", "date", "suv_max"))
    others = [{name: v for name, v in f.items() if name not in _HIDDEN} for f in near]
    return f"{what} {kind} {fact['type']}: {about} | {told} | near {others} | {text!r}"
