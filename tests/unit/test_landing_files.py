"""Landing: which files are taken, and what is said of those that are not."""

import gzip
import os

import pytest

from etl.errors import SourceError
from tests.unit.small_hospital import NOTE, RESULT, VISIT, SmallHospital, as_csv, header


@pytest.fixture
def hospital(tmp_path):
    return SmallHospital(tmp_path)


def refused(hospital):
    """What the landing says; nothing may be landed, and it is one line."""
    with pytest.raises(SourceError) as error:
        hospital.land()
    message = str(error.value)
    assert "\n" not in message
    assert not hospital.has_landed()
    return message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["LIS_JG.csv", "lis_jg_0001.CSV.gz"])
def test_every_encoding_line_end_and_compression_gives_the_same_rows(
    hospital, encoding, line_end, name
):
    rows = [
        RESULT | {"ZBMC": "白细胞，𠮷"},
        RESULT | {"JGLSH": "R2", "JG": '阴性(-),"弱"', "CKFW": "一\n二"},
    ]
    hospital.write("LIS_JG", rows, name, encoding, line_end)
    hospital.land()
    assert hospital.query("SELECT row_no, row_id, ZBMC, JG, CKFW FROM raw.LIS_JG ORDER BY 1") == [
        (1, 1, "白细胞，𠮷", "4.6", None),
        (2, 2, "白细胞", '阴性(-),"弱"', "一\n二"),
    ]


def test_line_ends_may_change_within_a_file(hospital):
    text = as_csv("LIS_JG", [RESULT, RESULT | {"JGLSH": "R2", "CKFW": "一\n二"}])
    first, rest = text.split("\n", 1)
    hospital.write_bytes("LIS_JG.csv", f"{first}\r\n{rest}".encode("gb18030"))
    hospital.land()
    assert hospital.query("SELECT row_no, ZBMC, CKFW FROM raw.LIS_JG ORDER BY 1") == [
        (1, "白细胞", None), (2, "白细胞", "一\n二"),
    ]  # fmt: skip


