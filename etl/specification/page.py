"""The pages of the specification as Markdown: the CDM's side, and the hospital's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from etl.engine.plan import Step
from etl.source.contracts import DROPPED, Contract, Contracts, Type
from etl.specification.example import Case, example
from etl.specification.origin import Leaf, Origins
from etl.specification.rule import Rule, rules
from etl.warehouse import spec

HIDDEN = {"row_id", "load_no", "file_no", "row_no", "fate", "reject_reason"}
POINTER = re.compile(r"(.*_)?event_id|fact_id_\d|episode_(parent_)?id")  # to a CDM row
MANY = 12  # sources of a field that are named with their titles
FROM_ID_CARD = {"_CSNY": "month of birth only", "_XB": "sex only"}


@dataclass(frozen=True)
class Material:
    """What the pages are made of."""

    contracts: Contracts
    steps: dict[str, Step]
    order: tuple[str, ...]
    origins: Origins
    of_cdm: Origins  # the same for tables that are made of CDM tables alone, back to those
    tests: list[Case]
    concepts: dict[str, str]
    empty: dict[str, str]


def grain(step: Step) -> str:
    """The comment that a step's file begins with: what one of its rows is."""
    return step.grain


def table_section(material: Material, table: str, folder: str) -> str:
    """One filled CDM table: its row, its hospital tables, its fields."""
    step = material.steps[table]
    fields = material.origins.fields(table)
    rows_from, read = feeding(material, table)
    if is_derived(step):
        origin = f"Made of: {', '.join(code(name) for name in step.reads)}."
    elif len(rows_from) > MANY:
        origin = "Made of: every hospital table with dated rows."
    else:
        origin = f"Rows come from: {named(material, rows_from) or 'no hospital table'}."
        origin += f" Looked up in: {named(material, read)}." if read else ""
    lines = [
        f"### {step.name}",
        "",
        cell(grain(step)) + f" ([SQL]({folder}/{step.name}.sql))",
        "",
        origin,
        "",
        "| CDM field | source | rule | example |",
        "| --- | --- | --- | --- |",
    ]
    for column in spec.columns(step.name):
        if column.name in fields:
            lines.append(field_line(material, table, column.name))
    missing = [f"`{c.name}`" for c in spec.columns(step.name) if c.name not in fields]
    if missing:
        lines += ["", f"Not filled: {', '.join(missing)}."]
    return "\n".join(lines)


def is_derived(step: Step) -> bool:
    """Whether a table is made of CDM tables alone, such as an era."""
    layers = {table.split(".")[0] for table in step.reads}
    return "cdm" in layers and layers <= {"cdm", "vocabulary"}


def field_line(material: Material, table: str, column: str) -> str:
    """One field: where it comes from, by what rule, and what that gives."""
    leaves = shown(material, table, column)
    derived = is_derived(material.steps[table])
    found = rules(material.of_cdm if derived else material.origins, table, column)
    numbers = {f"raw.{t}": c.source_no for t, c in material.contracts.items()}
    one = example(material.tests, table, column, set(leaves), numbers)
    text = code(found[0].sql) if len(found) == 1 and is_constant(found[0].sql) else ""
    if one:
        cells = ", ".join(f"{name} {code(value)}" for name, value in one.cells)
        text = (f"{cells} → " if cells else "") + code(one.value)
        if column.endswith("concept_id") and one.value in material.concepts:
            text += f" {material.concepts[one.value]}"
    if derived:
        made_of = material.of_cdm.leaves(table, column)
        of = [
            code(".".join((t.removeprefix("cdm."), c)))
            for t, c in sorted(made_of)
            if t[:4] == "cdm."
        ]
    else:
        of = titles(material.contracts, leaves)
    if len(of) > MANY:  # without the titles
        of = [", ".join(text.split(" ")[0] for text in of)]
    sources = "<br>".join(of) or "—"
    how = "<br>".join(in_words(rule, material.concepts, column) for rule in found)
    return f"| `{column}` | {sources} | {how} | {cell(text)} |"


