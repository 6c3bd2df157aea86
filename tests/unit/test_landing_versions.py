"""Landing again: the same file, a changed file, a correction, a withdrawal, a crash."""

import json
import os

import pytest

from etl.source import ledger as ledger_module
from etl.source.ledger import read_ledger
from tests.unit.small_hospital import NOTE, PERSON, RESULT, VISIT, SmallHospital

REPORT = {"BGDH": "L1", "JZLSH": "V1", "BGSJ": "2024-05-06 12:00:00", "SHZT": "2"}


@pytest.fixture
def hospital(tmp_path):
    return SmallHospital(tmp_path)


def fates(hospital, table, column):
    """Load, fate and one column of every version, oldest load first."""
    return hospital.query(
        f"SELECT load_no, fate, {column} FROM raw.{table} ORDER BY load_no, file_no, row_no"
    )


def snapshot(hospital):
    """Every file that counts, by its content."""
    landing = hospital.settings.landing
    named = read_ledger(hospital.settings).paths() | {"ledger.json"}
    return {name: (landing / name).read_bytes() for name in named}


def test_the_same_file_twice_changes_nothing(hospital):
    hospital.write("LIS_JG", [RESULT])
    hospital.land()
    before = snapshot(hospital)
    landed = hospital.land()
    assert landed.load_no is None
    assert landed.skipped == ["HZ_ZSY.csv", "JZ_JZJL.csv", "LIS_JG.csv"]
    assert snapshot(hospital) == before


def test_the_same_content_under_another_name_changes_nothing(hospital):
    hospital.write("LIS_JG", [RESULT])
    hospital.land()
    (hospital.folder / "LIS_JG.csv").rename(hospital.folder / "LIS_JG_20240701.csv")
    assert hospital.land().load_no is None


def test_of_two_parts_with_the_same_content_one_is_taken(hospital):
    hospital.write("LIS_JG", [RESULT], "LIS_JG_1.csv")
    hospital.write("LIS_JG", [RESULT], "LIS_JG_2.csv")
    assert hospital.land().skipped == ["LIS_JG_2.csv"]
    assert hospital.query("SELECT count(*) FROM raw.LIS_JG") == [(1,)]


def test_of_a_full_dump_only_what_differs_is_stored(hospital):
    hospital.write("LIS_JG", [RESULT, RESULT | {"JGLSH": "R2"}])
    hospital.land()
    hospital.write(
        "LIS_JG",
        [RESULT | {"JGLSH": "R3"}, RESULT | {"JGLSH": "R2", "JG": "5.0"}, RESULT],
    )
    (landed,) = hospital.land().tables
    assert (landed.rows, landed.new, landed.unchanged, landed.current) == (3, 1, 1, 2)
    assert hospital.query(
        "SELECT row_id, load_no, fate, JG FROM raw.LIS_JG ORDER BY row_id, load_no"
    ) == [
        (1, 1, "current", "4.6"),
        (2, 1, "superseded", "4.6"),
        (2, 2, "current", "5.0"),
        (3, 2, "current", "4.6"),
    ]
    assert [file.unchanged for file in read_ledger(hospital.settings).files] == [0, 0, 0, 1]


def test_a_row_keeps_its_id_and_new_ones_follow(hospital):
    hospital.write("LIS_JG", [RESULT | {"JGLSH": "R5"}])
    hospital.land()
    hospital.write("LIS_JG", [RESULT | {"JGLSH": key} for key in ("R9", "R5", "R1")])
    hospital.land()
    ids = hospital.query("SELECT row_id, row_no, load_no FROM raw.LIS_JG ORDER BY row_id")
    assert ids == [(1, 1, 1), (2, 3, 2), (3, 1, 2)]


def test_a_dump_with_no_difference_stores_nothing(hospital):
    hospital.write("LIS_JG", [RESULT])
    hospital.land()
    hospital.write("LIS_JG", [RESULT], line_end="\r\n")
    (landed,) = hospital.land().tables
    assert (landed.rows, landed.unchanged, landed.new) == (1, 1, 0)
    assert not (hospital.settings.landing / "raw" / "LIS_JG" / "load_0002.parquet").exists()