def test_a_gzip_of_several_members_is_read_to_its_end(hospital):
    text = as_csv("LIS_JG", [RESULT | {"JGLSH": f"R{n}"} for n in range(200)]).encode()
    half = text.index(b"\n", len(text) // 2) + 1
    path = hospital.folder / "LIS_JG.csv.gz"
    path.write_bytes(gzip.compress(text[:half]) + gzip.compress(text[half:]))
    hospital.land()
    assert hospital.query("SELECT count(*) FROM raw.LIS_JG") == [(200,)]


def test_columns_may_come_in_any_order_and_case(hospital):
    names = header("LIS_JG")
    line = ",".join(f"v{n}" for n in reversed(range(len(names))))
    hospital.write_bytes("LIS_JG.csv", f"{','.join(reversed(names)).lower()}\n{line}\n".encode())
    hospital.land()
    place = names.index("ZBMC")
    assert hospital.query("SELECT ZBMC FROM raw.LIS_JG") == [(f"v{place}",)]


def test_a_member_of_a_series_may_be_missing(hospital):
    names = [name for name in header("BA_SY") if name not in ("JBDM15", "SSJCZRQ7")]
    values = {"BAH": "B1", "ZYCS": "1", "JZLSH": "V1", "JBDM14": "C78.0"}
    line = ",".join(values.get(name, "") for name in names)
    hospital.write_bytes("BA_SY.csv", f"{','.join(names)}\n{line}\n".encode())
    hospital.land()
    assert hospital.query("SELECT fate, JBDM14, JBDM15 FROM raw.BA_SY") == [
        ("current", "C78.0", None)
    ]


def test_a_file_with_a_header_only_has_no_rows_and_a_notice(hospital):
    hospital.write("LIS_JG", [])
    assert "LIS_JG.csv: holds no rows" in hospital.land().notices
    assert hospital.query("SELECT count(*) FROM raw.LIS_JG") == [(0,)]


def test_what_is_no_data_is_left_alone_and_named(hospital):
    (hospital.folder / "_truth").mkdir()
    (hospital.folder / "_truth" / "patient.csv").write_text("a\n")
    for name in (".hidden.csv", "README.txt", "~$LIS_JG.csv"):
        (hospital.folder / name).write_text("a\n")
    (hospital.folder / "old").mkdir()
    (hospital.folder / "export.log").write_text("done")
    notices = hospital.land().notices
    assert "old/: a folder, not read" in notices
    assert "export.log: not read" in notices
    assert not any("hidden" in notice or "README" in notice for notice in notices)


@pytest.mark.parametrize("name", ["LIS_XX.csv", "LIS_JG_old.csv", "LIS_JG.xlsx", "dump.sql"])
def test_a_file_that_looks_like_data_is_never_passed_over(hospital, name):
    hospital.write_bytes(name, b"a,b\n1,2\n")
    assert refused(hospital).startswith(f"{name}: ")


@pytest.mark.parametrize(
    "names",
    [
        ("LIS_JG_0001.csv", "LIS_JG_0001.csv.gz"),
        ("LIS_JG_1.csv", "LIS_JG_0001.parquet"),
        ("LIS_JG.csv", "lis_jg.csv"),
        ("LIS_JG.csv", "LIS_JG_0001.csv"),
        ("LIS_JG-part1.csv", "LIS_JG_1.csv"),
    ],
)
def test_two_files_for_one_part_are_refused(hospital, names):
    for name in names:
        hospital.write("LIS_JG", [RESULT], name)
    message = refused(hospital)
    assert all(name in message for name in names)
    assert "keep one" in message


@pytest.mark.parametrize("table", ["HZ_ZSY", "JZ_JZJL"])
def test_the_index_and_the_visits_may_not_be_missing(hospital, table):
    (hospital.folder / f"{table}.csv").unlink()
    assert refused(hospital).startswith(f"{table} (")


def test_a_folder_that_is_not_there_or_is_a_file_is_said_so(hospital):
    good = hospital.folder
    hospital.folder = good / "nowhere"
    assert "there is no such folder" in refused(hospital)
    hospital.folder = good / "JZ_JZJL.csv"
    assert "is a file" in refused(hospital)


NAMES = ",".join(header("LIS_JG"))
LINE = "R1,L1,WBC,白细胞,4.6,,,,"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\r\n", "the file is empty"),
        (f"{NAMES},XX\n{LINE},\n", "unknown column XX"),
        (f"{NAMES},\n{LINE},\n", "unknown column (without a name)"),
        (f"{NAMES.replace(',JG', '', 1)}\nR1,L1,WBC,x,,,,\n", "column JG is missing"),
        (f"{NAMES.replace(',JCFF', '', 1)}\nR1,L1,WBC,x,1,,,\n", "column JCFF is missing"),
        (f"{NAMES.replace('DW', 'JG')}\n{LINE}\n", "column JG is there twice"),
        (f"{LINE}\n{LINE}\n", "the first line names no column of LIS_JG"),
        (f"{NAMES}\n{LINE}\n".replace(",", ";"), "divided by semicolons, not by commas"),
        (f"{NAMES}\n{LINE}\n".replace(",", "\t"), "divided by tabs, not by commas"),
        (f"{NAMES}\n{LINE}\n".replace(",", "|"), "divided by bars, not by commas"),
        (f"{NAMES}\n{LINE}\nR2,L1,WBC\n", "3 fields instead of 9 in line 3"),
        (f"{NAMES}\n{LINE},x\n", "10 fields instead of 9 in line 2"),
        (f"{NAMES}\n{LINE}", "the last line has no line end: the file is truncated"),
        (f"{NAMES}\n{LINE}\nR2,L1,WBC,白", "the last line has no line end"),
        (f'{NAMES}\nR1,L1,WBC,"白细胞,4.6,,,,\n', "a quote is not closed"),
        (f'{NAMES}\nR1,L1,WBC,"白"细胞,4.6,,,,\n', "a quote is not closed"),
        (f"{NAMES}\n{LINE}\n".encode("utf-16"), "is UTF-16"),
        (f"{NAMES}\n{LINE}\n".encode("utf-16-le"), "is UTF-16 or no text"),
        (f"{NAMES}\n".encode() + b"R1,L1,WBC,\xff\xff\xff,4.6,,,,\n", "is neither UTF-8 nor"),
        (
            f"{NAMES}\n{LINE}\n{LINE * 6}".encode() + b"\xe7\x99,\n",
            "is UTF-8 but for a damaged character in line 3",
        ),
        (b"PK\x03\x04 a spreadsheet", "is a zip or Excel file"),
        (b"PAR1 by another name", "is a Parquet file"),
    ],
)
def test_a_broken_csv_is_named_by_file_and_place(hospital, content, message):
    if isinstance(content, str):
        content = content.encode()
    hospital.write_bytes("LIS_JG.csv", content)
    said = refused(hospital)
    assert said.startswith("LIS_JG.csv (LIS_JG): ")
    assert message in said


