"""Landing: what becomes of a row on its way from a file to `raw`."""

import hashlib
import hmac
import stat

import duckdb
import pytest

from etl.errors import BusyError, EtlError, KeyMissingError, SourceError
from etl.source.ledger import landing_zone
from etl.source.pseudonym import _DEMO_KEY
from tests.unit.small_hospital import NOTE, PERSON, RESULT, VISIT, SmallHospital


@pytest.fixture
def hospital(tmp_path):
    return SmallHospital(tmp_path)


def test_an_id_is_the_same_hash_in_every_table(hospital):
    hospital.write("LIS_JG", [RESULT])
    hospital.write("EMR_WS", [NOTE])
    hospital.land()
    expected = hmac.new(_DEMO_KEY, b"V1", hashlib.sha256).hexdigest()[:32]
    assert hospital.query("SELECT JZLSH FROM raw.JZ_JZJL") == [(expected,)]
    assert hospital.query("SELECT JZLSH FROM raw.EMR_WS") == [(expected,)]


def test_no_direct_identifier_is_written_anywhere(hospital):
    text = "患者张三丰，电话13800001111，住四川省未名市东区新华路1号，主管李医生"
    hospital.write("EMR_WS", [NOTE | {"WSNR": text}])
    hospital.land()
    con = duckdb.connect()
    for path in hospital.settings.landing.rglob("*"):
        if path.suffix == ".parquet":
            stored = str(con.execute(f"SELECT * FROM '{path}'").fetchall())
        else:
            stored = path.read_text() if path.is_file() else ""
        for secret in ("张三丰", "13800001111", "新华路", "'E1'", "'V1'", "0000000001"):
            assert secret not in stored, path.name
    con.close()


def test_a_table_never_handed_over_is_empty_with_all_its_columns(hospital):
    landed = hospital.land()
    assert "SS_MZ: not handed over" in landed.notices
    with hospital.raw() as con:
        found = con.execute("SELECT * FROM raw.SS_MZ")
        assert [column[0] for column in found.description][:7] == [
            "row_id", "load_no", "file_no", "row_no", "fate", "reject_reason", "JZLSH",
        ]  # fmt: skip
        assert found.fetchall() == []


def test_a_home_without_a_landing_opens_empty(hospital):
    assert hospital.query("SELECT count(*) FROM raw.LIS_JG") == [(0,)]
    assert hospital.query("SELECT count(*) FROM raw.identity") == [(0,)]


def test_text_is_trimmed_and_control_characters_are_gone(hospital):
    dirty = {
        "ZBDM": "　ＷＢＣ ",
        "ZBMC": "\x00白细\x04胞　",
        "JG": " <400 ",
        "DW": "10⁹/L_x000D_",
        "YCTS": "   ",
    }
    hospital.write("LIS_JG", [RESULT | dirty])
    hospital.land()
    assert hospital.query("SELECT ZBDM, ZBMC, JG, DW, YCTS FROM raw.LIS_JG") == [
        ("WBC", "白细胞", "<400", "10⁹/L", None)
    ]


def test_line_breaks_inside_a_text_survive_as_one_kind(hospital):
    hospital.write("EMR_WS", [NOTE | {"WSNR": "一。\r\n二。\r三。_x000D_\n四\n"}])
    hospital.land()
    assert hospital.query("SELECT WSNR FROM raw.EMR_WS") == [("一。\n二。\n三。\n四",)]


def test_lost_zeros_spaces_and_full_width_do_not_change_an_id(hospital):
    shapes = ["1", " 0000000001", "0000000001　", "０００００００００1", "1.0", "0000000001"]
    hospital.write(
        "JZ_JZJL",
        [VISIT | {"JZLSH": f"V{n}", "HZID": shape} for n, shape in enumerate(shapes)],
    )
    hospital.land()
    assert hospital.query("SELECT count(DISTINCT HZID), count(HZID) FROM raw.JZ_JZJL") == [(1, 6)]


