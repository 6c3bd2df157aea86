"""The oncology tables of a messy hospital hang together: nothing points at what is not there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.e2e.hospital import published, run_command

pytestmark = pytest.mark.slow

# What an event field's concept names (CDM 5.4).
EVENT_FIELDS = {
    1147127: ("condition_occurrence", "condition_occurrence_id"),
    1147082: ("procedure_occurrence", "procedure_occurrence_id"),
    1147094: ("drug_exposure", "drug_exposure_id"),
    1147138: ("measurement", "measurement_id"),
    1147165: ("observation", "observation_id"),
    756290: ("episode", "episode_id"),
}
FRACTIONS = 2000000037  # local concept: delivered fractions
POINTERS = {
    "measurement": ("measurement_event_id", "meas_event_field_concept_id"),
    "observation": ("observation_event_id", "obs_event_field_concept_id"),
    "episode_event": ("event_id", "episode_event_field_concept_id"),
}


@pytest.fixture(scope="module")
def cdm(messy_hospital: Path, new_home: Callable[[], Path]) -> Iterator[psycopg.Connection]:
    """The published CDM of the messy hospital."""
    home = new_home()
    done = run_command("run", "--source", str(messy_hospital), home=home)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(published(home)) as con:
        yield con


def count(con: psycopg.Connection, sql: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {sql}").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("table", POINTERS)
def test_every_pointer_names_its_field_and_finds_its_event(
    cdm: psycopg.Connection, table: str
) -> None:
    event, field = POINTERS[table]
    assert count(cdm, f"cdm.{table} WHERE {event} IS NOT NULL") > 0
    assert count(cdm, f"cdm.{table} WHERE ({event} IS NULL) <> ({field} IS NULL)") == 0
    used = cdm.execute(f"SELECT DISTINCT {field} FROM cdm.{table} WHERE {field} IS NOT NULL")
    for (concept,) in used.fetchall():
        target, key = EVENT_FIELDS[concept]
        lost = count(
            cdm,
            f"cdm.{table} AS t WHERE {field} = {concept} AND NOT EXISTS"
            f" (SELECT 1 FROM cdm.{target} AS e WHERE e.{key} = t.{event})",
        )
        assert lost == 0, (table, target)


@pytest.mark.parametrize("field", [1147127, 1147082, 1147094, 1147138])
def test_an_episode_is_made_of_its_own_persons_events(cdm: psycopg.Connection, field: int) -> None:
    table, key = EVENT_FIELDS[field]
    strange = count(
        cdm,
        "cdm.episode_event AS link INNER JOIN cdm.episode AS episode USING (episode_id)"
        f" INNER JOIN cdm.{table} AS event ON event.{key} = link.event_id"
        f" WHERE link.episode_event_field_concept_id = {field}"
        " AND event.person_id <> episode.person_id",
    )
    assert strange == 0


def test_every_episode_has_events_and_none_twice(cdm: psycopg.Connection) -> None:
    assert count(cdm, "cdm.episode") > 0
    assert (
        count(cdm, "cdm.episode WHERE episode_id NOT IN (SELECT episode_id FROM cdm.episode_event)")
        == 0
    )
    rows = count(cdm, "cdm.episode_event")
    assert rows == count(cdm, "(SELECT DISTINCT * FROM cdm.episode_event) AS once")


def test_a_child_has_its_own_persons_parent(cdm: psycopg.Connection) -> None:
    lost = count(
        cdm,
        "cdm.episode AS child LEFT JOIN cdm.episode AS parent"
        " ON parent.episode_id = child.episode_parent_id AND parent.person_id = child.person_id"
        " WHERE child.episode_parent_id IS NOT NULL AND parent.episode_id IS NULL",
    )
    assert lost == 0


def test_lines_count_from_one_and_share_no_exposure(cdm: psycopg.Connection) -> None:
    lines = "(SELECT * FROM cdm.episode WHERE episode_concept_id = 32531)"
    gaps = count(
        cdm,
        f"(SELECT person_id FROM {lines} AS line GROUP BY person_id"
        " HAVING max(episode_number) <> count(*) OR min(episode_number) <> 1) AS strange",
    )
    shared = count(
        cdm,
        f"(SELECT link.event_id FROM cdm.episode_event AS link INNER JOIN {lines} AS line"
        " USING (episode_id) GROUP BY link.event_id HAVING count(*) > 1) AS strange",
    )
    assert (gaps, shared) == (0, 0)


def test_a_courses_fractions_are_the_procedures_that_it_is_made_of(cdm: psycopg.Connection) -> None:
    rows = cdm.execute(
        "SELECT dose.value_as_number, count(*)"
        " FROM cdm.measurement AS dose INNER JOIN cdm.episode_event AS link"
        " ON link.episode_id = dose.measurement_event_id"
        " WHERE dose.meas_event_field_concept_id = 756290"
        f" AND dose.measurement_concept_id = {FRACTIONS}"
        " GROUP BY dose.measurement_id, dose.value_as_number"
    ).fetchall()
    assert rows
    assert all(told == made for told, made in rows)


def test_one_person_has_one_disease_episode_for_each_cancer(cdm: psycopg.Connection) -> None:
    persons = count(
        cdm,
        "(SELECT person_id, substring(episode_source_value FROM 'C[0-9]{2}') AS category"
        " FROM cdm.episode WHERE episode_concept_id = 32533"
        " GROUP BY 1, 2 HAVING count(*) > 1) AS twice",
    )
    assert persons == 0
