"""One patient's rows in the published warehouse: the study's, the texts behind them, the course."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from etl.errors import WarehouseError

if TYPE_CHECKING:
    import psycopg

Row = Mapping[str, Any]
Reference = tuple[str, int]
"""A CDM row: its table and its id."""


class Chart(Protocol):
    """What is asked of a warehouse to explain a patient."""

    def study(self, table: str, person_id: int) -> list[Row]:
        """The rows of a study's table for one person."""

    def texts(self, rows: Iterable[Reference]) -> dict[Reference, Row]:
        """The note and the place in it that CDM rows were read from; rows not from text are absent.

        Each has note_id, note_title, note_on, span_start, span_end (characters from 0, the end
        excluded) and said.
        """

    def course(self, person_id: int) -> list[Row]:
        """What happened, in order of time: started_on, ended_on, told_on, what, said."""

    def is_person(self, person_id: int) -> bool:
        """Whether the CDM has this person."""


@dataclass(frozen=True)
class PublishedChart:
    """A chart of the published warehouse, all of it of one moment."""

    con: "psycopg.Connection[dict[str, Any]]"

    def study(self, table: str, person_id: int) -> list[Row]:
        """The rows of a study's table for one person."""
        from psycopg import sql

        query = sql.SQL("SELECT * FROM study.{} WHERE person_id = %s").format(sql.Identifier(table))
        return list(self.con.execute(query, [person_id]))

    def texts(self, rows: Iterable[Reference]) -> dict[Reference, Row]:
        """The notes behind CDM rows: those of note_nlp itself, and of the rows made of text."""
        wanted = list(rows)
        tables, ids = [table for table, _ in wanted], [row_id for _, row_id in wanted]
        found = self.con.execute(_TEXTS, {"tables": tables, "ids": ids})
        return {(row["cdm_table"], row["cdm_id"]): row for row in found}

    def course(self, person_id: int) -> list[Row]:
        """What happened, in order of time."""
        return list(self.con.execute(_COURSE, {"person": person_id}))

    def is_person(self, person_id: int) -> bool:
        """Whether the CDM has this person."""
        query = "SELECT 1 AS there FROM cdm.person WHERE person_id = %s"
        return self.con.execute(query, [person_id]).fetchone() is not None


@contextmanager
def published_chart(con_url: str) -> Iterator[Chart]:
    """Open the published warehouse; WarehouseError where the study is not in it."""
    import psycopg
    from psycopg.rows import dict_row

    try:
        with psycopg.connect(con_url, row_factory=dict_row) as con:
            con.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            con.read_only = True
            yield PublishedChart(con)
    except psycopg.errors.UndefinedTable:
        raise WarehouseError(
            "the study's tables are not in the warehouse: run `npc-omop run` or `npc-omop cohort`"
        ) from None
    except psycopg.Error as error:
        raise WarehouseError(
            f"the study cannot be read ({type(error).__name__}): check the warehouse"
        ) from None


# A row that was read from a text has its note's id but for the ordinal, and the fact's words.
_TEXTS = """
WITH wanted AS (
    SELECT asked.cdm_table, asked.cdm_id
    FROM unnest(%(tables)s::text[], %(ids)s::bigint[]) AS asked(cdm_table, cdm_id)
),

told AS (
    SELECT wanted.cdm_table, wanted.cdm_id, fact.note_nlp_id
    FROM wanted
    INNER JOIN cdm.note_nlp AS fact ON fact.note_nlp_id = wanted.cdm_id
    WHERE wanted.cdm_table = 'note_nlp'

    UNION ALL

    SELECT made.cdm_table, made.cdm_id, min(fact.note_nlp_id) AS note_nlp_id
    FROM (
        SELECT wanted.cdm_table, wanted.cdm_id, measurement_source_value AS said
        FROM wanted
        INNER JOIN cdm.measurement ON measurement_id = wanted.cdm_id
        WHERE wanted.cdm_table = 'measurement'
            AND measurement_type_concept_id IN (32835, 32841, 32858)
        UNION ALL
        SELECT wanted.cdm_table, wanted.cdm_id, observation_source_value
        FROM wanted
        INNER JOIN cdm.observation ON observation_id = wanted.cdm_id
        WHERE wanted.cdm_table = 'observation'
            AND observation_type_concept_id IN (32835, 32841, 32858)
        UNION ALL
        SELECT wanted.cdm_table, wanted.cdm_id, condition_source_value
        FROM wanted
        INNER JOIN cdm.condition_occurrence ON condition_occurrence_id = wanted.cdm_id
        WHERE wanted.cdm_table = 'condition_occurrence'
            AND condition_type_concept_id IN (32835, 32841, 32858)
    ) AS made
    INNER JOIN cdm.note_nlp AS fact
        ON fact.note_id = made.cdm_id - made.cdm_id %% 1000 + 500 AND fact.snippet = made.said
    GROUP BY made.cdm_table, made.cdm_id
)

SELECT
    told.cdm_table,
    told.cdm_id,
    note.note_id,
    coalesce(note.note_title, note.note_source_value) AS note_title,
    note.note_date AS note_on,
    CAST(fact."offset" AS INTEGER) AS span_start,
    CAST(fact."offset" AS INTEGER) + length(fact.snippet) AS span_end,
    fact.snippet AS said
FROM told
INNER JOIN cdm.note_nlp AS fact ON fact.note_nlp_id = told.note_nlp_id
INNER JOIN cdm.note AS note ON note.note_id = fact.note_id

UNION ALL

SELECT
    wanted.cdm_table, wanted.cdm_id, note.note_id,
    coalesce(note.note_title, note.note_source_value), note.note_date,
    CAST(NULL AS INTEGER), CAST(NULL AS INTEGER), CAST(NULL AS TEXT)
FROM wanted
INNER JOIN cdm.note AS note ON note.note_id = wanted.cdm_id
WHERE wanted.cdm_table = 'note'
"""

