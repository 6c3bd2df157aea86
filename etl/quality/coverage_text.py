"""What a person reads of the coverage: a line per source vocabulary and domain, and three sums."""

from collections.abc import Mapping
from typing import Any

from etl.summary import table

CLASSES = ("approved", "draft", "local", "vocabulary", "no_match", "unmapped", "by_prefix")


def coverage_text(found: Mapping[str, Any]) -> str:
    """The report of `npc-omop coverage` as text; rows are counted, shares are of rows."""
    lines = [
        (
            row["source_vocabulary"],
            row["domain"],
            row["codes"],
            row["rows"],
            *(row[name] for name in CLASSES),
            share(row["mapped"] / max(row["rows"], 1)),
        )
        for row in found["coverage"]
    ]
    header = ("vocabulary", "domain", "codes", "rows", *CLASSES, "mapped")
    sums = [
        (
            name,
            found[key]["rows"],
            share(found[key]["mapped_share"]),
            share(found[key]["standard_share"]),
            share(found[key]["decided_share"]),
        )
        for name, key in (("all coded rows", "all"), ("the study's domains", "study"))
    ]
    codes = found["codelist_codes"]
    parts = [
        table(header, lines),
        table(("of", "rows", "mapped", "without local concepts", "with no_match"), sums),
        f"Codes that codelists name: {codes['mapped']} of {codes['codes']} are mapped.",
    ]
    if codes["not_mapped"]:
        rows = [(line["codelist"], line["code"], line["status"]) for line in codes["not_mapped"]]
        parts.append(table(("codelist", "not mapped", "why"), rows))
    return "\n\n".join(parts)


def share(part: float) -> str:
    """A share of 1 in per cent. Rounded down: 99.5 % is not reached before it is."""
    return f"{int(part * 10_000) / 100:.2f} %"