def test_a_bad_row_goes_to_the_rejects_and_the_load_goes_on(hospital):
    faults = [
        ({"RYSJ": "2024-13-45"}, "RYSJ", "bad date", "D-D-D text len 10"),
        ({"RYSJ": ""}, "RYSJ", "required value missing", "empty"),
        ({"ZYCS": "三次"}, "ZYCS", "bad number", "U text len 2"),
        ({"ZYCS": "1.5"}, "ZYCS", "bad number", "D.D text len 3"),
        ({"ZYCS": "inf"}, "ZYCS", "bad number", "A text len 3"),
        ({"HZID": "1.23E+17"}, "HZID", "id in scientific notation", "D.DA+D text len 8"),
        ({"JZLSH": ""}, "JZLSH", "required value missing", "empty"),
    ]
    hospital.tolerate_bad_rows()
    rows = [VISIT | {"JZLSH": f"V{n}"} | change for n, (change, *_) in enumerate(faults)]
    hospital.write("JZ_JZJL", rows)
    hospital.land()
    assert hospital.query(
        "SELECT fate, reject_reason, row_id IS NOT NULL FROM raw.JZ_JZJL ORDER BY row_no"
    ) == [("rejected", f"{column}: {why}", True) for _, column, why, _ in faults]
    rejects = hospital.settings.landing / "rejects" / "load_0001.parquet"
    with duckdb.connect() as con:
        assert con.execute(
            'SELECT load_no, file_no, row_no, "table", "column", reason, value_class'
            f" FROM '{rejects}' ORDER BY row_no"
        ).fetchall() == [
            (1, 2, row_no, "JZ_JZJL", column, why, shape)
            for row_no, (_, column, why, shape) in enumerate(faults, start=1)
        ]


def test_a_row_with_several_faults_names_them_all(hospital):
    hospital.write("JZ_JZJL", [VISIT | {"RYSJ": "", "CYSJ": "bald"}])
    hospital.land()
    assert hospital.query("SELECT reject_reason FROM raw.JZ_JZJL") == [
        ("RYSJ: required value missing; CYSJ: bad date",)
    ]


def test_a_bad_value_is_not_stored(hospital):
    hospital.write("JZ_JZJL", [VISIT | {"CYSJ": "张三丰 13800001111"}])
    hospital.land()
    assert hospital.query("SELECT CYSJ FROM raw.JZ_JZJL") == [(None,)]


def test_above_the_reject_limit_nothing_is_landed(hospital):
    rows = [RESULT | {"JGLSH": f"R{n}", "BGDH": "" if n < 8 else "L1"} for n in range(400)]
    hospital.write("LIS_JG", rows)
    with pytest.raises(SourceError) as error:
        hospital.land()
    assert str(error.value) == (
        "LIS_JG: 8 of 400 rows are bad (2.0%, the limit is 1.0%), most often"
        " `BGDH: required value missing`: nothing was landed"
    )
    assert not hospital.has_landed()


def test_at_the_reject_limit_the_load_goes_on(hospital):
    rows = [RESULT | {"JGLSH": f"R{n}", "BGDH": "" if n < 4 else "L1"} for n in range(400)]
    hospital.write("LIS_JG", rows)
    (landed,) = [table for table in hospital.land().tables if table.table == "LIS_JG"]
    assert (landed.rejected, landed.current) == (4, 396)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("JZ_JZJL", VISIT | {"ZFBZ": "1"}),
        ("YZ_YZJL", {"YZH": "Y1", "JZLSH": "V1", "YZZT": "9"}),
        ("YZ_YZJL", {"YZH": "Y1", "JZLSH": "V1", "YZZT": "4", "QXBZ": "１"}),
        ("LIS_BG", {"BGDH": "L1", "SHZT": "9"}),
        ("RIS_BG", {"JCBGH": "X1", "BGZT": "9"}),
        ("EMR_WS", NOTE | {"WSZT": "1"}),
        ("EMR_WS", NOTE | {"WSZT": "9"}),
    ],
)
def test_a_withdrawn_row_is_void(hospital, table, row):
    hospital.write(table, [row])
    hospital.land()
    assert hospital.query(f"SELECT fate FROM raw.{table}") == [("void",)]


