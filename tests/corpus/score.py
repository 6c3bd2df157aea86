"""How right are the text rules? `python -m tests.corpus.score [--half …] [--misses]`.

Precision, recall and F1 per kind of fact over the gold corpus, through the same function as
`npc-omop text`. Negated facts are rows of their own and outside the means; what belongs to a
finding (size, trend …) is counted on the lesions, whatever nature was read for them.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.corpus.compare import Fact, accepted, answers, overlap, same_lesion, same_size

HERE = Path(__file__).parent
HALVES = ("development", "held_out")
NEGATED = ("finding", "cns_symptom", "recurrence", "autoimmune_disease")
DETAILS = (
    "contrast", "keratinizing", "differentiation", "npc_metastasis", "result",
    "edition", "prefix", "day", "immune", "cycles", "elsewhere",
)  # fmt: skip
THREE_WAY = {**dict.fromkeys(("probable", "possible"), "uncertain"), "definite": "present"}

Answer = Callable[[dict[str, Any]], list[Fact]]


@dataclass
class Count:
    """Right, invented and missed facts of one kind."""

    right: int = 0
    invented: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Of what was found, the part that is right; nothing found is no error."""
        found = self.right + self.invented
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """Of what is there, the part that was found."""
        there = self.right + self.missed
        return self.right / there if there else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = 2 * self.right + self.invented + self.missed
        return 2 * self.right / both if both else 1.0


@dataclass
class Score:
    """Counts per row of the table, three-way answers for terms, and every error in words."""

    kinds: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    attributes: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    terms_right: int = 0
    terms: int = 0
    errors: list[str] = field(default_factory=list)


def read(half: str) -> list[dict[str, Any]]:
    """Lines of one half of the corpus, or of both."""
    halves = HALVES if half == "both" else (half,)
    files = [path for name in halves for path in sorted((HERE / name).glob("*.jsonl"))]
    return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]


def score(records: Iterable[dict[str, Any]], answer: Answer) -> Score:
    """Ask for the facts of every text and count."""
    total = Score()
    for record in records:
        found = answer(record)
        if "terms" in record:
            _terms(record, found, total)
        else:
            _facts(record, [f for f in found if f["type"] != "term"], total)
    return total


def _row(fact: Fact) -> str | None:
    if fact["certainty"] != "negated":
        return str(fact["type"])
    return f"{fact['type']} (negated)" if fact["type"] in NEGATED else None


def _pairs(
    gold: list[Fact], found: list[Fact], rule: Callable[[Fact, Fact], bool]
) -> dict[int, int]:
    """Found -> gold, each once: required facts first, then same size, then the longest overlap."""
    candidates = sorted(
        (bool(g.get("optional")), not same_size(g, f), -overlap(g, f), i, j)
        for i, f in enumerate(found)
        for j, g in enumerate(gold)
        if rule(g, f)
    )
    pairs: dict[int, int] = {}
    for *_, i, j in candidates:
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _facts(record: dict[str, Any], found: list[Fact], total: Score) -> None:
    gold: list[Fact] = record["facts"]
    pairs = _pairs(gold, found, answers)
    for i, fact in enumerate(found):
        row, partner = _row(fact), gold[pairs[i]] if i in pairs else None
        if row is None or (partner and partner.get("optional")):
            continue
        if partner:
            total.kinds[_row(partner) or row].right += 1
            _details(record, partner, fact, total)
        elif not _tolerated(fact, gold):
            total.kinds[row].invented += 1
            total.errors.append(_line("invented", row, record, fact))
    for j, fact in enumerate(gold):
        row = _row(fact)
        if row and not fact.get("optional") and j not in pairs.values():
            total.kinds[row].missed += 1
            total.errors.append(_line("missed", row, record, fact))
    _attributes(record, found, pairs, total)


def _tolerated(found: Fact, gold: list[Fact]) -> bool:
    """A fact told again in a note, or a negated list split, is no invention; a lesion twice is."""
    again = found["type"] != "finding" or found["certainty"] == "negated"
    return any((again or g.get("optional")) and answers(g, found) for g in gold)


def _details(record: dict[str, Any], gold: Fact, found: Fact, total: Score) -> None:
    for name in DETAILS:
        if name not in gold:
            continue
        right = str(gold[name]).lower() in str(found.get(name)).lower()
        total.attributes[name].right += right
        total.attributes[name].missed += not right
        if not right:
            total.errors.append(_line("missed", name, record, gold))