def is_constant(sql: str) -> bool:
    """Whether a rule is a number or a text, which is what every row holds."""
    return re.fullmatch(r"\d+(\.\d+)?|'[^']*'", sql) is not None


def in_words(rule: Rule, concepts: dict[str, str], column: str) -> str:
    """A rule in a table's cell: words, or SQL; then what the file says, or the concept's name."""
    comment = rule.comment
    if not comment and column.endswith("concept_id") and rule.sql != "0":
        comment = concepts.get(rule.sql, "")
    return cell((rule.words or code(rule.sql)) + (f" ({comment})" if comment else ""))


def shown(material: Material, table: str, column: str) -> frozenset[Leaf]:
    """The hospital columns to name beside a field; a row's own number for keys only."""
    leaves = material.origins.leaves(table, column)
    ledger = {"raw.source_file", "raw.extract", "raw.identity"}
    hospital = {leaf for leaf in leaves if leaf[0].startswith("raw.") and leaf[0] not in ledger}
    if column == f"{table.split('.')[1]}_id" or POINTER.fullmatch(column):
        numbers = frozenset(leaf for leaf in hospital if leaf[1] == "row_id")
        if numbers:
            return numbers
    named_columns = frozenset(leaf for leaf in hospital if leaf[1] not in HIDDEN)
    return named_columns or frozenset(leaf for leaf in hospital if leaf[1] == "row_id")


def feeding(material: Material, table: str) -> tuple[list[str], list[str]]:
    """The hospital tables whose rows become rows of a table, and those only looked up."""
    origins = material.origins
    every = {leaf[0] for field in origins.fields(table) for leaf in shown(material, table, field)}
    own_id = f"{table.split('.')[1]}_id"
    keys = [f for f in origins.fields(table) if f == own_id or POINTER.fullmatch(f)]
    rows_from = {
        leaf[0] for key in keys for leaf in shown(material, table, key) if leaf[1] == "row_id"
    }
    rows_from = rows_from or every
    order = [f"raw.{name}" for name in material.contracts]
    return [t for t in order if t in rows_from], [t for t in order if t in every - rows_from]


def named(material: Material, tables: Iterable[str]) -> str:
    """Hospital tables with their Chinese titles."""
    names = [table.removeprefix("raw.") for table in tables]
    return ", ".join(f"[`{n}`](#{n.lower()}) {material.contracts[n].title}" for n in names)


def titles(contracts: Contracts, leaves: Iterable[Leaf]) -> list[str]:
    """`ZD_ZDJL.ZDBM 疾病编码`, in contract order, a series as one line."""
    wanted = {(table.removeprefix("raw."), column) for table, column in leaves}
    found = []
    for name, contract in contracts.items():
        labels = {"row_id": "row id", **label_of(contract)}
        for column, label in labels.items():
            if (name, column) in wanted:
                found.append(cell(f"`{name}.{column}` {label}"))
    return list(dict.fromkeys(_folded(found)))


def label_of(contract: Contract) -> dict[str, str]:
    """The columns of `raw.<TABLE>` with their Chinese labels."""
    labels: dict[str, str] = {}
    for column, of in contract.read.items():
        if of.type is Type.ID_CARD:
            labels |= {column + end: f"{of.label}, {part}" for end, part in FROM_ID_CARD.items()}
        elif of.type not in DROPPED:
            labels[column] = of.label
    return labels


def _folded(lines: list[str]) -> list[str]:
    """Lines that differ in a number at the end only, as one: `BA_SY.JBDM1` to `15`."""
    last: dict[tuple[str, str], int] = {}
    for line in lines:
        match = re.fullmatch(r"`([\w.]*?)(\d+)` (.*?)\2", line)
        if match:
            last[match[1], match[3]] = max(int(match[2]), last.get((match[1], match[3]), 0))
    folded = []
    for line in lines:
        match = re.fullmatch(r"`([\w.]*?)(\d+)` (.*?)\2", line)
        folded.append(f"`{match[1]}1`–`{last[match[1], match[3]]}` {match[3]}" if match else line)
    return folded


def code(text: str) -> str:
    """Text as code, whatever backticks are in it."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def cell(text: str) -> str:
    """Text that does not break a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")
