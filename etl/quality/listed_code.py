"""The source codes that the study's codelists name: each of them must be mapped."""

from pathlib import Path

import duckdb

from etl.engine.duckdb import open_table


def listed_codes(con: duckdb.DuckDBPyConnection, lake: Path) -> list[tuple[str, str, str]]:
    """The source codes that the study's codelists name, and how each is mapped.

    Gives codelist, code, and the status of the longest line that it starts with.
    """
    open_table(con, lake, "vocabulary.codelist")
    open_table(con, lake, "vocabulary.code_map")
    return con.execute(_LISTED).fetchall()


_LISTED = """
WITH listed AS (
    SELECT DISTINCT
        codelist,
        code,
        -- Other lists name words of free text, which have no map.
        CASE
            WHEN regexp_matches(code, '^[A-Z][0-9]{2}') THEN 'npc_icd10'
            WHEN regexp_matches(code, '^[0-9]{2}[.]') THEN 'npc_icd9cm3'
        END AS source_vocabulary_id
    FROM vocabulary.codelist
    WHERE concept_id = 0 AND code IS NOT NULL
)

SELECT
    listed.codelist,
    listed.code,
    coalesce(
        arg_max(known.status, (length(known.source_code), known.concept_id <> 0)), 'unmapped'
    ) AS status
FROM listed
LEFT JOIN vocabulary.code_map AS known
    ON known.source_vocabulary_id = listed.source_vocabulary_id
    AND starts_with(listed.code, known.source_code)
WHERE listed.source_vocabulary_id IS NOT NULL
GROUP BY listed.codelist, listed.code
ORDER BY listed.codelist, listed.code
"""
