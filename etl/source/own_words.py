"""The words that a person's texts may not show: names, phone numbers and addresses.

They are read off the master index into memory, and gone when the landing ends. A text finds its
person through its visit.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

import duckdb

from etl.settings import Settings
from etl.source.contracts import Contract, Contracts
from etl.source.database import Part
from etl.source.identity import HOSPITAL_ID, MERGED_INTO, PERSON, VISIT
from etl.source.ledger import Ledger
from etl.source.normalise import cleaned_sql, each
from etl.source.pseudonym import half_width_sql, hmac_sql, normal_id_sql
from etl.source.raw import table_sql
from etl.source.reading import read_part

# A shorter word is no name, number or address, and would eat text.
_SHORTEST = {"name": 2, "phone": 7, "address": 5}


def create_word_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty tables that the other functions fill."""
    con.execute("CREATE TABLE plain_id (id_hmac VARCHAR, plain VARCHAR)")
    con.execute("CREATE TABLE said (id_hmac VARCHAR, kind VARCHAR, word VARCHAR)")
    con.execute(
        "CREATE TABLE own_words (root_empi VARCHAR, own_names VARCHAR[],"
        " own_phones VARCHAR[], own_addresses VARCHAR[])"
    )
    con.execute("CREATE TABLE whose (link VARCHAR, id_hmac VARCHAR, root_empi VARCHAR)")


def read_index(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    parts: Sequence[Part],
    today: date,
    scratch: Path,
) -> date | None:
    """Collect the words of the master index at hand, and the newest date it was kept up to.

    An index that is on record already is read for its words all the same. A date in the future
    is somebody's slip and does not count.
    """
    newest: list[date] = []
    for part in parts:
        read_part(con, part, scratch, partial(_hold, con, contract, part))
        _collect(con, contract, part)
        if contract.watermark in part.columns:
            row = con.execute(
                f"SELECT max(d) FROM (SELECT source_date({contract.watermark}) AS d FROM held)"
                " WHERE d <= ?",
                [today],
            ).fetchone()
            newest += [on for on in row or () if on is not None]
        con.execute("DROP TABLE held")
    return max(newest, default=None)


def _hold(con: duckdb.DuckDBPyConnection, contract: Contract, part: Part, item: str) -> None:
    """Keep what is needed of one part as `held`, in memory only."""
    ids = [name for name in (PERSON, MERGED_INTO) if name in part.columns]
    words = [name for name, c in contract.read.items() if c.scrub_as and name in part.columns]
    dates = [name for name in [contract.watermark] if name is not None and name in part.columns]
    source = cleaned_sql([*ids, *dates, *words], item, thorough=True)
    source = f"SELECT * REPLACE ({each([*ids, *dates], half_width_sql)}) FROM ({source})"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE held AS"
        f" SELECT * REPLACE ({each(ids, normal_id_sql)}) FROM ({source})"
    )


def _collect(con: duckdb.DuckDBPyConnection, contract: Contract, part: Part) -> None:
    for name in (PERSON, MERGED_INTO):
        if name in part.columns:
            con.execute(
                f"INSERT INTO plain_id SELECT DISTINCT {hmac_sql(name)}, {name} FROM held"
                f" WHERE {name} IS NOT NULL"
            )
    for name, column in contract.read.items():
        if column.scrub_as and name in part.columns:
            con.execute(
                f"INSERT INTO said SELECT DISTINCT {hmac_sql(PERSON)}, ?, {name} FROM held"
                f" WHERE length({name}) >= ? AND {PERSON} IS NOT NULL",
                [column.scrub_as, _SHORTEST[column.scrub_as]],
            )


def gather_words(con: duckdb.DuckDBPyConnection) -> None:
    """Bring every person's words together under the root, longest first."""
    con.execute(
        "INSERT INTO own_words SELECT root_empi,"
        + ", ".join(
            "list(DISTINCT word ORDER BY length(word) DESC, word)"
            f" FILTER (kind = '{kind}') AS own_{plural}"
            for kind, plural in (("name", "names"), ("phone", "phones"), ("address", "addresses"))
        )
        + " FROM (SELECT coalesce(r.root_empi, s.id_hmac) AS root_empi, s.kind, unnest("
        # A name of two characters is often written with a gap to fill the line.
        "CASE WHEN s.kind = 'name' AND length(s.word) = 2 THEN [s.word,"
        " s.word[1] || ' ' || s.word[2], s.word[1] || '\u3000' || s.word[2],"
        " s.word[1] || '  ' || s.word[2]] ELSE [s.word] END) AS word"
        " FROM said AS s LEFT JOIN root AS r ON r.id = s.id_hmac"
        # A mobile number is told by its form, whosever it is.
        " WHERE NOT (s.kind = 'phone' AND regexp_full_match(s.word, '1[3-9][0-9]{9}')))"
        " GROUP BY root_empi"
    )
    con.execute(
        "INSERT INTO whose SELECT CASE id_kind WHEN 'empi' THEN ? ELSE ? END, id_hmac,"
        " min(root_empi) FROM identity WHERE id_kind <> 'bah' GROUP BY ALL",
        [PERSON, HOSPITAL_ID],
    )


def link_visits(
    con: duckdb.DuckDBPyConnection, settings: Settings, contracts: Contracts, ledger: Ledger
) -> None:
    """Say whose every visit is, so that a text of the visit can be scrubbed."""
    landed = ledger.tables.get(VISIT)
    if landed is None:
        return
    key = contracts[VISIT].key[0]
    visits = table_sql(settings, contracts[VISIT], landed)
    con.execute(
        f"INSERT INTO whose SELECT ?, v.{key}, min(coalesce(e.root_empi, h.root_empi))"
        f" FROM ({visits}) AS v"
        f" LEFT JOIN whose AS e ON e.link = ? AND e.id_hmac = v.{PERSON}"
        f" LEFT JOIN whose AS h ON h.link = ? AND h.id_hmac = v.{HOSPITAL_ID}"
        f" WHERE v.{key} IS NOT NULL GROUP BY v.{key}",
        [key, PERSON, HOSPITAL_ID],
    )


def link_of(contract: Contract, contracts: Contracts) -> str | None:
    """The column that says whose row it is: the visit, else the person."""
    links = (contracts[VISIT].key[0], PERSON, HOSPITAL_ID)
    return next((name for name in links if name in contract.kept), None)


def nameless_notice(con: duckdb.DuckDBPyConnection) -> list[str]:
    """A notice where patients' names are not at hand, so that only their form tells them."""
    row = con.execute(
        "SELECT count(DISTINCT root_empi) FROM whose ANTI JOIN"
        " (SELECT root_empi FROM own_words WHERE own_names IS NOT NULL) USING (root_empi)"
    ).fetchone()
    if not row or not row[0]:
        return []
    return [
        f"free text: the names of {row[0]:,} patients are not in this delivery: hand over the"
        " whole master index with every increment"
    ]
