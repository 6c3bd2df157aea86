"""An invented Athena download of any size: nine tab-separated files, as the site gives them.

The concepts of the starter vocabulary are in it under their own ids, codes and names, so that the
maps resolve; all others are invented, and say so in their names. Nothing is drawn by lot: the same
size gives the same bytes.
"""

from pathlib import Path

import duckdb

from etl.errors import UsageError
from etl.vocabulary.tables import csv_rows, quoted
from etl.warehouse import spec

VERSION = "v5.0 INVENTED"
FULL_SIZE = 7_000_000
"""Concepts of a download with everything that docs/data-engineer.md names, and then some."""

FEWEST = 2_000

# Ids of invented concepts begin here; those of invented vocabularies and the like just below.
FIRST = 100_000_000
ENGLISH = FIRST - 1
# Spreads the ids over the file as in a real one: neighbours in the file are none by id.
STRIDE = 7_368_787

RELATIONSHIPS_PER_CONCEPT = 40 / 7
LEVELS = 20
"""Of the invented hierarchy, a binary tree: about ten ancestor rows a concept at full size."""

VOCABULARIES = ("ICD10", "ICD10CN", "ICD9ProcCN", "NCCD", "NDC", "ATC", "HemOnc")
CLASSES = ("Clinical Drug", "Code", "Ingredient")
RELATIONSHIPS = (
    ("Concept replaced by", "Concept replaces"),
    ("Concept replaces", "Concept replaced by"),
    ("RxNorm has ing", "RxNorm ing of"),
    ("RxNorm ing of", "RxNorm has ing"),
)

NAMED = " UNION ALL ".join(
    f"SELECT {FIRST - 1000 + number} AS concept_id, '{name}' AS name, '{kind}' AS kind"
    for number, (name, kind) in enumerate(
        [(v, "Vocabulary") for v in VOCABULARIES]
        + [(c, "Concept Class") for c in CLASSES]
        + [(r, "Relationship") for r, _ in RELATIONSHIPS]
    )
)

CONCEPT = """
    SELECT
        id(i) AS concept_id,
        concat(
            'Invented ', ['disorder of site ', 'solution of substance ', 'finding '][1 + i % 3], i,
            CASE
                WHEN i % 5 = 0 THEN ' 12.5 MG/ML Oral Solution [Invented Brand] Box of 10'
                WHEN i % 97 = 0 THEN ' with "quoted" words, 5%'
                ELSE ''
            END
        ) AS concept_name,
        CASE
            WHEN i % 10 < 6 THEN 'Drug'
            WHEN i % 10 < 8 THEN 'Condition'
            ELSE 'Measurement'
        END AS domain_id,
        CASE
            WHEN i % 2 = 0
                THEN ['RxNorm Extension', 'RxNorm', 'SNOMED', 'LOINC', 'ICDO3'][1 + i // 2 % 5]
            -- some ten thousand codes each of the vocabularies that a hospital uses, as in truth
            ELSE
                coalesce(
                    ['ICD10', 'ICD10CN', 'NCCD', 'ICD9ProcCN'][1 + i // 2 % 100], 'NDC'
                )
        END AS vocabulary_id,
        CASE
            WHEN i % 64 = 0 THEN 'Ingredient' WHEN i % 10 < 6 THEN 'Clinical Drug' ELSE 'Code'
        END AS concept_class_id,
        CASE WHEN i % 50 = 48 THEN 'C' WHEN i % 2 = 0 THEN 'S' END AS standard_concept,
        concat('X', i) AS concept_code,
        '19700101' AS valid_start_date,
        CASE WHEN i % 20 IN (17, 19) THEN '20200131' ELSE '20991231' END AS valid_end_date,
        CASE i % 20 WHEN 17 THEN 'D' WHEN 19 THEN 'U' END AS invalid_reason
    FROM range({invented}) AS t (i)
    UNION ALL
    SELECT
        concept_id, name, 'Metadata', kind, kind, NULL, 'OMOP generated', '19700101',
        '20991231', NULL
    FROM named
    UNION ALL
    SELECT
        {english}, 'English language', 'Language', 'SNOMED', 'Qualifier Value', 'S', 'X-en',
        '19700101', '20991231', NULL
"""

