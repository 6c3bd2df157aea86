"""The review file: what a signed line must hold, and what is said of one that does not."""

import stat
from datetime import date

import pytest

from etl.errors import ReviewError
from etl.settings import Settings
from etl.study.definition import Study
from etl.study.review import (
    HEADER,
    Review,
    criteria_of,
    decisions,
    keep,
    kept_digest,
    kept_review,
    parsed,
    read_review,
)

TODAY = date(2025, 3, 31)
CRITERIA = {"p1", "i3", "e9"}
HEAD = ",".join(HEADER)
GOOD = "12,e9,met,心功能差不宜放化疗,R01,2025-03-30"


def lines(*rows, header=HEAD, criteria=CRITERIA):
    content = "\n".join([header, *rows]).encode()
    return list(parsed("review.csv", content, criteria, TODAY))


def test_a_line_is_a_decision_with_its_reason_and_signature():
    (line,) = lines(GOOD)
    assert (line.number, line.patient, line.criterion) == (2, "12", "e9")
    assert (line.decision, line.reason) == ("met", "心功能差不宜放化疗")
    assert (line.reviewer_code, line.decided_on) == ("R01", date(2025, 3, 30))


def test_a_file_without_lines_decides_nothing():
    assert lines() == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_from_excel_is_read_as_well(encoding):
    content = f"{HEAD}\r\n{GOOD}\r\n\r\n".encode(encoding)
    (line,) = parsed("review.csv", content, CRITERIA, TODAY)
    assert line.reason == "心功能差不宜放化疗"


def test_a_quoted_reason_may_hold_a_comma_and_today_is_no_future():
    (line,) = lines('12,i3,not met,"adenocarcinoma, see report",R01,2025-03-31')
    assert line.reason == "adenocarcinoma, see report"


def test_not_met_may_be_written_as_one_word():
    (line,) = lines("12,i3,not_met,why,R01,2025-03-30")
    assert line.decision == "not met"


def test_the_landings_pseudonym_is_taken_in_capitals_too():
    (line,) = lines("0123456789ABCDEF0123456789abcdef,e9,met,why,R01,2025-03-30")
    assert line.patient == "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("EH0001,e9,met,why,R01,2025-03-30", "line 2 column patient: must be a pseudonym"),
        (",e9,met,why,R01,2025-03-30", "line 2 column patient: must be a pseudonym"),
        ("12,x7,met,why,R01,2025-03-30", "line 2 column criterion: unknown: use one of e9, i3, p1"),
        ("12,,met,why,R01,2025-03-30", "line 2 column criterion"),
        ("12,e9,yes,why,R01,2025-03-30", "line 2 column decision: must be one of: met, not met"),
        ("12,e9,unknown,why,R01,2025-03-30", "line 2 column decision"),
        ("12,e9,met,,R01,2025-03-30", "line 2 column reason: must say why"),
        (f"12,e9,met,{'x' * 501},R01,2025-03-30", "line 2 column reason"),
        ("12,e9,met,why,,2025-03-30", "line 2 column reviewer_code: must be a code"),
        ("12,e9,met,why,张 医生,2025-03-30", "line 2 column reviewer_code"),
        ("12,e9,met,why,R01,", "line 2 column decided_on: must be a day"),
        ("12,e9,met,why,R01,2025/03/30", "line 2 column decided_on: must be a day"),
        ("12,e9,met,why,R01,2025-02-30", "line 2 column decided_on: no such day"),
        ("12,e9,met,why,R01,2025-04-01", "line 2 column decided_on: lies in the future"),
        ("12,e9,met,why,R01", "line 2: has 5 fields, needs 6"),
        ('12,e9,met,"why,R01,2025-03-30', "a quotation mark is not closed"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named(row, says):
    with pytest.raises(ReviewError) as error:
        lines(row)
    assert str(error.value).startswith("review.csv line ")
    assert says in str(error.value)
    assert "\n" not in str(error.value)
    assert "EH0001" not in str(error.value)


@pytest.mark.parametrize("header", ["", "patient,criterion", HEAD.replace("reason", "why")])
def test_another_header_is_an_error(header):
    with pytest.raises(ReviewError, match=r"line 1: wrong header: use patient,criterion,decision"):
        lines(GOOD, header=header)


def test_what_is_no_text_is_named():
    with pytest.raises(ReviewError, match=r"review\.csv: is no text"):
        list(parsed("review.csv", b"PK\x03\x04\x00\x00\xff\xff", CRITERIA, TODAY))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ReviewError, match=r"gone\.csv: No such file"):
        read_review(tmp_path / "gone.csv", Study(), TODAY)


def test_the_criteria_are_those_of_the_study():
    found = criteria_of(Study())
    assert {"p1", "p2", "i1", "e9"} <= found
    assert len(found) == 17


class Answers:
    """Stands for a warehouse that knows persons 12 and 13 and no other."""

    def execute(self, query, parameters):
        wanted = parameters[0]
        if "person_source_value" in query:
            self.rows = [(str(person), person) for person in (12, 13) if str(person) in wanted]
        else:
            self.rows = [(person,) for person in (12, 13) if person in wanted]
        return self

    def fetchall(self):
        return self.rows


def review(*rows, persons=None, is_kept=False):
    return Review("review.csv", b"", tuple(lines(*rows)), persons or {}, is_kept)


def test_decisions_are_of_the_cdms_persons():
    rows = decisions(Answers(), review(GOOD, "13,i3,not met,adenocarcinoma,R02,2025-01-02"))
    assert rows == [
        (12, "e9", "met", "心功能差不宜放化疗", "R01", date(2025, 3, 30)),
        (13, "i3", "not met", "adenocarcinoma", "R02", date(2025, 1, 2)),
    ]


def test_a_pseudonym_of_the_landing_names_the_same_person():
    key = "0123456789abcdef0123456789abcdef"
    given = review(f"{key},e9,met,why,R01,2025-03-30", persons={key: 13})
    assert decisions(Answers(), given)[0][0] == 13


def test_an_unknown_patient_is_an_error_and_not_repeated():
    with pytest.raises(ReviewError, match=r"line 3 column patient: no patient") as error:
        decisions(Answers(), review(GOOD, "98765,e9,met,why,R01,2025-03-30"))
    assert "98765" not in str(error.value)


def test_a_patient_decided_twice_is_an_error_under_either_pseudonym():
    key = "0123456789abcdef0123456789abcdef"
    given = review(GOOD, f"{key},e9,not met,why,R02,2025-03-30", persons={key: 12})
    with pytest.raises(ReviewError, match=r"line 3 column criterion: .* decided in line 2 already"):
        decisions(Answers(), given)


def test_a_kept_files_patient_may_have_left_the_cdm():
    given = review(GOOD, "98765,e9,met,why,R01,2025-03-30", is_kept=True)
    assert [row[0] for row in decisions(Answers(), given)] == [12]


def test_the_data_home_keeps_the_file_for_its_owner(tmp_path):
    settings, study = Settings(home=tmp_path, _env_file=None), Study()
    assert kept_review(settings, study, TODAY) is None
    assert kept_digest(settings, study) is None
    path = tmp_path / "my review.csv"
    path.write_text(f"{HEAD}\n{GOOD}\n", encoding="utf-8")
    given = read_review(path, study, TODAY)
    keep(settings, study, given)
    kept = kept_review(settings, study, TODAY)
    assert kept is not None
    assert (kept.lines, kept.is_kept) == (given.lines, True)
    assert kept_digest(settings, study) == given.sha256
    (file,) = (tmp_path / "review").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