def test_an_error_never_quotes_a_value(hospital):
    hospital.write("EMR_WS", [NOTE | {"WSNR": "秘密"}])
    path = hospital.folder / "EMR_WS.csv"
    path.write_text(path.read_text("utf-8").replace(",2,1", ",2,1,张三丰"), "utf-8")
    said = refused(hospital)
    assert "9 fields instead of 8" in said
    assert "秘密" not in said
    assert "张三丰" not in said


def test_a_truncated_gzip_is_refused(hospital):
    packed = gzip.compress(as_csv("LIS_JG", [RESULT] * 50).encode())
    path = hospital.folder / "LIS_JG.csv.gz"
    path.write_bytes(packed[:-20])
    assert "the gzip file is truncated" in refused(hospital)
    path.write_bytes(packed[:20] + b"\0\0\0\0" + packed[24:])
    assert "the gzip file is" in refused(hospital)
    path.write_bytes(as_csv("LIS_JG", [RESULT]).encode())
    assert "is called .gz and is no gzip file" in refused(hospital)


def test_a_link_in_a_circle_and_a_pipe_are_refused(hospital):
    loop = hospital.folder / "LIS_JG.csv"
    loop.symlink_to(loop)
    assert "a link that leads nowhere" in refused(hospital)
    loop.unlink()
    os.mkfifo(loop)
    assert "is no regular file" in refused(hospital)


def test_a_file_that_may_not_be_read_is_named(hospital, monkeypatch):
    from etl.source import encoding

    def closed(path, label):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(encoding, "scan", closed)
    assert refused(hospital) == "HZ_ZSY.csv (HZ_ZSY): cannot be read: Permission denied"


def test_a_folder_with_signs_of_a_pattern_in_its_name_is_read(tmp_path):
    place = tmp_path / "a[1]*'?"
    place.mkdir()
    hospital = SmallHospital(place)
    hospital.land()
    assert hospital.query("SELECT count(*) FROM raw.JZ_JZJL") == [(1,)]


