"""Dates in a text, by the text's own date 2023-05-06, as precise as they are told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.notes.text import normal
from etl.notes.when import dates

ON = date(2023, 5, 6)


def values(text: str, on: date | None = ON) -> list[str]:
    return [when.value for when in dates(normal(text), on)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-03-15行放疗", ["2021-03-15"]),
        ("2021年3月外院根治性放疗结束", ["2021-03"]),
        ("2021.3.15起", ["2021-03-15"]),
        ("二〇二一年三月", ["2021-03"]),
        ("二零二一年十二月三十日", ["2021-12-30"]),
        ("21年3月外院", ["2021-03"]),
        ("2021年", ["2021"]),
        ("2021/03/05", ["2021-03-05"]),
        ("20210315", ["2021-03-15"]),
        ("2021-02-30", ["2021-02"]),
        ("2023-04-0510:20患者", ["2023-04-05"]),
        ("2021年3月至5月", ["2021-03", "2021-05"]),
        ("2021年11月至次年2月", ["2021-11", "2022-02"]),
        ("2021.11-2022.01", ["2021-11", "2022-01"]),
        ("2021年3月5日开始放疗，5月10日结束", ["2021-03-05", "2021-05-10"]),
        ("2021.6-10，6C", ["2021-06", "2021-10"]),
        ("2021/9/5—10/21", ["2021-09-05", "2021-10-21"]),
        ("2021-02-19、3-12两次", ["2021-02-19", "2021-03-12"]),
        ("签字日期23-04-02", ["2023-04-02"]),
        ("2021年9月二线治疗", ["2021-09"]),
        ("2021年5月3周期后", ["2021-05"]),
        ("末次4-26。", ["2023-04-26"]),
        ("淋巴结转移（3/12），恶心1-2级，第1-2周期，3-5天", []),
    ],
)
def test_an_absolute_date_keeps_its_precision(text: str, expected: list[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2年前外院", ["2021"]),
        ("两年前", ["2021"]),
        ("1年半前", ["2021-11"]),
        ("1年3月前", ["2022-02"]),
        ("半年前", ["2022-11"]),
        ("3周前", ["2023-04"]),
        ("3个月前", ["2023-02"]),
        ("10天前", ["2023-04-26"]),
        ("20余天前", ["2023-04"]),
        ("去年3月", ["2022-03"]),
        ("前年", ["2021"]),
        ("上月", ["2023-04"]),
        ("昨日", ["2023-05-05"]),
        ("入院前1月余", ["2023-04"]),
        ("放疗后2年", ["2021"]),
        ("3月12日结束", ["2023-03-12"]),
        ("12月12日结束", ["2022-12-12"]),
    ],
)
def test_a_relative_date_is_told_from_the_texts_date(text: str, expected: list[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    ["2年前", "去年3月", "上月", "昨日"],
)
def test_without_the_texts_date_a_relative_date_is_none(text: str) -> None:
    assert values(text, None) == []


@pytest.mark.parametrize(
    "text",
    [
        "病理（B2018-10202）",
        "T36.5℃，P78次/分",
        "高血压病史10年3月",
        "第2周期",
        "数年前",
        "咳嗽1月",
        "胸水2000ml",
        "近2年",
    ],
)
def test_no_date_is_read_from_other_numbers(text: str) -> None:
    assert values(text) == []


@given(st.text(alphabet="0123456789年月日前后.-/去上半余二〇至术入院，", max_size=60))
def test_any_text_has_dates_in_order_within_it(text: str) -> None:
    found = dates(text, ON)
    assert [when.start for when in found] == sorted(when.start for when in found)
    assert all(0 <= when.start < when.end <= len(text) for when in found)
    assert all(len(when.value) in (4, 7, 10) for when in found)
