"""What reviewers approved in Usagi, into the curated maps: all of a file or nothing of it.

Usagi saves one line per source code and concept. Only lines that say APPROVED are taken: EQUAL and
EQUIVALENT as approved, a wider, narrower or inexact concept as a draft, UNMATCHED as no_match.
"""

import csv
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from etl.vocabulary.maps.code_map import write_code_map
from etl.vocabulary.maps.map_file import HEADER
from etl.vocabulary.tables import quoted
from etl.vocabulary.usagi.file import UsagiLine, approved_lines

EXACT = ("EQUAL", "EQUIVALENT")
INEXACT = ("WIDER", "NARROWER", "INEXACT")
# Where the events of a code stay for which no concept fits.
USUAL_DOMAIN = {
    "npc_icd10": "Condition",
    "npc_icd9cm3": "Procedure",
    "npc_drug": "Drug",
    "npc_exam": "Procedure",
    "npc_lab": "Measurement",
    "npc_specimen": "Specimen",
    "npc_stage": "Measurement",
    "npc_vital": "Measurement",
}

_MAP = re.compile(r"npc_\w+")

Row = list[str]


@dataclass(frozen=True)
class Imported:
    """What an import changed: lines written and lines they took the place of, by map."""

    written: dict[str, int]
    replaced: dict[str, int]


def import_usagi(
    path: Path,
    mappings: Path,
    lake: Path,
    con: duckdb.DuckDBPyConnection,
    source_vocabulary: str | None = None,
    replace: bool = False,
) -> Imported:
    """Take the approved lines of Usagi's file into `mappings/concepts/<map>.csv`, sorted.

    A source code names its map (`npc_icd10:E87.6`) unless `source_vocabulary` does. Drafts of a
    code are replaced; a line that somebody reviewed is replaced only with `replace`. The maps that
    result are checked against the vocabulary in the lake before any file is touched. ContractError
    with file, line and column.
    """
    maps: dict[str, list[Row]] = {}
    new: dict[str, dict[str, list[Row]]] = {}
    for line in approved_lines(path):
        name, code = _key(line, source_vocabulary)
        file = mappings / "concepts" / f"{name}.csv"
        if name not in maps:
            if not _MAP.fullmatch(name) or not file.exists():
                raise line.wrong("sourceCode", f"there is no map {name}: name one of mappings/")
            maps[name] = read_rows(file)
        normal = _normal(con, code)
        row = _map_row(line, name, normal, lake, con)
        targets = new.setdefault(name, {}).setdefault(normal, [])
        if any(row[4] == other[4] for other in targets):
            raise line.wrong("conceptId", f"{code} has this concept twice: remove one")
        _check_reviewed(line, normal, row, maps[name], replace)
        targets.append(row)
    changed = {name: merged(maps[name], new[name]) for name in new}
    _check_maps(changed, mappings, lake, con)
    _write(changed, mappings)
    return Imported(
        {name: sum(map(len, codes.values())) for name, codes in new.items()},
        {name: sum(row[0] in codes for row in maps[name][1:]) for name, codes in new.items()},
    )


def read_rows(path: Path) -> list[Row]:
    """A map as rows of text, the header first."""
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(text))


def merged(rows: list[Row], new: Mapping[str, list[Row]]) -> list[Row]:
    """A map with the lines of some codes replaced, sorted by code; targets keep their order."""
    kept = [row for row in rows[1:] if row[0] not in new]
    added = [row for targets in new.values() for row in targets]
    return [rows[0], *sorted(kept + added, key=lambda row: row[0])]


def _key(line: UsagiLine, source_vocabulary: str | None) -> tuple[str, str]:
    code = line["sourceCode"]
    if source_vocabulary is None:
        source_vocabulary, colon, code = code.partition(":")
        if not colon or not source_vocabulary.startswith("npc_"):
            raise line.wrong("sourceCode", "does not name its map (npc_icd10:E87.6): give --map")
    code = code.removeprefix(f"{source_vocabulary}:")
    if not code:
        raise line.wrong("sourceCode", "is empty: give the code")
    return source_vocabulary, code


