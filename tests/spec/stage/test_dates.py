"""How dates are written (trap 11), and what each form is worth."""

import pytest


def dates_of(specification, text):
    return specification.con.execute(
        "SELECT CAST(source_timestamp($t) AS VARCHAR), date_precision($t), is_bad_date($t)",
        {"t": text},
    ).fetchone()


@pytest.mark.parametrize(
    "written",
    [
        "2023-05-06",
        "2023/5/6",
        "20230506",
        "2023.5.6",
        "2023年5月6日",
        "2023年05月06日",
        "二〇二三年五月六日",
        "二○二三年五月六日",
        "二零二三年五月六日",
        "２０２３－０５－０６",
        "45052",
        "2023-05-06 00:00:00",
        "2023-05-06T00:00",
        "20230506000000",
    ],
)
def test_one_day_has_many_spellings(specification, written):
    assert dates_of(specification, written) == ("2023-05-06 00:00:00", "day", False)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2023/5/6 9:05", "2023-05-06 09:05:00"),
        ("2023-05-06 09:05:07", "2023-05-06 09:05:07"),
        ("2023-05-06T09:05:07", "2023-05-06 09:05:07"),
        ("20230506090507", "2023-05-06 09:05:07"),
        ("2023年5月6日 9:05", "2023-05-06 09:05:00"),
        ("2023年5月6日9时5分", "2023-05-06 09:05:00"),
        ("2023年5月6日 09点05分07秒", "2023-05-06 09:05:07"),
        ("20230506 9:05", "2023-05-06 09:05:00"),
        ("45052.5", "2023-05-06 12:00:00"),
    ],
)
def test_a_time_of_day_is_kept(specification, written, read):
    assert dates_of(specification, written) == (read, "day", False)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("二〇二三年十月二十日", "2023-10-20"),
        ("二〇二三年十二月三十一日", "2023-12-31"),
        ("二〇二三年二月十日", "2023-02-10"),
        ("二〇二三年十一月二十三日", "2023-11-23"),
    ],
)
def test_chinese_numerals_count_to_31(specification, written, read):
    assert dates_of(specification, written) == (f"{read} 00:00:00", "day", False)


@pytest.mark.parametrize("written", ["2023-05", "2023年5月", "2023/5", "2023.5", "二〇二三年五月"])
def test_a_month_stays_a_month(specification, written):
    assert dates_of(specification, written) == ("2023-05-01 00:00:00", "month", False)


@pytest.mark.parametrize("written", ["2023", "2023年", "二〇二三年"])
def test_a_year_stays_a_year(specification, written):
    assert dates_of(specification, written) == ("2023-01-01 00:00:00", "year", False)


@pytest.mark.parametrize(
    "written", [None, "", "-", "/", "无", "不详", "1900-01-01", "9999-12-31", "9999/12/31"]
)
def test_none_is_neither_a_date_nor_a_mistake(specification, written):
    assert dates_of(specification, written) == (None, None, False)


@pytest.mark.parametrize(
    "written",
    ["2023-02-30", "2023-13-01", "20231301", "5月6日", "昨日", "2123-05-06", "123", "6/5/23"],
)
def test_what_names_no_day_is_a_bad_date(specification, written):
    assert dates_of(specification, written) == (None, None, True)