def _attributes(
    record: dict[str, Any], found: list[Fact], pairs: dict[int, int], total: Score
) -> None:
    """Size, trend, SUVmax, side and lesion kind of the findings that are not negated."""
    gold: list[Fact] = record["facts"]
    strict = {(i, j) for i, j in pairs.items() if same_lesion(gold[j], found[i])}
    taken_i, taken_j = {i for i, _ in strict}, {j for _, j in strict}
    free = [i for i in range(len(found)) if i not in taken_i]
    rest = [j for j in range(len(gold)) if j not in taken_j]
    loose = _pairs([gold[j] for j in rest], [found[i] for i in free], same_lesion)
    partner = {**{j: i for i, j in strict}, **{rest[j]: free[i] for i, j in loose.items()}}
    for j, fact in enumerate(gold):
        if fact["type"] != "finding" or fact.get("optional") or fact["certainty"] == "negated":
            continue
        other = found[partner[j]] if j in partner else {}
        for name, key in (
            ("size", "size_mm"), ("trend", "trend"), ("SUVmax", "suv_max"), ("side", "side"),
            ("lesion kind", "value"),
        ):  # fmt: skip
            want, have = fact.get(key), other.get(key)
            right = same_size(fact, other) if name == "size" else have in accepted(fact, key)
            count = total.attributes[name]
            count.right += bool(want and right)
            count.missed += bool(want and not right)
            wrong = have and not right and (want or name != "side")  # a lobe has no side of its own
            count.invented += bool(wrong)
            if (want or wrong) and not right:
                total.errors.append(_line(f"have {have}, want {want}:", name, record, fact))


def _terms(record: dict[str, Any], found: list[Fact], total: Score) -> None:
    said = {f["value"]: f for f in found if f["type"] == "term"}
    for fact in record["facts"]:
        mine = THREE_WAY.get(fact["certainty"], "negated")
        theirs = said.get(fact["value"], {}).get("certainty")
        right = theirs is not None and THREE_WAY.get(theirs, "negated") == mine
        total.terms += 1
        total.terms_right += right
        if not right:
            total.errors.append(_line(f"have {theirs}, want {mine}:", "term", record, fact))


def _line(what: str, row: str, record: dict[str, Any], fact: Fact) -> str:
    start, end = fact["span"]
    text = record["text"][max(0, start - 8) : end + 12].replace("\n", " ")
    told = {k: v for k, v in fact.items() if k not in ("type", "span", "spans")}
    return f"{record['id']}  {what} {row}: {text!r} {json.dumps(told, ensure_ascii=False)}"


def table(total: Score) -> str:
    """The score as text: kinds, negated kinds, attributes, means, terms."""
    lines = [f"{'kind':34}{'gold':>6}{'P':>8}{'R':>8}{'F1':>8}"]

    def add(name: str, c: Count) -> None:
        there = c.right + c.missed
        lines.append(f"{name:34}{there:6d}{c.precision:8.3f}{c.recall:8.3f}{c.f1:8.3f}")

    kinds = {k: c for k, c in sorted(total.kinds.items()) if "(negated)" not in k}
    for name, count in {**kinds, **dict(sorted(total.kinds.items()))}.items():
        add(name, count)
    for name, count in sorted(total.attributes.items()):
        add(f"  {name}", count)
    counts = list(kinds.values())
    if counts:
        parts = [sum(getattr(c, n) for c in counts) for n in ("right", "invented", "missed")]
        add("micro (without negated)", Count(*parts))
        lines.append(f"{'macro F1':56}{sum(c.f1 for c in counts) / len(counts):8.3f}")
    if total.terms:
        accuracy = total.terms_right / total.terms
        lines.append(f"{'terms, three-way accuracy':34}{total.terms:6d}{accuracy:24.3f}")
    return "\n".join(lines)


def _extract(record: dict[str, Any]) -> list[Fact]:
    from etl.notes.extract import extract

    on = date.fromisoformat(record["date"]) if "date" in record else None
    facts = extract(record["kind"], record["text"], on, record.get("terms", []))
    return [fact.as_dict() for fact in facts]


def main(arguments: list[str] | None = None) -> None:
    """Print the table, and with --misses every error by id."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.score", description=__doc__)
    parser.add_argument("--half", choices=[*HALVES, "both"], default="both")
    parser.add_argument("--misses", action="store_true", help="list what is missed or invented")
    chosen = parser.parse_args(arguments)
    total = score(read(chosen.half), _extract)
    print(table(total))
    if chosen.misses:
        print("\n".join(total.errors))


if __name__ == "__main__":
    main()
