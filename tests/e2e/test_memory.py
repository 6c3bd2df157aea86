"""A campaign: memory must not grow with the hospital."""

from pathlib import Path

import pytest

from etl.bench import bench
from etl.settings import Settings

pytestmark = pytest.mark.long


def test_five_times_the_patients_take_less_than_a_third_more_memory(tmp_path: Path) -> None:
    small = bench(Settings(home=tmp_path / "small"), 10_000, 1)
    large = bench(Settings(home=tmp_path / "large"), 50_000, 1)
    assert large["source_rows"] > 4 * small["source_rows"]
    assert large["peak_rss_mb"] < 1.3 * small["peak_rss_mb"]
    assert large["peak_rss_mb"] < 2048