_COURSE = """
SELECT
    episode.episode_start_date AS started_on,
    episode.episode_end_date AS ended_on,
    CAST(NULL AS TEXT) AS told_on,
    CASE episode.episode_concept_id
        WHEN 32533 THEN 'diagnosis'
        WHEN 32531 THEN 'line ' || episode.episode_number
        WHEN 32940 THEN 'radiotherapy'
        WHEN 32939 THEN 'surgery'
        WHEN 32944 THEN 'metastatic'
        WHEN 32949 THEN 'progression'
        ELSE 'response'
    END AS what,
    concat_ws(
        ', ',
        CASE
            WHEN episode.episode_concept_id = 32531 OR coalesce(object.concept_id, 0) = 0
                THEN episode.episode_source_value
            ELSE object.concept_name
        END,
        site.value_as_string,
        CAST(round(CAST(dose.gy AS NUMERIC), 1) AS TEXT) || ' Gy'
    ) AS said
FROM cdm.episode AS episode
LEFT JOIN cdm.concept AS object ON object.concept_id = episode.episode_object_concept_id
LEFT JOIN (
    -- Radiotherapy target site, of the episode
    SELECT observation_event_id AS episode_id, min(value_as_string) AS value_as_string
    FROM cdm.observation
    WHERE person_id = %(person)s AND observation_concept_id = 2000000039
        AND obs_event_field_concept_id = 756290
    GROUP BY observation_event_id
) AS site ON site.episode_id = episode.episode_id
LEFT JOIN (
    -- Radiotherapy total delivered dose, of the episode
    SELECT measurement_event_id AS episode_id, max(value_as_number) AS gy
    FROM cdm.measurement
    WHERE person_id = %(person)s AND measurement_concept_id = 2000000036
        AND meas_event_field_concept_id = 756290
    GROUP BY measurement_event_id
) AS dose ON dose.episode_id = episode.episode_id
WHERE episode.person_id = %(person)s AND episode.episode_concept_id <> 32532  -- cycles are many

UNION ALL

SELECT
    min(found.measurement_date), NULL, NULL, 'metastasis', concept.concept_name
FROM cdm.measurement AS found
INNER JOIN cdm.concept AS concept ON concept.concept_id = found.measurement_concept_id
WHERE
    found.person_id = %(person)s
    AND found.measurement_concept_id IN (
        SELECT concept_id FROM vocabulary.codelist
        WHERE codelist IN ('distant_metastasis', 'thoracic_metastasis')
    )
    AND coalesce(found.value_as_concept_id, 4181412) IN (0, 4181412)  -- Present
GROUP BY concept.concept_name

UNION ALL

SELECT
    min(told.observation_date), NULL, told.value_as_string, 'told', concept.concept_name
FROM cdm.observation AS told
INNER JOIN cdm.concept AS concept ON concept.concept_id = told.observation_concept_id
WHERE
    told.person_id = %(person)s
    -- progression; recurrence, local and regional; radiotherapy, chemotherapy, checkpoint inhibitor
    AND told.observation_concept_id IN (
        1617595, 2000000041, 2000000042, 2000000391, 2000000044, 2000000045, 2000000046
    )
GROUP BY concept.concept_name, told.value_as_string

UNION ALL

SELECT
    death.death_date, NULL, NULL, 'death', cause.concept_name
FROM cdm.death AS death
LEFT JOIN cdm.concept AS cause
    ON cause.concept_id = death.cause_concept_id AND cause.concept_id <> 0
WHERE death.person_id = %(person)s

ORDER BY 1, 4, 5
"""
