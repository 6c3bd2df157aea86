"""What the generator planted against what a load reads: `python -m tests.corpus.planted DIR`.

DIR is an invented hospital (`npc-omop generate`, as CSV). Its files are landed and staged as in a
load, so that a text is what the steps compose, scrubbed and cleaned; the rules read it; every fact
is compared with `_truth/text_fact.csv`. `--misses` lists each error beside its text.
"""

import argparse
import csv
import io
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import NamedTuple

from tests.corpus.planted_match import Answer, Fact, compare

TABLES = {
    "EMR_WS": ("WSID", 13, "note"),
    "RIS_BG": ("JCBGH", 11, "imaging"),
    "PIS_BG": ("BLH", 12, "pathology"),
    "SF_SFJL": ("SFID", 18, "follow_up"),
}


class Text(NamedTuple):
    """One text as the steps give it, under the key of its row in the hospital's file."""

    table: str
    key: str
    kind: str
    text: str
    on: date | None


def planted(source: Path) -> dict[tuple[str, str], list[Fact]]:
    """The planted facts of every text, by table and key."""
    found = defaultdict(list)
    with (source / "_truth" / "text_fact.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            known = {name: value for name, value in row.items() if value}
            found[row["table"], row["key"]].append({"value": "", **known})
    return dict(found)


def texts(source: Path, home: Path) -> list[Text]:
    """Land and stage a hospital in `home`; give the texts that a load reads."""
    from etl.engine.duckdb import connect, run_steps
    from etl.engine.plan import needed
    from etl.progress import Reporter
    from etl.run import contracts_of, plan
    from etl.settings import Settings
    from etl.source.landing import land, open_raw
    from etl.vocabulary.athena.load import provide
    from etl.vocabulary.maps.code_map import write_code_map
    from etl.vocabulary.maps.codelist import write_codelists

    settings = Settings(home=home)
    contracts, progress = contracts_of(settings), Reporter(quiet=True)
    land(source, settings, contracts)
    con = connect(settings)
    try:
        open_raw(con, settings, contracts)
        provide(settings, con, progress)
        write_code_map(settings.lake, settings.mappings, con)
        write_codelists(settings.lake, settings.mappings, con)
        steps = plan(contracts)
        wanted = {s.table for t in ("note.text", "stage.follow_up") for s in needed(steps, t)}
        run_steps(con, [s for s in steps if s.table in wanted], settings.lake, progress)
        given = []
        for table, (key, number, kind) in TABLES.items():
            source_sql = (
                "SELECT row_id, progression_text AS note_text, contacted_at AS noted_at"
                " FROM stage.follow_up WHERE reject_reason IS NULL AND progression_text IS NOT NULL"
                if kind == "follow_up"
                else f"SELECT row_id, note_text, noted_at FROM note.text WHERE source_no = {number}"
            )
            rows = con.execute(
                "SELECT landed.row_no, note_text, CAST(noted_at AS DATE)"
                f" FROM ({source_sql}) AS text JOIN raw.{table} AS landed USING (row_id)"
                " WHERE landed.fate = 'current' ORDER BY row_id"
            ).fetchall()
            keys = _keys(source / f"{table}.csv", key)
            given += [Text(table, keys[row - 1], kind, text, on) for row, text, on in rows]
        return given
    finally:
        con.close()


def _keys(path: Path, column: str) -> list[str]:
    """A column of a file, record by record; landing keeps the number of the record only."""
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            lines = io.StringIO(content.decode(encoding), newline="")
            break
        except UnicodeDecodeError:
            continue
    return [row[column] for row in csv.DictReader(lines)]


def read(given: list[Text], processes: int = 2) -> list[list[Fact]]:
    """The facts that the rules find in each text; a follow-up is read as a note."""
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(_facts, given, chunksize=64))


def _facts(text: Text) -> list[Fact]:
    from etl.notes.extract import extract

    kind = "note" if text.kind == "follow_up" else text.kind
    return [fact.as_dict() for fact in extract(kind, text.text, text.on)]


def judge(source: Path, home: Path) -> Answer:
    """Compare every text that a load reads with what was planted in it."""
    truth = planted(source)
    answer, seen = Answer(), 0
    given = texts(source, home)
    for text, found in zip(given, read(given), strict=True):
        facts = truth.get((text.table, text.key), [])
        seen += bool(facts)
        compare(text.kind, text.text, facts, found, answer)
    answer.texts, answer.unread = len(given), len(truth) - seen
    return answer


def table(answer: Answer) -> str:
    """Precision and recall per kind of text and fact, and what was compared."""
    lines = [f"{'kind':42}{'planted':>9}{'P':>9}{'R':>9}{'errors':>9}"]
    for name, count in sorted(answer.counts.items()):
        there, errors = count.right + count.missed, count.missed + count.invented
        lines.append(f"{name:42}{there:9d}{count.precision:9.4f}{count.recall:9.4f}{errors:9d}")
    lines.append(
        f"{answer.texts} texts; {answer.unread} planted in texts that no load reads"
        " (rows of quarantine)"
    )
    return "\n".join(lines)


def reasons(errors: Iterable[str]) -> str:
    """Errors grouped by what they say, most frequent first, with an example each."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for line in errors:
        grouped[line.split(" | ")[0]].append(line)
    counts = Counter({reason: len(lines) for reason, lines in grouped.items()})
    return "\n".join(f"{n:5d}  {grouped[reason][0]}" for reason, n in counts.most_common())


def main(arguments: list[str] | None = None) -> None:
    """Print the table, and with --misses every error by reason."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.planted", description=__doc__)
    parser.add_argument("source", type=Path, help="an invented hospital")
    parser.add_argument("--misses", action="store_true", help="list the errors by reason")
    parser.add_argument("--all", action="store_true", help="list every error")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as home:
        answer = judge(chosen.source, Path(home))
    print(table(answer))
    if chosen.misses:
        print(reasons(answer.errors))
    if chosen.all:
        print("\n".join(answer.errors))


if __name__ == "__main__":
    main()
