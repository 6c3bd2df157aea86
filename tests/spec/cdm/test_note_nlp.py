"""cdm.note_nlp: what a text states, with its place, its certainty and the rule that found it."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")

NOTE = """
JZLSH | WSLX     | WSBT     | JLSJ                | WSNR                        | WSZT
V1    | 入院记录 | 入院记录 | 2023-05-06 11:00:00 | 一般情况可，KPS评分80分。   | 2
"""


def test_a_fact_points_to_its_place_in_the_stored_note(given, expect):
    given("raw.EMR_WS", NOTE)
    expect(
        "cdm.note_nlp",
        """
        note_nlp_id | note_id | offset | snippet     | nlp_system    | nlp_date   | term_exists | term_modifiers
        113000      | 113500  | 6      | KPS评分80分 | npc-omop kps  | 2023-05-06 | Y           | kps=80 certainty=definite
        """,
    )