class TestParquet:
    def write(self, hospital, select):
        import duckdb

        path = hospital.folder / "LIS_JG.parquet"
        with duckdb.connect() as con:
            con.execute(f"COPY ({select}) TO '{path}'")
        return path

    def test_values_become_the_text_that_csv_would_show(self, hospital):
        self.write(
            hospital,
            "SELECT 7 AS JGLSH, 'L1' AS bgdh, NULL AS ZBDM, '　白细胞' AS ZBMC, 4.60::DOUBLE AS JG,"
            " 3.0::DOUBLE AS DW, DATE '2024-05-06' AS CKFW, true AS YCTS,"
            " TIMESTAMP '2024-05-06 09:05:00' AS JCFF",
        )
        hospital.land()
        assert hospital.query("SELECT ZBDM, ZBMC, JG, DW, CKFW, YCTS FROM raw.LIS_JG") == [
            (None, "白细胞", "4.6", "3", "2024-05-06", "1")
        ]

    def test_a_number_and_a_text_are_the_same_id(self, hospital):
        self.write(
            hospital,
            "SELECT unnest([7.0, 8.0])::DOUBLE AS JGLSH, 'L1' AS BGDH, '' AS ZBDM, '' AS ZBMC,"
            " '' AS JG, '' AS DW, '' AS CKFW, '' AS YCTS, '' AS JCFF",
        )
        hospital.land()
        (hospital.folder / "LIS_JG.parquet").unlink()
        hospital.write("LIS_JG", [RESULT | {"JGLSH": "7"}])
        hospital.land()
        assert hospital.query("SELECT max(row_id), count(*) FROM raw.LIS_JG") == [(2, 3)]

    def test_a_damaged_file_is_refused(self, hospital):
        path = self.write(hospital, "SELECT 1 AS JGLSH")
        assert "column BGDH is missing" in refused(hospital)
        path.write_bytes(path.read_bytes()[:-30])
        assert "is no Parquet file, or a damaged one" in refused(hospital)
        path.write_bytes(b"")
        assert "the file is empty" in refused(hospital)

    def test_nested_columns_are_refused(self, hospital):
        self.write(hospital, "SELECT [1] AS JGLSH")
        assert "column JGLSH is nested" in refused(hospital)


def test_the_order_of_records_is_their_number(hospital):
    rows = [VISIT | {"JZLSH": f"V{n:05d}"} for n in range(5000)]
    hospital.write("JZ_JZJL", rows)
    hospital.land()
    assert hospital.query("SELECT count(*) FROM raw.JZ_JZJL WHERE row_no = row_id") == [(5000,)]


def test_records_are_numbered_within_their_file_even_if_one_is_read_twice(hospital):
    rows = [RESULT | {"JGLSH": f"R{n:04d}"} for n in range(3000)]
    hospital.write("LIS_JG", rows[:1000], "LIS_JG_1.csv")
    text = as_csv("LIS_JG", rows[1000:2000])
    broken = text[: len(text) // 2] + text[len(text) // 2 :].replace("\n", "\r\n")
    hospital.write_bytes("LIS_JG_2.csv", broken.encode())
    hospital.write("LIS_JG", rows[2000:], "LIS_JG_3.csv")
    hospital.land()
    assert hospital.query(
        "SELECT file_no, count(*), min(row_id - row_no), max(row_id - row_no)"
        " FROM raw.LIS_JG GROUP BY 1 ORDER BY 1"
    ) == [(3, 1000, 0, 0), (4, 1000, 1000, 1000), (5, 1000, 2000, 2000)]


@pytest.mark.slow
def test_records_of_a_large_file_keep_their_number_over_all_threads(hospital):
    names = header("LIS_JG")
    assert names[:2] == ["JGLSH", "BGDH"]
    padding = "x" * 60 + "," * (len(names) - 3)
    lines = "\n".join(f"R{n:07d},L1,{padding}" for n in range(400_000))
    hospital.write_bytes("LIS_JG.csv", f"{','.join(names)}\n{lines}\n".encode())
    hospital.land()
    assert hospital.query("SELECT count(*), count(*) FILTER (row_no = row_id) FROM raw.LIS_JG") == [
        (400_000, 400_000)
    ]


def test_a_record_of_a_file_read_in_pieces_keeps_its_number(hospital):
    """A file of more than 8 MB is read in pieces by two threads; dates and numbers are checked."""
    row = {"CLID": "C", "JZLSH": "V1", "CLSJ": "2024-05-06 10:00:00", "JG": "体" * 40}
    names, line = as_csv("HL_SMTZ", [row]).splitlines()
    assert line.startswith("C,")
    records = "".join(f"C{number:06d}{line[1:]}\n" for number in range(1, 120_001))
    hospital.write_bytes("HL_SMTZ.csv", f"{names}\n{records}".encode())
    hospital.land()
    assert hospital.query(
        "SELECT count(*), count(*) FILTER (row_no <> row_id) FROM raw.HL_SMTZ"
    ) == [(120_000, 0)]
