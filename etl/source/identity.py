"""Who is who: every hospital id on record resolved to a person.

A person has several hospital ids, and the index merges entries in chains. Patients are never
linked by a name.
"""

import duckdb

from etl.settings import Settings
from etl.source.contracts import Contracts
from etl.source.ledger import Ledger, TableLedger
from etl.source.raw import table_sql
from etl.source.store import read_sql, write
from etl.source.versions import count

INDEX, VISIT = "HZ_ZSY", "JZ_JZJL"
PERSON, HOSPITAL_ID, RECORD_NO, MERGED_INTO, MERGED = "EMPI_ID", "HZID", "BAH", "HBDZ", "HBZT"
CYCLE = "merge cycle"


def resolve_persons(
    con: duckdb.DuckDBPyConnection, settings: Settings, contracts: Contracts, ledger: Ledger
) -> None:
    """Write the identity of every hospital id on record, and new person ids for new roots."""
    index = table_sql(settings, contracts[INDEX], ledger.tables.get(INDEX, TableLedger()))
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
        files = read_sql(settings, ledger.person_paths)
        con.execute(f"INSERT INTO person_no SELECT key, person_id FROM {files}")
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