MAPPED = """
    SELECT id(i) AS one, id(CASE i % 2 WHEN 0 THEN i ELSE i - 1 END) AS two, 'Maps to' AS there,
        'Mapped from' AS back
    FROM range({invented}) AS t (i) WHERE i % 50 NOT IN (48, 49) AND i % 20 <> 17
    UNION ALL
    SELECT id(i), id((i // 2 + 1) // 2 * 2 - 2), 'Is a', 'Subsumes'
    FROM range({invented}) AS t (i) WHERE i % 2 = 0 AND i > 0
    UNION ALL
    SELECT id(i), id(i - 1), 'Concept replaced by', 'Concept replaces'
    FROM range({invented}) AS t (i) WHERE i % 20 = 19
    UNION ALL
    SELECT
        id(p % {invented}),
        id((p % {invented} + 1 + p % {invented} % 977 + p // {invented} * 1009) % {invented}),
        'RxNorm has ing', 'RxNorm ing of'
    FROM range({pairs}) AS t (p)
"""

RELATIONSHIP = """
    SELECT one AS concept_id_1, two AS concept_id_2, there AS relationship_id,
        '19700101' AS valid_start_date, '20991231' AS valid_end_date, NULL AS invalid_reason
    FROM ({mapped})
    UNION ALL
    SELECT two, one, back, '19700101', '20991231', NULL FROM ({mapped})
"""

ANCESTOR = """
    SELECT
        id(((rank >> level) - 1) * 2) AS ancestor_concept_id,
        id((rank - 1) * 2)            AS descendant_concept_id,
        level                         AS min_levels_of_separation,
        level                         AS max_levels_of_separation
    FROM range(1, ({invented} + 1) // 2 + 1) AS t (rank), range({levels}) AS u (level)
    WHERE rank >> level >= 1
"""

SYNONYM = """
    SELECT
        id(i) AS concept_id,
        CASE i % 5 WHEN 0 THEN concat('虚构概念 ', i) ELSE concat('Invented "synonym" ', i) END
            AS concept_synonym_name,
        {english} AS language_concept_id
    FROM range({invented}) AS t (i) WHERE i % 5 < 2
"""

STRENGTH = """
    SELECT
        id(i) AS drug_concept_id, id(i // 64 * 64) AS ingredient_concept_id,
        CASE WHEN i % 4 = 0 THEN i % 500 / 10 END AS amount_value,
        CASE WHEN i % 4 = 0 THEN 8576 END AS amount_unit_concept_id,
        CASE WHEN i % 4 = 2 THEN 12.5 END AS numerator_value,
        CASE WHEN i % 4 = 2 THEN 8576 END AS numerator_unit_concept_id,
        NULL AS denominator_value,
        CASE WHEN i % 4 = 2 THEN 8587 END AS denominator_unit_concept_id,
        CASE WHEN i % 8 = 0 THEN 10 END AS box_size,
        '19700101' AS valid_start_date, '20991231' AS valid_end_date, NULL AS invalid_reason
    FROM range({invented}) AS t (i) WHERE i % 10 IN (0, 2, 4)
"""

INVENTED = {
    "concept": CONCEPT,
    "concept_relationship": RELATIONSHIP,
    "concept_ancestor": ANCESTOR,
    "concept_synonym": SYNONYM,
    "drug_strength": STRENGTH,
    "vocabulary": "SELECT name AS vocabulary_id, concat(name, ' (invented)') AS vocabulary_name,"
    " NULL AS vocabulary_reference, NULL AS vocabulary_version, concept_id AS vocabulary_concept_id"
    " FROM named WHERE kind = 'Vocabulary'",
    "domain": "SELECT NULL AS domain_id, NULL AS domain_name, NULL AS domain_concept_id"
    " WHERE false",
    "concept_class": "SELECT name AS concept_class_id, name AS concept_class_name,"
    " concept_id AS concept_class_concept_id FROM named WHERE kind = 'Concept Class'",
    "relationship": "SELECT name AS relationship_id, name AS relationship_name,"
    " 0 AS is_hierarchical, 0 AS defines_ancestry, reverse AS reverse_relationship_id,"
    " concept_id AS relationship_concept_id FROM named JOIN reverse_of USING (name)"
    " WHERE kind = 'Relationship'",
}


