"""How much of what the hospital coded has a standard concept, and on whose word.

A row is one coded value of the CDM: an event's code, or a coded field beside it (a unit, a route,
a department). It counts once, as what its mapping is:

* approved, draft: a curated line's standard concept, reviewed or not;
* local: a concept of our own, which stands in until a vocabulary has one;
* vocabulary: the loaded vocabulary's own map, where nobody curated the code;
* no_match: somebody looked, and no concept fits: decided, but not mapped;
* unmapped: nobody has looked, or the name contradicts the code (quarantined).

Mapped is the sum of the first four. `by_prefix` counts the mapped rows whose code was found under
a shorter one.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import duckdb

from etl.engine.duckdb import open_table, parquet
from etl.quality.listed_code import listed_codes
from etl.vocabulary.maps.map_file import MapLine

EVENT_DOMAINS = ("Condition", "Drug", "Measurement", "Observation", "Procedure")
"""The domains that the study reads, and no others: its bar is higher."""

# Coded fields that are no events: table, source value, concept, map, domain.
FIELDS = (
    ("stem.event", "unit_text", "unit_concept_id", "npc_unit", "Unit"),
    ("stem.event", "route_text", "route_concept_id", "npc_route", "Route"),
    (
        "stem.event",
        "status_code",
        "status_concept_id",
        "npc_condition_status",
        "Condition Status",
    ),
    ("cdm.person", "gender_source_value", "gender_concept_id", "npc_sex", "Gender"),
    ("cdm.person", "race_source_value", "race_concept_id", "npc_ethnic", "Race"),
    ("cdm.visit_occurrence", "visit_source_value", "visit_concept_id", "npc_visit", "Visit"),
    (
        "cdm.visit_occurrence",
        "admitted_from_source_value",
        "admitted_from_concept_id",
        "npc_admit",
        "Visit",
    ),
    (
        "cdm.visit_occurrence",
        "discharged_to_source_value",
        "discharged_to_concept_id",
        "npc_discharge",
        "Visit",
    ),
    (
        "cdm.provider",
        "specialty_source_value",
        "specialty_concept_id",
        "npc_department",
        "Provider",
    ),
    ("cdm.death", "cause_source_value", "cause_concept_id", "npc_death_cause", "Condition"),
)


@dataclass(frozen=True)
class Coverage:
    """One source vocabulary in one domain: distinct codes, and rows by what their mapping is."""

    source_vocabulary: str
    domain: str
    codes: int
    codes_mapped: int
    rows: int
    approved: int
    draft: int
    local: int
    vocabulary: int
    no_match: int
    unmapped: int
    by_prefix: int

    @property
    def mapped(self) -> int:
        """Rows with a concept, a local one included."""
        return self.approved + self.draft + self.local + self.vocabulary


def coverage(con: duckdb.DuckDBPyConnection, lake: Path) -> list[Coverage]:
    """Count the last run's coded rows; one entry per source vocabulary and domain.

    Reads `stem.event`, four CDM tables and the code map of the lake.
    """
    open_table(con, lake, "stem.event")
    open_table(con, lake, "vocabulary.code_map")
    parts = [_EVENTS]
    for table, value, concept, vocabulary, domain in FIELDS:
        if not parquet(lake, table).exists():
            continue
        open_table(con, lake, table)
        carried = " AND not_carried_reason IS NULL" if table == "stem.event" else ""
        parts.append(
            f"SELECT '{vocabulary}', '{domain}', normal_code({value}), {value}, {concept},"
            f" count(*), FALSE FROM {table} WHERE {value} IS NOT NULL{carried} GROUP BY ALL"
        )
    found = con.execute(_COUNTED.format(rows=" UNION ALL ".join(parts))).fetchall()
    return [Coverage(*row) for row in found]


def summed(rows: Iterable[Coverage], domains: Iterable[str] | None = None) -> dict[str, Any]:
    """Add the rows up, of some domains or of all; shares are of 1."""
    chosen = [r for r in rows if domains is None or r.domain in set(domains)]
    names = [f.name for f in fields(Coverage) if f.type in (int, "int")]
    total = {name: sum(getattr(r, name) for r in chosen) for name in names}
    mapped = sum(r.mapped for r in chosen)
    decided = mapped + total["no_match"]
    whole = max(total["rows"], 1)
    return total | {
        "mapped": mapped,
        "mapped_share": mapped / whole,
        "standard_share": (mapped - total["local"]) / whole,
        "decided_share": decided / whole,
    }


def by_vocabulary(rows: Iterable[Coverage]) -> list[dict[str, Any]]:
    """The rows of each source vocabulary and how many of them are mapped, for a run's summary."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        entry = found.setdefault(
            row.source_vocabulary,
            {"source_vocabulary": row.source_vocabulary, "events": 0, "mapped": 0},
        )
        entry["events"] += row.rows
        entry["mapped"] += row.mapped
    return list(found.values())