def test_within_a_load_the_newest_by_watermark_is_current(hospital):
    older = REPORT | {"BGSJ": "2024-05-05"}
    hospital.write("LIS_BG", [REPORT, older])
    hospital.land()
    assert fates(hospital, "LIS_BG", "BGSJ") == [
        (1, "current", "2024-05-06 12:00:00"),
        (1, "superseded", "2024-05-05"),
    ]


def test_an_older_version_that_comes_late_does_not_win(hospital):
    hospital.write("LIS_BG", [REPORT])
    hospital.land()
    hospital.write("LIS_BG", [REPORT | {"BGSJ": "2024-05-05"}])
    hospital.land()
    assert [fate for _, fate, _ in fates(hospital, "LIS_BG", "BGSJ")] == ["current", "superseded"]


def test_a_correction_of_the_same_time_in_a_later_load_wins(hospital):
    hospital.write("LIS_BG", [REPORT | {"BBMC": "血清"}])
    hospital.land()
    hospital.write("LIS_BG", [REPORT | {"BBMC": "血浆"}])
    hospital.land()
    assert fates(hospital, "LIS_BG", "BBMC") == [(1, "superseded", "血清"), (2, "current", "血浆")]


def test_without_a_watermark_the_content_decides_and_not_the_order(hospital, tmp_path):
    versions = [RESULT | {"JG": "4.6"}, RESULT | {"JG": "5.0"}]
    hospital.write("LIS_JG", versions)
    hospital.land()
    place = tmp_path / "other"
    place.mkdir()
    other = SmallHospital(place)
    other.write("LIS_JG", versions[::-1])
    other.land()
    current = "SELECT JG FROM raw.LIS_JG WHERE fate = 'current'"
    assert hospital.query(current) == other.query(current)
    assert len(hospital.query(current)) == 1


def test_the_same_row_twice_in_a_file_counts_once(hospital):
    hospital.write("LIS_JG", [RESULT, RESULT])
    hospital.land()
    assert sorted(fate for _, fate, _ in fates(hospital, "LIS_JG", "JG")) == [
        "current",
        "superseded",
    ]


def test_a_withdrawal_of_the_same_time_wins(hospital):
    hospital.write("LIS_BG", [REPORT | {"SHZT": "9"}, REPORT])
    hospital.land()
    assert fates(hospital, "LIS_BG", "SHZT") == [(1, "void", "9"), (1, "superseded", "2")]


def test_a_row_that_comes_again_with_its_void_flag_is_void(hospital):
    hospital.land()
    hospital.write("JZ_JZJL", [VISIT | {"ZFBZ": "1"}])
    hospital.land()
    assert fates(hospital, "JZ_JZJL", "ZFBZ") == [(1, "superseded", "0"), (2, "void", "1")]


def test_a_newest_version_that_is_bad_withholds_the_row(hospital):
    hospital.land()
    hospital.write("JZ_JZJL", [VISIT | {"RYSJ": "2024-13-45"}])
    hospital.land()
    assert fates(hospital, "JZ_JZJL", "reject_reason") == [
        (1, "superseded", None),
        (2, "rejected", "RYSJ: bad date"),
    ]


def test_of_a_note_the_highest_signed_version_counts(hospital):
    hospital.write(
        "EMR_WS",
        [
            NOTE | {"WSNR": "二", "BBH": "10", "JLSJ": "2024-05-08"},
            NOTE | {"WSNR": "一", "BBH": "9", "JLSJ": "2024-05-09"},
            NOTE | {"WSNR": "草稿", "BBH": "11", "WSZT": "1"},
        ],
    )
    hospital.land()
    assert fates(hospital, "EMR_WS", "WSNR") == [
        (1, "current", "二"),
        (1, "superseded", "一"),
        (1, "superseded", "草稿"),
    ]


def test_a_draft_in_a_later_load_does_not_replace_the_signed_note(hospital):
    hospital.write("EMR_WS", [NOTE])
    hospital.land()
    hospital.write("EMR_WS", [NOTE | {"WSZT": "1", "BBH": "2"}])
    hospital.land()
    assert [fate for _, fate, _ in fates(hospital, "EMR_WS", "WSNR")] == ["current", "superseded"]