def write_bundle(out: Path, mappings: Path, concepts: int, threads: int = 2) -> dict[str, int]:
    """Write the nine files of an invented download to a new or empty folder; give their rows.

    `concepts` counts about what CONCEPT.csv holds, 7 million for a real size; then there are 40
    million relationships and 70 million ancestor rows, 5 GB together. Raises UsageError when the
    folder is in use or the number too small.
    """
    if concepts < FEWEST:
        raise UsageError(f"--concepts {concepts}: give at least {FEWEST}")
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out}: is not empty: name a new folder")
    out.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": "1GB",
            "temp_directory": str(out / ".tmp"),
            "preserve_insertion_order": False,
        }
    )
    with con:
        starter = _open_starter(con, mappings / "vocabulary")
        invented = concepts - starter["concept"]
        con.execute(
            f"CREATE MACRO id(i) AS CAST({FIRST} + CAST(i AS BIGINT) * {STRIDE} % {invented}"
            " AS INTEGER)"
        )
        con.execute(f"CREATE TABLE named AS {NAMED}")
        con.execute("CREATE TABLE reverse_of (name VARCHAR, reverse VARCHAR)")
        con.executemany("INSERT INTO reverse_of VALUES (?, ?)", list(RELATIONSHIPS))
        fixed = invented * 1.46  # pairs of MAPPED without the last kind
        pairs = max(0, int(invented * RELATIONSHIPS_PER_CONCEPT / 2 - fixed))
        sizes = {"invented": invented, "english": ENGLISH, "levels": LEVELS, "pairs": pairs}
        mapped = MAPPED.format(**sizes)
        return {
            table: _write(con, out, table, INVENTED[table].format(mapped=mapped, **sizes))
            for table in spec.VOCABULARY_TABLES
        }


def _open_starter(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """Make the starter's tables readable as Athena writes them, without the local concepts."""
    rows = {}
    for table in spec.VOCABULARY_TABLES:
        selected = []
        local = []
        for column in spec.columns(table):
            if column.duckdb_type == "DATE":
                selected.append(f"replace({column.name}, '-', '') AS {column.name}")
            else:
                selected.append(column.name)
            if "concept_id" in column.name:
                local.append(f"coalesce(CAST({column.name} AS BIGINT), 0) >= 2000000000")
        con.execute(
            f"CREATE TABLE starter_{table} AS SELECT {', '.join(selected)}"
            f" FROM {csv_rows(folder / f'{table}.csv')} WHERE NOT ({' OR '.join(local)})"
        )
        (rows[table],) = con.execute(f"SELECT count(*) FROM starter_{table}").fetchone() or (0,)
    con.execute(
        f"UPDATE starter_vocabulary SET vocabulary_version = '{VERSION}'"
        " WHERE vocabulary_id = 'None'"
    )
    return rows


def _write(con: duckdb.DuckDBPyConnection, out: Path, table: str, invented: str) -> int:
    listed = ", ".join(column.name for column in spec.columns(table))
    key, starter = f"{table}_id", f"starter_{table}"
    if table != "concept" and key in listed.split(", "):
        invented = f"SELECT * FROM ({invented}) WHERE {key} NOT IN (SELECT {key} FROM {starter})"
    row = con.execute(
        f"COPY (SELECT {listed} FROM {starter} UNION ALL SELECT {listed} FROM ({invented}))"
        f" TO {quoted(out / f'{table.upper()}.csv')}"
        " (FORMAT csv, HEADER, DELIMITER '\t', QUOTE '', ESCAPE '')"
    ).fetchone()
    return int(row[0]) if row else 0
