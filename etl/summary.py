"""What a person reads after a command: counts, never a patient's value."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from etl.quality.reconcile import Ledger
from etl.settings import Settings


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns of text, numbers to the right."""
    body = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    widths = [max(len(str(line[i])) for line in [list(header), *body]) for i in range(len(header))]
    right = [
        bool(body) and all(r[i][:1].isdigit() or not r[i] for r in body) for i in range(len(header))
    ]

    def line(cells: Sequence[str]) -> str:
        return "  ".join(
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(cells, widths, right, strict=True)
        ).rstrip()

    return "\n".join([line(list(header)), *(line(row) for row in body)])


def summary_text(settings: Settings, summary: Mapping[str, Any]) -> str:
    """Rows per table, rejects, coverage, attrition and where the database listens."""
    rows = [(name, count) for name, count in sorted(summary["rows"].items()) if count]
    parts = [f"Published: {summary['load_id']}", table(("cdm", "rows"), rows)]
    if summary["rejected"]:
        parts.append(table(("rejected rows of", "rows"), sorted(summary["rejected"].items())))
    if summary.get("coverage"):
        parts.append(
            table(
                ("source vocabulary", "events", "mapped"),
                [
                    (
                        c["source_vocabulary"],
                        c["events"],
                        f"{100 * c['mapped'] / c['events']:.1f} %",
                    )
                    for c in summary["coverage"]
                ],
            )
        )
    if summary.get("attrition"):
        parts.append(attrition_text(summary["attrition"]))
    seconds = ", ".join(f"{layer} {took:.1f}" for layer, took in summary["seconds"].items())
    parts.append(f"Seconds: {seconds}")
    if settings.warehouse is None:
        home = "" if settings.home == Settings().home else f" --home {settings.home}"
        command = command_name()
        parts.append(
            f'The database listens on a socket of this machine: psql "$({command} url{home})"\n'
            f"Stop it with: {command} stop{home}"
        )
    return "\n\n".join(parts)


def attrition_text(rows: Iterable[Sequence[object]]) -> str:
    """The attrition of a study, a line a criterion."""
    return table(("criterion", "entering", "met", "not met", "unknown", "remaining"), rows)


def command_name() -> str:
    """The command as it was typed: it need not be on the PATH."""
    typed = sys.argv[0]
    return "npc-omop" if typed.endswith("__main__.py") or os.sep not in typed else typed


def ledger_text(ledger: Ledger) -> str:
    """The ledger, a line per source table, and the reasons below."""
    rows = [
        (a.table, a.landed, a.superseded, a.rejected, a.void, a.in_cdm, a.listed, a.missing)
        for a in ledger.accounts
    ]
    header = ("table", "landed", "superseded", "rejected", "void", "in cdm", "listed", "missing")
    reasons = [
        (account.table, count, reason)
        for account in ledger.accounts
        for reason, count in account.reasons.items()
    ]
    verdict = "The ledger balances." if ledger.balances else "The ledger DOES NOT balance."
    return "\n\n".join(
        [
            table(header, rows),
            table(("table", "rows", "what became of them"), reasons),
            f"Events: {ledger.events:,} expected, {ledger.lost:,} lost, {ledger.doubled:,} doubled."
            f"\n{verdict}",
        ]
    )


def trace_text(found: Mapping[str, Any]) -> str:
    """A trace from the CDM row down to the file."""
    lines = [found["cdm"]["table"]]
    lines += [f"  {name} = {value}" for name, value in found["cdm"]["row"].items()]
    lines.append(f"← {found['stage']['table']}")
    lines += [f"  {name} = {value}" for name, value in (found["stage"]["row"] or {}).items()]
    lines += [
        f"← {s['table']}: {s['file']}, record {s['record']} (load {s['load']}, {s['fate']})"
        for s in found["source"]
    ]
    return "\n".join(lines)


def bench_text(found: Mapping[str, Any]) -> str:
    """A benchmark's figures, one a line."""
    lines = [(name, value) for name, value in found.items() if name != "layers"]
    layers = [(layer, f"{seconds:.1f} s") for layer, seconds in found["layers"].items()]
    return (
        table(("figure", "value"), [(n, str(v)) for n, v in lines])
        + "\n\n"
        + table(("layer", "seconds"), layers)
    )
