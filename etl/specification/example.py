"""Examples from the spec tests: what a field became, and the hospital's cells that it came from."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Cells = dict[str, str]


@dataclass(frozen=True)
class Case:
    """One test: the tables that it gives, and the rows of one table that it expects."""

    name: str
    path: str
    given: Mapping[str, list[Cells]]
    table: str
    rows: list[Cells]


@dataclass(frozen=True)
class Example:
    """A field's value in a test, with the source cells (`ZDBM`, `C11.900`) where they are plain."""

    cells: tuple[tuple[str, str], ...]
    value: str


def cases(folder: Path) -> list[Case]:
    """Every `expect` of a folder's tests whose tables are written out, in order."""
    found = []
    for path in sorted(folder.glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name) and isinstance(node.value.value, str)
        }
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                found += list(_cases_of(node, path.name, texts))
    return found


def example(
    tests: list[Case],
    table: str,
    field: str,
    leaves: set[tuple[str, str]],
    source_no: Mapping[str, int],
) -> Example | None:
    """The most telling example of a field: with source cells, a value and no concept 0."""
    best: tuple[tuple[bool, bool, bool], Example] | None = None
    for case in tests:
        if case.table != table:
            continue
        for row in case.rows:
            value = row.get(field, "-")
            if value == "-":
                continue
            cells = tuple(dict.fromkeys(_cells(case, table, row, leaves, source_no)))[:3]
            rank = (value != "0", bool(cells), len(cells) < 3)
            if best is None or rank > best[0]:
                best = rank, Example(cells, value)
    return best[1] if best else None


def _cells(
    case: Case, table: str, row: Cells, leaves: set[tuple[str, str]], source_no: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    """The cells of the given rows that this row can only have come from."""
    for source, given in case.given.items():
        here = given
        own_id = row.get(f"{table.split('.')[1]}_id", "")
        if own_id.isdigit() and int(own_id) >= 100_000 and source in source_no:
            # An event id says its row: row_id x 100000 + source_no x 1000 + ordinal.
            if int(own_id) // 1000 % 100 != source_no[source]:
                continue
            here = given[int(own_id) // 100_000 - 1 : int(own_id) // 100_000]
        if len(here) == 1:
            for column, text in here[0].items():
                if (source, column) in leaves and text != "-":
                    yield column, text


def _cases_of(function: ast.FunctionDef, path: str, constants: Mapping[str, str]) -> Iterator[Case]:
    given: dict[str, list[Cells]] = {}
    for statement in function.body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        texts = [
            a.value if isinstance(a, ast.Constant) else constants[a.id]
            for a in call.args
            if isinstance(a, ast.Constant) or (isinstance(a, ast.Name) and a.id in constants)
        ]
        if len(texts) != 2 or not all(isinstance(text, str) for text in texts):
            if call.func.id == "given":
                return  # a table that is put together: what follows cannot be read off here
            continue
        table, text = str(texts[0]), str(texts[1])
        if call.func.id == "given":
            given.setdefault(table, []).extend(_rows(text))
        elif call.func.id == "expect":
            yield Case(function.name, path, dict(given), table, _rows(text))


def _rows(text: str) -> list[Cells]:
    lines = [line.strip().strip("|") for line in text.splitlines() if line.strip()]
    header, *body = [[cell.strip() for cell in line.split("|")] for line in lines] or [[]]
    return [dict(zip(header, cells, strict=False)) for cells in body]
