"""One small messy hospital for all end-to-end tests, and homes whose servers are stopped."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from etl.synthetic.generate import generate
from tests.e2e.hospital import run_command

PATIENTS, SEED = 60, 7


@pytest.fixture(scope="session")
def messy_hospital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty patients with every trap."""
    out = tmp_path_factory.mktemp("source") / "hospital"
    generate(PATIENTS, SEED, out, mess=1.0)
    return out


@pytest.fixture(scope="module")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Path]]:
    """A maker of data homes; the embedded servers of all of them are stopped at the end."""
    homes = []

    def make() -> Path:
        homes.append(tmp_path_factory.mktemp("home") / "数据")
        return homes[-1]

    yield make
    for home in homes:
        run_command("stop", home=home)
