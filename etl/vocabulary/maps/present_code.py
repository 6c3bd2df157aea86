"""The codes that the hospital has ever written: of the vocabulary's own maps only these are needed.

A vocabulary knows hundreds of thousands of codes, a hospital writes some thousands.
"""

import duckdb

# Where the codes of a source vocabulary are written: raw table and columns.
WRITTEN: dict[str, dict[str, list[str]]] = {
    "npc_icd10": {
        "ZD_ZDJL": ["ZDBM"],
        "BA_SY": ["JBDM", *(f"JBDM{place}" for place in range(1, 16))],
    },
    "npc_icd9cm3": {
        "SS_MZ": ["SSBM"],
        "BA_SY": [f"SSJCZBM{place}" for place in range(1, 8)],
    },
    "npc_drug": {"YZ_YZJL": ["YZMC"]},
}
SHORTEST, LONGEST = 2, 40


def fill_present_codes(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Create the temporary table `present_code` (source_vocabulary_id, source_code).

    Holds every beginning of every code that the open `raw` tables hold, because codes are found by
    prefix; both halves of a combined code. Gives the source vocabularies that it knows: where no
    hospital is landed it is empty, and nothing is to be left out.
    """
    con.execute(
        "CREATE OR REPLACE TEMP TABLE present_code"
        " (source_vocabulary_id VARCHAR, source_code VARCHAR)"
    )
    landed = {
        name
        for (name,) in con.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'raw'"
        ).fetchall()
    }
    known = []
    for source_vocabulary, tables in WRITTEN.items():
        if not tables.keys() <= landed:
            continue
        written = " UNION ".join(
            f"SELECT DISTINCT {column} AS code FROM raw.{table}"
            for table, columns in tables.items()
            for column in columns
        )
        con.execute(
            f"""
            INSERT INTO present_code
            SELECT DISTINCT '{source_vocabulary}', left(part.code, size.characters)
            FROM (
                SELECT DISTINCT unnest(string_split(normal_code(code), '+')) AS code
                FROM ({written})
            ) AS part
            INNER JOIN range({SHORTEST}, {LONGEST + 1}) AS size (characters)
                ON size.characters <= length(part.code)
            """
        )
        known.append(source_vocabulary)
    return known
