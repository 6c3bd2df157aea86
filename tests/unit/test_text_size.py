"""Lengths in a report, in mm, and the numbers that are none."""

import pytest

from etl.notes.size import sizes
from etl.notes.text import normal

LENGTHS = """
约1.8cm×1.5cm | 18 15
大小约2.0*3.0CM | 20 30
直径约12mm | 12
大小约4.3×3.6×3.1cm | 43 36 31
大小约18mm×15mm | 18 15
约1.8cm×15mm | 18 15
2.4x1.9 cm | 24 19
约２.１ｃｍ×１.７ｃｍ | 21 17
直径0.3～1.1cm | 11
直径约2mm~6mm不等 | 6
直径约2-3cm | 30
约17×12毫米 | 17 12
约1.6公分 | 16
约3.8cm×2.9cm×3.5cm（前后径×左右径×上下径） | 38 29 35
大小约1.5×2.0 | 15 20
大小约15×20 | 15 20
长径22mm | 22
约1.2 厘米 | 12
5cm×4cm×3cm | 50 40 30
大小约3cm*2cm | 30 20
1.5～2.0cm | 20
3.9×2.4×3.0（cm） | 39 24 30
（0.8*0.7）cm | 8 7
3.2x2.1x1.9，单位cm | 32 21 19
"""
NONE = """
层厚5mm
层厚1.25mm重建
CT值约37HU
SUVmax 7.1
（se8,im221）
图4-27
T11椎体
2021-03-15
60F
肝S8段
血糖5.6mmol/L
剂量7.8mCi
b值=800s/mm2
距门齿约30cm
距肛缘5cm
门静脉主干内径11mm
DT6800cGY
第3周期
10⁹/L
"""


@pytest.mark.parametrize("line", LENGTHS.strip().splitlines())
def test_a_length_is_in_mm_as_written(line: str) -> None:
    text, wanted = line.split("|")
    [size] = sizes(normal(text.strip()))
    assert list(size.mm) == [float(number) for number in wanted.split()]


@pytest.mark.parametrize("text", NONE.strip().splitlines())
def test_other_numbers_are_no_lengths(text: str) -> None:
    assert not list(sizes(normal(text)))


def test_a_list_shares_its_unit() -> None:
    assert [size.mm for size in sizes("直径分别约4、5mm")] == [(4.0,), (5.0,)]


@pytest.mark.parametrize("text", ["不足1cm", "小于1.0cm", "短径均<8mm", "短径均小于1.0cm"])
def test_less_than_a_length_is_a_limit(text: str) -> None:
    assert [size.limit for size in sizes(text)] == ["<"]


@pytest.mark.parametrize(
    ("text", "short"),
    [("短径约16mm", True), ("短径最大约2.3cm", True), ("长径约14mm", False), ("直径8mm", False)],
)
def test_a_short_axis_is_told(text: str, short: bool) -> None:
    assert [size.short for size in sizes(text)] == [short]


@pytest.mark.parametrize(
    "text",
    [
        "现约1.1cm×0.9cm（前片1.9cm×1.5cm）",
        "约11mm×9mm（原约19mm×15mm）",
        "现约11mm（2021-03-15：19mm）",
    ],
)
def test_the_size_before_is_marked(text: str) -> None:
    assert [size.earlier for size in sizes(normal(text))] == [False, True]


def test_from_one_size_to_another() -> None:
    assert [size.earlier for size in sizes("由6mm增至11mm")] == [True, False]
    assert [size.earlier for size in sizes("由2.6cm×2.2cm缩小至1.2cm×0.9cm")] == [True, False]
