"""Who is who: the master index resolved to persons, and the words their texts may not show.

A person has several hospital ids, and the index merges entries in chains. Patients are never
linked by a name.
"""

from collections.abc import Sequence

import duckdb

from etl.settings import Settings
from etl.source.contracts import Contract, Contracts
from etl.source.csv_part import literal_path
from etl.source.database import Part
from etl.source.ledger import Ledger
from etl.source.normalise import clean_sql
from etl.source.pseudonym import hmac_sql, normal_id_sql
from etl.source.raw import table_sql
from etl.source.versions import count

INDEX, VISIT = "HZ_ZSY", "JZ_JZJL"
PERSON, HOSPITAL_ID, RECORD_NO, MERGED_INTO, MERGED = "EMPI_ID", "HZID", "BAH", "HBDZ", "HBZT"
CYCLE = "merge cycle"


def create_word_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Empty tables for what `collect_words` and `link_visits` find."""
    con.execute("CREATE TEMP TABLE plain_id (id_hmac VARCHAR, plain VARCHAR)")
    con.execute("CREATE TEMP TABLE said (id_hmac VARCHAR, kind VARCHAR, word VARCHAR)")
    con.execute(
        "CREATE TEMP TABLE own_words (root_empi VARCHAR, own_names VARCHAR[],"
        " own_phones VARCHAR[], own_addresses VARCHAR[])"
    )
    con.execute("CREATE TEMP TABLE whose (link VARCHAR, id_hmac VARCHAR, root_empi VARCHAR)")


def collect_words(
    con: duckdb.DuckDBPyConnection, contract: Contract, part: Part, item: str
) -> None:
    """Read names, phones and addresses off one part of the master index, in memory only."""
    for column in (PERSON, MERGED_INTO):
        if column in part.columns:
            plain = normal_id_sql(column)
            con.execute(
                f"INSERT INTO plain_id SELECT DISTINCT {hmac_sql('plain')}, plain FROM ("
                f"SELECT {plain} AS plain FROM (SELECT {clean_sql(column, thorough=True)}"
                f" AS {column} FROM {item})) WHERE plain IS NOT NULL"
            )
    for name, column in contract.read.items():
        if column.scrub_as and name in part.columns:
            con.execute(
                f"INSERT INTO said SELECT DISTINCT {hmac_sql(normal_id_sql(PERSON))}, ?, word"
                f" FROM (SELECT {clean_sql(PERSON, thorough=True)} AS {PERSON},"
                f" {clean_sql(name, thorough=True)} AS word FROM {item})"
                f" WHERE length(word) >= ? AND {PERSON} IS NOT NULL",
                [column.scrub_as, {"name": 2, "phone": 7, "address": 5}[column.scrub_as]],
            )


def resolve_persons(
    con: duckdb.DuckDBPyConnection, settings: Settings, contracts: Contracts, ledger: Ledger
) -> None:
    """Write the identity of every hospital id on record, and new person ids for new roots."""
    index = table_sql(settings, contracts[INDEX], ledger.tables[INDEX])
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE indexed AS SELECT DISTINCT {PERSON}, {HOSPITAL_ID},"
        f" {RECORD_NO}, {MERGED_INTO}, {MERGED}, {contracts[INDEX].watermark or 'NULL'} AS updated"
        f" FROM ({index}) WHERE fate <> 'superseded' AND {PERSON} IS NOT NULL"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE merged AS SELECT {PERSON} AS id, arg_max({MERGED_INTO},"
        f" (source_timestamp(updated), {MERGED_INTO})) AS target FROM indexed"
        f" WHERE {MERGED_INTO} <> {PERSON} AND coalesce({MERGED}, '1') <> '0' GROUP BY 1"
    )
    roots, cyclic = follow_merges(dict(con.execute("SELECT id, target FROM merged").fetchall()))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE root (id VARCHAR, root_empi VARCHAR, merge_error VARCHAR)"
    )
    if roots:
        con.execute(
            "INSERT INTO root SELECT unnest(?), unnest(?), unnest(?)",
            [
                list(roots),
                list(roots.values()),
                [CYCLE if identifier in cyclic else None for identifier in roots],
            ],
        )
    _number_persons(con, settings, ledger)
    name = f"identity/load_{ledger.loads:04d}.parquet"
    kinds = " UNION ALL ".join(
        f"SELECT {column} AS id_hmac, '{kind}' AS id_kind, {PERSON} AS id FROM indexed"
        for column, kind in ((PERSON, "empi"), (HOSPITAL_ID, "hzid"), (RECORD_NO, "bah"))
    )
    # A merge target that the index itself does not list is an id of the person all the same.
    kinds += " UNION ALL SELECT target, 'empi', target FROM merged"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE identity AS SELECT DISTINCT k.id_hmac, k.id_kind,"
        " coalesce(r.root_empi, k.id) AS root_empi, p.person_id, r.merge_error"
        f" FROM ({kinds}) AS k LEFT JOIN root AS r ON r.id = k.id"
        " LEFT JOIN person_no AS p ON p.key = CAST(coalesce(r.root_empi, k.id) AS UUID)"
        " WHERE k.id_hmac IS NOT NULL"
    )
    write(con, settings, name, "SELECT * FROM identity ORDER BY id_kind, id_hmac, root_empi")
    ledger.identity_path = name


def follow_merges(target: dict[str, str]) -> tuple[dict[str, str], set[str]]:
    """The root of every merged entry, and which entries run into a circle.

    A circle has no root: its smallest member stands for it.
    """
    roots: dict[str, str] = {}
    cyclic: set[str] = set()
    for start in target:
        path: list[str] = []
        here = start
        on_path: set[str] = set()
        while here in target and here not in roots and here not in on_path:
            path.append(here)
            on_path.add(here)
            here = target[here]
        if here in on_path:
            circle = path[path.index(here) :]
            root = min(circle)
            cyclic |= on_path
        else:
            root = roots.get(here, here)
            if here in cyclic:
                cyclic |= on_path
        for entry in path:
            roots[entry] = root
    return roots, cyclic


def _number_persons(con: duckdb.DuckDBPyConnection, settings: Settings, ledger: Ledger) -> None:
    """Give every root a small integer, new ones in the order of their plain index number."""
    con.execute("CREATE OR REPLACE TEMP TABLE person_no (key UUID, person_id INTEGER)")
    if ledger.person_paths:
        files = ", ".join(literal_path(settings.landing / path) for path in ledger.person_paths)
        con.execute(f"INSERT INTO person_no SELECT key, person_id FROM read_parquet([{files}])")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE new_person AS"
        " SELECT key, CAST(? - 1 + row_number() OVER (ORDER BY plain NULLS LAST, key) AS INTEGER)"
        " AS person_id FROM (SELECT CAST(id AS UUID) AS key, min(plain) AS plain"
        f" FROM (SELECT coalesce(r.root_empi, i.{PERSON}) AS id FROM indexed AS i"
        f" LEFT JOIN root AS r ON r.id = i.{PERSON})"
        " LEFT JOIN plain_id ON plain_id.id_hmac = id GROUP BY id)"
        " ANTI JOIN person_no USING (key)",
        [ledger.next_person_id],
    )
    found = count(con, "SELECT count(*) FROM new_person")
    if found:
        name = f"keys/person/load_{ledger.loads:04d}.parquet"
        write(con, settings, name, "SELECT * FROM new_person ORDER BY person_id")
        con.execute("INSERT INTO person_no SELECT * FROM new_person")
        ledger.person_paths.append(name)
        ledger.next_person_id += found


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
        " FROM said AS s LEFT JOIN root AS r ON r.id = s.id_hmac) GROUP BY root_empi"
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
    links: Sequence[str] = (contracts[VISIT].key[0], PERSON, HOSPITAL_ID)
    return next((name for name in links if name in contract.kept), None)


def write(con: duckdb.DuckDBPyConnection, settings: Settings, name: str, select: str) -> None:
    """Write one Parquet file of the landing zone."""
    path = settings.landing / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    quoted = str(path.absolute()).replace("'", "''")
    con.execute(f"COPY ({select}) TO '{quoted}' (FORMAT parquet, COMPRESSION lz4_raw)")