def test_a_refund_is_not_void(hospital):
    hospital.write("SF_FYMX", [{"FYLSH": "F1", "JZLSH": "V1", "SL": "-1", "TFBZ": "1"}])
    hospital.land()
    assert hospital.query("SELECT fate, SL FROM raw.SF_FYMX") == [("current", "-1")]


def test_an_unknown_code_is_kept_and_noticed_without_the_value(hospital):
    hospital.write("JZ_JZJL", [VISIT | {"LYFSDM": "77"}])
    landed = hospital.land()
    assert "JZ_JZJL.LYFSDM: 1 rows with a code outside its value set" in landed.notices
    assert hospital.query("SELECT fate, LYFSDM FROM raw.JZ_JZJL") == [("current", "77")]


def test_an_inverted_flag_of_a_vendor_is_put_right(hospital):
    contract = hospital.contracts["YZ_YZJL"]
    setting = contract.settings["CYDYBZ"].model_copy(update={"inverted": True})
    inverted = contract.model_copy(update={"settings": {"CYDYBZ": setting}})
    hospital.contracts = hospital.contracts | {"YZ_YZJL": inverted}
    rows = [{"YZH": f"Y{flag}", "JZLSH": "V1", "CYDYBZ": flag} for flag in ("0", "1", "")]
    hospital.write("YZ_YZJL", rows)
    hospital.land()
    assert hospital.query("SELECT CYDYBZ FROM raw.YZ_YZJL ORDER BY row_no") == [
        ("1",), ("0",), (None,),
    ]  # fmt: skip


def test_birth_keeps_the_month_and_ages_of_90_and_over_are_capped(hospital):
    born = {
        "1975-03-12": "1975-03",
        "1975年3月": "1975-03",
        "1975年": "1975",
        "1900-01-01": None,
        "1920-03-12": "1934",
        "1934-06-01": "1934",
        "1934-07-01": "1934-07",
        "": None,
    }
    rows = [PERSON | {"HZID": f"R{n}", "CSRQ": text} for n, text in enumerate(born)]
    hospital.write("HZ_ZSY", rows)
    hospital.land()
    kept = hospital.query("SELECT CSRQ FROM raw.HZ_ZSY ORDER BY row_no")
    assert dict(zip(born, [text for (text,) in kept], strict=True)) == born


def test_an_id_card_with_a_right_check_digit_leaves_month_and_sex(hospital):
    cards = {
        "11010519491231002X": ("1949-12", "2"),
        "11010519491231002x": ("1949-12", "2"),
        "110105194912310021": (None, None),
        "51010419750312****": (None, None),
        "": (None, None),
    }
    rows = [PERSON | {"HZID": f"R{n}", "SFZH": card} for n, card in enumerate(cards)]
    hospital.write("HZ_ZSY", rows)
    hospital.land()
    derived = hospital.query("SELECT SFZH_CSNY, SFZH_XB FROM raw.HZ_ZSY ORDER BY row_no")
    assert dict(zip(cards, derived, strict=True)) == cards


def test_row_ids_follow_the_natural_key_and_not_the_files(hospital, tmp_path):
    hospital.write("LIS_JG", [RESULT | {"JGLSH": f"R{n}", "JG": f"{n}"} for n in (3, 1, 2)])
    hospital.land()
    other_place = tmp_path / "other"
    other_place.mkdir()
    other = SmallHospital(other_place)
    other.write("LIS_JG", [RESULT | {"JGLSH": "R2", "JG": "2"}], "LIS_JG_1.csv")
    other.write(
        "LIS_JG", [RESULT | {"JGLSH": f"R{n}", "JG": f"{n}"} for n in (1, 3)], "LIS_JG_2.csv.gz"
    )
    other.land()
    ids = "SELECT JG, row_id FROM raw.LIS_JG ORDER BY row_id"
    assert hospital.query(ids) == other.query(ids)
    assert hospital.query("SELECT row_no, row_id FROM raw.LIS_JG ORDER BY row_no") == [
        (1, 3), (2, 1), (3, 2),
    ]  # fmt: skip


