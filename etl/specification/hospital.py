"""The hospital's side of the specification: each table, and where each of its columns goes."""

from collections.abc import Iterator

from sqlglot import exp

from etl.source.contracts import Column, Contract, Type
from etl.specification.page import MANY, Material, cell, code, feeding, is_derived, label_of, shown

DROPPED_BECAUSE = {
    Type.IDENTIFIER: "a direct identifier",
    Type.SERIAL: "the row id stands for it",
    Type.ID_CARD: "an identity number: month of birth and sex are taken from it first",
}


def overview(material: Material) -> str:
    """Which hospital table becomes which CDM tables."""
    lines = [
        "| hospital table | | system | rows become rows of | also looked up for |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, contract in material.contracts.items():
        own, looked_up = [], []
        for table in cdm_tables(material):
            rows_from, read = feeding(material, table)
            if is_derived(material.steps[table]) or len(rows_from) > MANY:
                continue
            short = table.removeprefix("cdm.")
            if f"raw.{name}" in rows_from:
                own.append(f"[`{short}`](#{short})")
            elif f"raw.{name}" in read:
                looked_up.append(f"[`{short}`](#{short})")
        lines.append(
            f"| [`{name}`](#{name.lower()}) | {contract.title} | {contract.system} |"
            f" {', '.join(own) or '—'} | {', '.join(looked_up) or '—'} |"
        )
    return "\n".join(lines)


def section(material: Material, contract: Contract, uses: dict[tuple[str, str], list[str]]) -> str:
    """One hospital table: every column, and the CDM fields that it reaches."""
    lines = [
        f"### {contract.table}",
        "",
        f"{contract.title} ({contract.system}), known by {', '.join(map(code, contract.key))},"
        f" source number {contract.source_no}"
        f" ([contract](../mappings/sources/{contract.table.lower()}.yaml)).",
        "",
        "| column | | goes to |",
        "| --- | --- | --- |",
    ]
    series = {
        f"{stem}{n}": stem for stem, s in contract.series.items() for n in range(1, s.count + 1)
    }
    for name, column in contract.read.items():
        stem = series.get(name)
        if stem and name != f"{stem}1":
            continue
        shown_name = f"`{name}`–`{contract.series[stem].count}`" if stem else code(name)
        label = contract.series[stem].label if stem else column.label
        where = goes_to(contract, name, column, uses)
        lines.append(f"| {shown_name} | {cell(label)} | {cell(where)} |")
    for name, reason in contract.ignored.items():
        lines.append(f"| {code(name)} | | ignored: {cell(reason)} |")
    return "\n".join(lines)


def goes_to(
    contract: Contract, name: str, column: Column, uses: dict[tuple[str, str], list[str]]
) -> str:
    """The CDM fields that a column reaches, or why it reaches none."""
    if column.type in DROPPED_BECAUSE:
        why = f"dropped at landing: {DROPPED_BECAUSE[column.type]}"
        if column.type is not Type.ID_CARD:
            return why
        ends = [label for label in label_of(contract) if label.startswith(f"{name}_")]
        fields = [field for end in ends for field in uses.get((contract.table, end), [])]
        return f"{why} → {', '.join(dict.fromkeys(fields))}" if fields else why
    parts = list(uses.get((contract.table, name), []))
    parts += [f"{role} of the row" for role in roles(contract, name)]
    return ", ".join(parts) or "kept in `raw`, in no CDM field yet"


def roles(contract: Contract, name: str) -> Iterator[str]:
    """What landing does with a column beside keeping it."""
    if name in contract.key:
        yield "key"
    if name == contract.watermark:
        yield "newest version"
    if name == contract.version:
        yield "version"
    if name in contract.void:
        yield f"withdrawal ({', '.join(contract.void[name])})"
    if name in contract.draft:
        yield f"draft ({', '.join(contract.draft[name])})"


def where_used(material: Material) -> dict[tuple[str, str], list[str]]:
    """For each hospital column the CDM fields made of it; else what it links or decides."""
    fields: dict[tuple[str, str], dict[str, list[str]]] = {}
    links: dict[tuple[str, str], set[str]] = {}
    for table in cdm_tables(material):
        if is_derived(material.steps[table]) or len(feeding(material, table)[0]) > MANY:
            continue
        short = table.removeprefix("cdm.")
        for field in material.origins.fields(table):
            for source, column in shown(material, table, field):
                key = (source.removeprefix("raw."), column)
                if field.endswith("_id") and not field.endswith("concept_id"):
                    links.setdefault(key, set()).add(field)
                else:
                    fields.setdefault(key, {}).setdefault(short, []).append(field)
    uses = {key: _by_table(of) for key, of in fields.items()}
    for key, names in links.items():
        uses.setdefault(key, [f"finds {', '.join(code(name) for name in sorted(names))}"])
    for step in material.steps.values():
        for key in _read_by(material, step.table):
            uses.setdefault(key, [f"read in {code(step.table)}"])
    return uses


def _by_table(fields: dict[str, list[str]]) -> list[str]:
    """`person` (`year_of_birth`, `month_of_birth`), one text a CDM table."""
    return [
        f"[`{table}`](#{table}) ({', '.join(code(name) for name in names)})"
        for table, names in fields.items()
    ]


def cdm_tables(material: Material) -> list[str]:
    """The CDM tables that steps fill, in the CDM's order."""
    return [t for t in material.order if t in material.steps]


def _read_by(material: Material, table: str) -> set[tuple[str, str]]:
    """The hospital columns that a step names anywhere, conditions included."""
    query = material.origins.scopes[table].expression
    raw = {t.alias_or_name: t.name for t in query.find_all(exp.Table) if t.db == "raw"}
    found = set()
    for column in query.find_all(exp.Column):
        if column.table in raw:
            own = material.origins.given_columns.get(
                (f"raw.{raw[column.table]}".lower(), column.name)
            )
            found.add((raw[column.table].upper(), own or column.name))
    return found
