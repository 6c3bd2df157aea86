"""Landing: whose a hospital id is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.source.identity import CYCLE, follow_merges
from etl.source.pseudonym import _DEMO_KEY, pseudonym
from tests.unit.small_hospital import PERSON, SmallHospital


@pytest.fixture
def hospital(tmp_path):
    return SmallHospital(tmp_path)


def entry(empi, hzid, into=None, bah=""):
    merged = {"HBZT": "1", "HBDZ": into} if into else {"HBZT": "0"}
    return PERSON | {"EMPI_ID": empi, "HZID": hzid, "BAH": bah} | merged


def persons(hospital, kind):
    """Person and merge error of every id of a kind, by its plain text."""
    plain = {pseudonym(_DEMO_KEY, text): text for text in ("E1", "E2", "E3", "E4", "R1", "B1")}
    return {
        plain.get(hashed, hashed): (person, error)
        for hashed, person, error in hospital.query(
            f"SELECT id_hmac, person_id, merge_error FROM raw.identity WHERE id_kind = '{kind}'"
        )
    }


def test_a_chain_of_merges_ends_at_its_root(hospital):
    hospital.write(
        "HZ_ZSY",
        [entry("E1", "1"), entry("E2", "2", "E1"), entry("E3", "R1", "E2"), entry("E4", "4")],
    )
    hospital.land()
    assert persons(hospital, "empi") == {
        "E1": (1, None), "E2": (1, None), "E3": (1, None), "E4": (2, None),
    }  # fmt: skip
    assert persons(hospital, "hzid")["R1"] == (1, None)


def test_person_ids_follow_the_plain_number_of_the_root(hospital):
    hospital.write("HZ_ZSY", [entry("E3", "3"), entry("E2", "2"), entry("E1", "1", "E3")])
    hospital.land()
    assert persons(hospital, "empi") == {"E1": (2, None), "E2": (1, None), "E3": (2, None)}


def test_a_circle_of_merges_is_one_person_with_an_error(hospital):
    hospital.write(
        "HZ_ZSY", [entry("E1", "1", "E2"), entry("E2", "2", "E1"), entry("E3", "3", "E1")]
    )
    hospital.land()
    assert set(persons(hospital, "empi").values()) == {(1, CYCLE)}


def test_a_merge_into_an_entry_that_is_not_listed_holds(hospital):
    hospital.write("HZ_ZSY", [entry("E2", "2", "E1"), entry("E3", "3", "E1")])
    hospital.land()
    assert persons(hospital, "empi") == {"E1": (1, None), "E2": (1, None), "E3": (1, None)}


def test_a_target_without_the_merged_flag_is_no_merge(hospital):
    row = entry("E2", "2") | {"HBDZ": "E1"}
    hospital.write("HZ_ZSY", [entry("E1", "1"), row])
    hospital.land()
    assert persons(hospital, "empi") == {"E1": (1, None), "E2": (2, None)}


def test_a_record_number_of_two_persons_is_listed_for_both(hospital):
    hospital.write("HZ_ZSY", [entry("E1", "1", bah="B1"), entry("E2", "2", bah="B1")])
    hospital.land()
    assert hospital.query(
        "SELECT person_id FROM raw.identity WHERE id_kind = 'bah' ORDER BY 1"
    ) == [(1,), (2,)]


def test_a_later_merge_takes_the_person_along(hospital):
    hospital.write("HZ_ZSY", [entry("E1", "1"), entry("E2", "2")])
    hospital.land()
    hospital.write(
        "HZ_ZSY",
        [entry("E1", "1"), entry("E2", "2", "E1") | {"GXSJ": "2024-07-01 00:00:00"}],
    )
    hospital.land()
    assert persons(hospital, "empi") == {"E1": (1, None), "E2": (1, None)}


def test_namesakes_are_two_persons(hospital):
    hospital.write("HZ_ZSY", [entry("E1", "1"), entry("E2", "2")])
    hospital.land()
    assert len({person for person, _ in persons(hospital, "empi").values()}) == 2


@given(st.dictionaries(st.integers(0, 12).map(str), st.integers(0, 12).map(str), max_size=13))
def test_every_entry_finds_one_root_that_its_target_shares(target):
    target = {entry: into for entry, into in target.items() if entry != into}
    roots, cyclic = follow_merges(target)
    assert set(roots) == set(target)
    for entry_, into in target.items():
        assert roots[entry_] == roots.get(into, into)
        if entry_ not in cyclic:
            assert roots[entry_] not in target


def test_a_chain_of_a_hundred_thousand_is_followed():
    roots, cyclic = follow_merges({str(n): str(n + 1) for n in range(100_000)})
    assert set(roots.values()) == {"100000"}
    assert not cyclic