def test_rows_without_a_key_have_ids_behind_the_others(hospital):
    hospital.write("LIS_JG", [RESULT | {"JGLSH": ""}, RESULT | {"JGLSH": "R9"}])
    hospital.land()
    assert hospital.query("SELECT row_id, fate FROM raw.LIS_JG ORDER BY row_id") == [
        (1, "current"), (2, "rejected"),
    ]  # fmt: skip


def test_the_ledger_adds_up(hospital):
    rows = [
        RESULT,
        RESULT | {"JG": "5"},
        RESULT | {"JGLSH": ""},
        RESULT | {"JGLSH": ""},
        RESULT | {"JGLSH": "R2", "BGDH": ""},
    ]
    hospital.write("LIS_JG", rows)
    (landed,) = [table for table in hospital.land().tables if table.table == "LIS_JG"]
    assert (landed.rows, landed.current, landed.superseded, landed.rejected) == (5, 1, 2, 2)
    fates = hospital.query("SELECT fate, count(*) FROM raw.LIS_JG GROUP BY 1 ORDER BY 1")
    assert fates == [("current", 1), ("rejected", 2), ("superseded", 2)]


def test_the_landing_zone_is_its_owners_alone(hospital):
    hospital.write("LIS_JG", [RESULT])
    hospital.land()
    landing = hospital.settings.landing
    for path in [landing, *landing.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path.name


def test_the_files_taken_are_on_record(hospital):
    path = hospital.write("LIS_JG", [RESULT], encoding="gb18030")
    hospital.land()
    assert hospital.query(
        "SELECT file_no, load_no, name, size, sha256, row_count, encoding FROM raw.source_file"
        " WHERE \"table\" = 'LIS_JG'"
    ) == [
        (
            3,
            1,
            "LIS_JG.csv",
            path.stat().st_size,
            hashlib.sha256(path.read_bytes()).hexdigest(),
            1,
            "gb18030",
        )
    ]


def test_a_real_hospital_does_not_land_without_a_key(tmp_path, monkeypatch):
    monkeypatch.delenv("NPC_OMOP_KEY", raising=False)
    hospital = SmallHospital(tmp_path, generated=False)
    with pytest.raises(KeyMissingError, match="set NPC_OMOP_KEY"):
        hospital.land()
    assert not hospital.has_landed()


def test_another_key_on_the_same_home_is_refused(hospital):
    hospital.land()
    hospital.write("LIS_JG", [RESULT])
    hospital.settings = hospital.settings.model_copy(update={"key": _secret("k" * 16)})
    with pytest.raises(KeyMissingError, match="not the one that this home"):
        hospital.land()


def _secret(text):
    from pydantic import SecretStr

    return SecretStr(text)


def test_two_landings_at_once_the_second_says_so(hospital):
    with landing_zone(hospital.settings), pytest.raises(BusyError, match="another landing"):
        hospital.land()


def test_a_home_that_cannot_be_written_is_one_line(hospital):
    hospital.settings.home.write_text("a file where the home should be")
    with pytest.raises(EtlError, match="cannot be written") as error:
        hospital.land()
    assert "\n" not in str(error.value)


def test_a_full_disk_is_one_line_and_nothing_is_landed(hospital, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("etl.source.ledger._sync", full)
    with pytest.raises(EtlError, match=r"no space left on the disk\); nothing was landed"):
        hospital.land()
    assert not hospital.has_landed()


def test_a_file_that_changes_while_it_is_read_is_refused(hospital, monkeypatch):
    from etl.source.csv_part import CsvPart

    monkeypatch.setattr(CsvPart, "unchanged", lambda self: self.table != "JZ_JZJL")
    with pytest.raises(SourceError, match=r"JZ_JZJL.csv .* changed while it was read"):
        hospital.land()
    assert not hospital.has_landed()
