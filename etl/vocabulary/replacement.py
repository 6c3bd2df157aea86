"""What takes the place of a concept that is no longer standard, as the vocabulary says it."""

import duckdb

MOST_HOPS = 5
"""Of "Concept replaced by": a concept replaced is sometimes replaced again."""


def find_replacements(
    con: duckdb.DuckDBPyConnection, concept: str, relationship: str, concept_ids: set[int]
) -> dict[int, list[tuple[int, str]]]:
    """Give the standard concepts, id and name, to use instead of each concept.

    "Maps to" decides; only where it says nothing, "Concept replaced by" is followed, and then that
    concept's "Maps to". A concept without a replacement is not in the answer. `concept` and
    `relationship` are the vocabulary's tables in SQL.
    """
    instead: dict[int, list[tuple[int, str]]] = {}
    asked = {concept_id: concept_id for concept_id in concept_ids}
    for _ in range(MOST_HOPS + 1):
        if not asked:
            break
        con.execute("CREATE OR REPLACE TEMP TABLE stale (asked INTEGER, concept_id INTEGER)")
        con.execute(
            "INSERT INTO stale SELECT unnest(?), unnest(?)", [list(asked), list(asked.values())]
        )
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE way_on AS
            SELECT stale.asked, maps.relationship_id, maps.concept_id_2 AS concept_id
            FROM {relationship} AS maps
            INNER JOIN stale ON stale.concept_id = maps.concept_id_1
            WHERE maps.relationship_id IN ('Maps to', 'Concept replaced by')
                AND maps.invalid_reason IS NULL
                AND maps.concept_id_2 <> stale.asked
        """)
        standard = con.execute(f"""
            SELECT way_on.asked, concept.concept_id, concept.concept_name
            FROM {concept} AS concept
            INNER JOIN way_on ON way_on.concept_id = concept.concept_id
            WHERE way_on.relationship_id = 'Maps to'
                AND concept.standard_concept = 'S' AND concept.invalid_reason IS NULL
            ORDER BY ALL
        """).fetchall()
        for start, concept_id, name in standard:
            instead.setdefault(start, []).append((concept_id, name))
        further = con.execute(
            "SELECT asked, min(concept_id) FROM way_on"
            " WHERE relationship_id = 'Concept replaced by' GROUP BY asked"
        ).fetchall()
        asked = {start: concept_id for start, concept_id in further if start not in instead}
    con.execute("DROP TABLE IF EXISTS stale; DROP TABLE IF EXISTS way_on")
    return instead
