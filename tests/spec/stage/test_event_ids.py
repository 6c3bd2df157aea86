"""Event ids: arithmetic on the row's id, the same on every run."""

import duckdb
import pytest


def test_an_event_id_says_which_row_of_which_table_it_came_from(specification):
    found = specification.con.execute(
        "SELECT event_id(CAST(7 AS BIGINT), 10, 0), event_id(CAST(7 AS BIGINT), 3, 21)"
    ).fetchone()
    assert found == (710000, 703021)


def test_the_largest_id_stays_below_2_to_53(specification):
    [(largest,)] = specification.con.execute(
        "SELECT event_id(CAST(90000000000 AS BIGINT), 99, 999)"
    ).fetchall()
    assert largest < 2**53


def test_more_than_999_events_of_a_row_stop_the_step_and_name_the_row(specification):
    with pytest.raises(duckdb.InvalidInputException, match="row 7 of source 3 has more than 999"):
        specification.con.execute("SELECT event_id(r, 3, 1000) FROM (SELECT 7 AS r)")


DIAGNOSES = """
    row_id | JZLSH | ZDLB | ZDBM    | ZDMC
    {}     | V1    | 3    | C11.900 | 鼻咽恶性肿瘤
    {}     | V1    | 4    | C77.100 | 纵隔淋巴结继发恶性肿瘤
"""


@pytest.mark.parametrize("order", [(41, 42), (42, 41)])
def test_an_id_follows_the_rows_id_not_its_place_in_the_file(given, expect, order):
    given("stage.visit_link", "visit_key | visit_id | person_id | start_at \n V1 | 2 | 1 | -")
    first, second = DIAGNOSES.format(41, 42).strip().splitlines()[1:]
    rows = [first, second] if order == (41, 42) else [second, first]
    given("raw.ZD_ZDJL", "\n".join(["row_id | JZLSH | ZDLB | ZDBM | ZDMC", *rows]))
    expect(
        "stem.event",
        """
        event_id | row_id | concept_id
        4103000  | 41     | 36684473
        4203000  | 42     | 36768587
        4203001  | 42     | 35225542
        """,
    )