def report(con: duckdb.DuckDBPyConnection, lake: Path) -> dict[str, Any]:
    """What `npc-omop coverage` prints: the counts, their sums, and the codelists' codes."""
    rows = coverage(con, lake)
    codes = listed_codes(con, lake)
    return {
        "coverage": [asdict(row) | {"mapped": row.mapped} for row in rows],
        "all": summed(rows),
        "study": summed(
            [r for r in rows if r.source_vocabulary not in {f[3] for f in FIELDS}], EVENT_DOMAINS
        ),
        "codelist_codes": {
            "codes": len(codes),
            "mapped": sum(status not in ("no_match", "unmapped") for *_, status in codes),
            "not_mapped": [
                {"codelist": codelist, "code": code, "status": status}
                for codelist, code, status in codes
                if status in ("no_match", "unmapped")
            ],
        },
    }


# One group a code: the joins behind it are small, however many rows there are.
_EVENTS = """
    SELECT
        vocabulary,
        domain_id AS domain,
        code,
        CASE WHEN vocabulary IN ('npc_icd10', 'npc_icd9cm3') OR code IS NULL
            THEN source_value
        END       AS source_value,
        concept_id,
        count(*)  AS counted,
        TRUE      AS may_be_prefix
    FROM stem.event
    WHERE not_carried_reason IS NULL AND vocabulary IS NOT NULL
    GROUP BY ALL
"""

_COUNTED = f"""
WITH counted AS ({{rows}}),

curated AS (
    SELECT source_vocabulary_id, source_code, concept_id, min(status) AS status
    FROM vocabulary.code_map
    GROUP BY source_vocabulary_id, source_code, concept_id
),

-- A field's key may hold more than its value (HQMS:1, FOLLOWUP:3): then the target tells.
by_target AS (
    SELECT source_vocabulary_id, concept_id, min(status) AS status
    FROM vocabulary.code_map
    WHERE concept_id <> 0
    GROUP BY source_vocabulary_id, concept_id
),

classed AS (
    SELECT
        counted.*,
        CASE
            WHEN counted.concept_id >= {MapLine.FIRST_LOCAL} THEN 'local'
            WHEN coalesce(counted.concept_id, 0) <> 0
                THEN coalesce(curated.status, by_target.status, 'draft')
            ELSE coalesce(curated.status, 'unmapped')
        END AS class,
        counted.may_be_prefix
        AND coalesce(counted.concept_id, 0) <> 0
        AND coalesce(normal_code(counted.source_value) <> counted.code, FALSE) AS is_by_prefix
    FROM counted
    LEFT JOIN curated
        ON curated.source_vocabulary_id = counted.vocabulary
        AND curated.source_code = counted.code
        AND curated.concept_id = coalesce(counted.concept_id, 0)
    LEFT JOIN by_target
        ON by_target.source_vocabulary_id = counted.vocabulary
        AND by_target.concept_id = counted.concept_id
)

SELECT
    vocabulary,
    coalesce(domain, 'None'),
    count(DISTINCT coalesce(source_value, code)),
    count(DISTINCT coalesce(source_value, code)) FILTER (class NOT IN ('no_match', 'unmapped')),
    CAST(sum(counted) AS BIGINT),
    CAST(coalesce(sum(counted) FILTER (class = 'approved'), 0) AS BIGINT),
    CAST(coalesce(sum(counted) FILTER (class = 'draft'), 0) AS BIGINT),
    CAST(coalesce(sum(counted) FILTER (class = 'local'), 0) AS BIGINT),
    CAST(coalesce(sum(counted) FILTER (class = 'vocabulary'), 0) AS BIGINT),
    CAST(coalesce(sum(counted) FILTER (class = 'no_match'), 0) AS BIGINT),
    CAST(coalesce(sum(counted) FILTER (class = 'unmapped'), 0) AS BIGINT),
    CAST(coalesce(sum(counted) FILTER (is_by_prefix), 0) AS BIGINT)
FROM classed
GROUP BY vocabulary, domain
ORDER BY vocabulary, domain
"""
