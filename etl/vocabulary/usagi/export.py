"""What wants a concept, in the form that Usagi imports: code, English name, frequency.

Usagi searches in English. The gloss is the concept of another line of the same Chinese name, else
the words of `mappings/vocabulary/gloss.csv`; without either the Chinese name stands.
"""

import csv
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TextIO

import duckdb

from etl.engine.duckdb import open_table, parquet
from etl.vocabulary.maps.map_file import MapLine
from etl.vocabulary.tables import csv_rows

HEADER = [
    "source_code",
    "source_name",
    "source_frequency",
    "source_name_zh",
    "source_vocabulary",
    "patients",
    "current_concept_id",
    "current_concept_name",
]


@dataclass(frozen=True)
class UsagiSource:
    """One code for Usagi; `source_code` holds the map's name too, so that it finds its way back."""

    source_code: str
    source_name: str
    source_frequency: int
    source_name_zh: str
    source_vocabulary: str
    patients: int
    current_concept_id: int
    current_concept_name: str


def usagi_sources(con: duckdb.DuckDBPyConnection, lake: Path, mappings: Path) -> list[UsagiSource]:
    """The codes that nobody has mapped, and those on a local concept, most rows first.

    Decided codes (`no_match`) are left out, and quarantined ones: their code is not to be mapped.
    """
    for table in ("stem.event", "vocabulary.code_map"):
        open_table(con, lake, table)
    names = []
    for table, code, name in (
        ("stage.coded_diagnosis", "code", "name_text"),
        ("stage.operation", "normal_code(code_text)", "name_text"),
    ):
        if parquet(lake, table).exists():
            open_table(con, lake, table)
            names.append(f"SELECT {code} AS code, {name} AS name FROM {table}")
    found = con.execute(
        _WANTED.format(names=" UNION ALL ".join(names) or "SELECT NULL AS code, NULL AS name")
    ).fetchall()
    words = con.execute(
        f"SELECT word_zh, word_en FROM {csv_rows(mappings / 'vocabulary' / 'gloss.csv')}"
    ).fetchall()
    gloss = dict(words)
    return [
        UsagiSource(
            f"{vocabulary}:{code}",
            same_name or in_english(name, gloss) or name,
            rows,
            name,
            vocabulary,
            patients,
            concept_id,
            concept_name,
        )
        for vocabulary, code, name, same_name, rows, patients, concept_id, concept_name in found
    ]


def in_english(name: str, gloss: dict[str, str]) -> str:
    """The English words of a Chinese name, the longest word first at each place; '' for none."""
    longest = max(map(len, gloss), default=0)
    found = []
    place = 0
    while place < len(name):
        for length in range(min(longest, len(name) - place), 0, -1):
            word = name[place : place + length]
            if word in gloss:
                found.append(gloss[word])
                place += length
                break
        else:
            place += 1
    return " ".join(found)


def write_usagi(sources: list[UsagiSource], out: TextIO) -> None:
    """Write the list as CSV with a header."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(astuple(source) for source in sources)


_WANTED = f"""
WITH wanted AS (
    SELECT
        vocabulary,
        coalesce(code, normal_code(source_value)) AS code,
        min(source_value)                         AS source_value,
        max(concept_id)                           AS concept_id,
        count(*)                                  AS counted,
        count(DISTINCT person_id)                 AS patients
    FROM stem.event
    WHERE
        not_carried_reason IS NULL
        AND vocabulary IS NOT NULL
        AND (concept_id = 0 OR concept_id >= {MapLine.FIRST_LOCAL})
        AND NOT (vocabulary = 'npc_icd10' AND code IS NULL)
    GROUP BY ALL
),

known AS (
    SELECT
        source_vocabulary_id, source_code, min(source_name) AS name,
        min(status) AS status, max(concept_name) AS concept_name
    FROM vocabulary.code_map
    GROUP BY source_vocabulary_id, source_code
),

written AS (
    SELECT code, arg_max(name, counted) AS name
    FROM (SELECT code, name, count(*) AS counted FROM ({{names}}) GROUP BY code, name)
    GROUP BY code
),

named AS (
    SELECT
        wanted.*,
        coalesce(known.name, written.name, wanted.source_value, wanted.code) AS name,
        CASE WHEN wanted.concept_id <> 0 THEN known.concept_name END         AS concept_name
    FROM wanted
    LEFT JOIN known
        ON known.source_vocabulary_id = wanted.vocabulary AND known.source_code = wanted.code
    LEFT JOIN written ON written.code = wanted.code
    WHERE coalesce(known.status, '') <> 'no_match'
),

same_name AS (
    SELECT source_name AS name, min(concept_name) AS concept_name
    FROM vocabulary.code_map
    WHERE concept_id <> 0
    GROUP BY source_name
)

SELECT
    named.vocabulary, named.code, named.name, same_name.concept_name,
    named.counted, named.patients, named.concept_id, coalesce(named.concept_name, '')
FROM named
LEFT JOIN same_name ON same_name.name = named.name
ORDER BY named.counted DESC, named.vocabulary, named.code
"""