def _map_row(
    line: UsagiLine, name: str, code: str, lake: Path, con: duckdb.DuckDBPyConnection
) -> Row:
    kind = line["mappingType"] or "MAPS_TO"
    if kind != "MAPS_TO":
        raise line.wrong("mappingType", f"{kind}: only MAPS_TO can be taken")
    equivalence = (line["equivalence"] or "EQUAL").upper()
    if not line["statusSetBy"]:
        raise line.wrong("statusSetBy", "is empty: an approved line needs its reviewer")
    signed = [line["createdBy"] or line["statusSetBy"], line["statusSetBy"], _reviewed_on(line)]
    comment = " ".join(line["comment"].split())
    if equivalence == "UNMATCHED" or line["conceptId"] in ("", "0"):
        domain = line["domainId"] or USUAL_DOMAIN.get(name, "Observation")
        note = f"{domain}: {comment or 'nothing fits'} (Usagi)"
        target = ["", "", "0", "No matching concept"]
        return [code, line["sourceName"], *target, "no_match", *signed, note]
    if equivalence not in (*EXACT, *INEXACT):
        raise line.wrong("equivalence", f"{equivalence}: review the line in Usagi first")
    target = _target(line, lake, con)
    if equivalence in EXACT:
        return [code, line["sourceName"], *target, "approved", *signed, comment]
    note = "; ".join(part for part in (f"{equivalence.lower()} concept (Usagi)", comment) if part)
    return [code, line["sourceName"], *target, "draft", *signed, note]


def _target(line: UsagiLine, lake: Path, con: duckdb.DuckDBPyConnection) -> Row:
    """The concept's vocabulary, code, id and name, as the loaded vocabulary has them."""
    if not line["conceptId"].isdecimal():
        raise line.wrong("conceptId", "is no number: save the file from Usagi again")
    found = con.execute(
        "SELECT vocabulary_id, concept_code, concept_name, standard_concept, invalid_reason"
        f" FROM read_parquet({quoted(lake / 'vocabulary' / 'concept.parquet')})"
        " WHERE concept_id = ?",
        [int(line["conceptId"])],
    ).fetchone()
    if found is None:
        raise line.wrong(
            "conceptId", f"{line['conceptId']} is not in the loaded vocabulary: load Athena's"
        )
    vocabulary, code, name, standard, invalid = found
    if standard != "S" or invalid is not None:
        raise line.wrong("conceptId", f"{line['conceptId']} is not standard: map elsewhere")
    if line["conceptName"] != name:
        raise line.wrong("conceptName", f"the vocabulary says {name!r}: review it again")
    if code == f"id:{line['conceptId']}":
        vocabulary = code = ""  # the starter vocabulary does not know the code
    return [vocabulary, code, line["conceptId"], name]


def _reviewed_on(line: UsagiLine) -> str:
    """Usagi writes milliseconds since 1970."""
    moment = line["statusSetOn"]
    if not moment.isdecimal():
        raise line.wrong("statusSetOn", "is no time of Usagi's: approve the line in Usagi")
    try:
        return datetime.fromtimestamp(int(moment) / 1000, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        raise line.wrong("statusSetOn", "is no time of Usagi's: approve the line again") from None


def _check_reviewed(line: UsagiLine, code: str, row: Row, rows: list[Row], replace: bool) -> None:
    """Nobody's decision is overwritten unasked."""
    for old in rows[1:]:
        decided = old[6] == "approved" or (old[6] == "no_match" and old[8])
        if old[0] == code and decided and old[4] != row[4] and not replace:
            raise line.wrong(
                "sourceCode",
                f"{code} is {old[6]} as {old[4]} by {old[8]} on {old[9]}: settle it with them,"
                " then import with --replace",
            )


def _normal(con: duckdb.DuckDBPyConnection, code: str) -> str:
    found = con.execute("SELECT normal_code(?)", [code]).fetchone()
    return str(found[0]) if found else code


def _check_maps(
    changed: Mapping[str, list[Row]], mappings: Path, lake: Path, con: duckdb.DuckDBPyConnection
) -> None:
    """Build the whole code map of the changed files in a scratch folder, as the next run will."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "mappings"
        shutil.copytree(mappings / "concepts", folder / "concepts")
        (folder / "vocabulary").symlink_to((mappings / "vocabulary").resolve())
        _write(changed, folder)
        tables = Path(scratch) / "lake" / "vocabulary"
        tables.mkdir(parents=True)
        for path in (lake / "vocabulary").glob("*.parquet"):
            if path.stem != "code_map":
                (tables / path.name).symlink_to(path.resolve())
        write_code_map(tables.parent, folder, con)


def _write(changed: Mapping[str, list[Row]], mappings: Path) -> None:
    """Write every file beside its old one, then put all of them in place."""
    ready = []
    for name, rows in changed.items():
        assert rows[0] == HEADER
        target = mappings / "concepts" / f"{name}.csv"
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        with unfinished.open("w", encoding="utf-8", newline="") as text:
            csv.writer(text, lineterminator="\n").writerows(rows)
        ready.append((unfinished, target))
    for unfinished, target in ready:
        os.replace(unfinished, target)