def test_three_loads_leave_one_current_version(hospital):
    for value in ("4.6", "5.0", "5.4"):
        hospital.write("LIS_JG", [RESULT | {"JG": value}])
        hospital.land()
    assert fates(hospital, "LIS_JG", "JG") == [
        (1, "superseded", "4.6"),
        (2, "superseded", "5.0"),
        (3, "current", "5.4"),
    ]


def test_a_file_on_record_that_comes_again_after_a_newer_one_changes_nothing(hospital):
    for value in ("4.6", "5.0", "4.6"):
        hospital.write("LIS_JG", [RESULT | {"JG": value}])
        hospital.land()
    assert [fate for _, fate, _ in fates(hospital, "LIS_JG", "JG")] == ["superseded", "current"]


def test_an_increment_may_lack_the_index_and_says_whose_names_it_lacks(hospital):
    hospital.land()
    (hospital.folder / "HZ_ZSY.csv").unlink()
    hospital.write("EMR_WS", [NOTE])
    notices = hospital.land().notices
    assert any("the names of 1 patients are not in this delivery" in said for said in notices)
    assert hospital.query("SELECT fate FROM raw.EMR_WS") == [("current",)]


def test_an_index_on_record_still_names_whom_to_scrub(hospital):
    hospital.land()
    hospital.write("EMR_WS", [NOTE | {"WSNR": "张三丰平稳"}])
    hospital.land()
    assert hospital.query("SELECT WSNR FROM raw.EMR_WS") == [("[姓名]平稳",)]


def test_a_column_that_a_contract_gains_is_empty_in_older_loads(hospital):
    hospital.write("LIS_JG", [RESULT])
    hospital.land()
    contract = hospital.contracts["LIS_JG"]
    column = contract.columns["JG"]
    wider = contract.model_copy(
        update={"columns": contract.columns | {"JCFF": column}, "ignored": {}}
    )
    hospital.contracts = hospital.contracts | {"LIS_JG": wider}
    assert hospital.query("SELECT JG, JCFF FROM raw.LIS_JG") == [("4.6", None)]


class TestCrash:
    """A landing that dies leaves what was landed before, and the next one cleans up."""

    def test_before_the_commit_nothing_counts(self, hospital, monkeypatch):
        hospital.land()
        before = snapshot(hospital)
        hospital.write("LIS_JG", [RESULT])
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", _die)
            with pytest.raises(KeyboardInterrupt):
                hospital.land()
        assert snapshot(hospital) == before
        assert hospital.query("SELECT count(*) FROM raw.LIS_JG") == [(0,)]

    def test_the_same_call_afterwards_finishes_the_work(self, hospital, monkeypatch):
        hospital.write("LIS_JG", [RESULT])
        with monkeypatch.context() as patch:
            patch.setattr(ledger_module, "commit", _die)
            patch.setattr("etl.source.landing.commit", _die)
            with pytest.raises(KeyboardInterrupt):
                hospital.land()
        assert hospital.land().load_no == 1
        assert hospital.query("SELECT row_id, fate FROM raw.LIS_JG") == [(1, "current")]

    def test_what_nobody_names_is_removed(self, hospital):
        hospital.land()
        stray = hospital.settings.landing / "raw" / "LIS_JG" / "load_0007.parquet"
        stray.parent.mkdir()
        stray.write_text("from a crash")
        hospital.land()
        assert not stray.exists()

    def test_a_damaged_ledger_is_said_so(self, hospital):
        hospital.land()
        (hospital.settings.landing / "ledger.json").write_text(json.dumps({"files": 3}))
        with pytest.raises(Exception, match="is damaged"):
            hospital.land()


def _die(*_):
    raise KeyboardInterrupt


def test_persons_keep_their_number_when_others_come(hospital):
    hospital.land()
    hospital.write("HZ_ZSY", [PERSON, PERSON | {"EMPI_ID": "A1", "HZID": "R7", "BAH": "B2"}])
    hospital.land()
    assert hospital.query("SELECT person_id, count(*) FROM raw.identity GROUP BY 1 ORDER BY 1") == [
        (1, 3),
        (2, 3),
    ]
