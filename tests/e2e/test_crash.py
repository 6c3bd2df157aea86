"""Killed at any layer, a run leaves the published CDM as it was, and the same command finishes."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.hospital import environment, fingerprint, published, run_command

pytestmark = pytest.mark.slow

LAYERS = ("warehouse", "landing", "stage", "stem", "cdm", "validate", "copied", "load", "publish")


def killed_after(layer: str, source: Path, home: Path) -> None:
    """Start a run and kill it with SIGKILL as soon as it tells of a piece of work of a layer."""
    process = subprocess.Popen(
        [sys.executable, "-m", "etl", "run", "--source", str(source), "--home", str(home)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(f"{layer}."):
            os.kill(process.pid, signal.SIGKILL)
            break
    process.stderr.close()
    assert process.wait(timeout=60) == -signal.SIGKILL, f"no line told of {layer}"


@pytest.fixture(scope="module")
def increment(messy_hospital: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same hospital with an operation cancelled since: the second load differs."""
    folder = tmp_path_factory.mktemp("increment")
    lines = (messy_hospital / "SS_MZ.csv").read_bytes().splitlines(keepends=True)
    (folder / "SS_MZ.csv").write_bytes(lines[0] + lines[-1].replace(b",3\n", b",2\n"))
    (folder / "GENERATED.json").write_bytes((messy_hospital / "GENERATED.json").read_bytes())
    return folder


@pytest.fixture(scope="module")
def expected(
    messy_hospital: Path, increment: Path, new_home: Callable[[], Path]
) -> dict[str, tuple[int, str]]:
    """What the two loads give when nothing breaks."""
    home = new_home()
    for source in (messy_hospital, increment):
        done = run_command("run", "--source", str(source), home=home)
        assert done.returncode == 0, done.stderr
    return fingerprint(published(home))


def test_killed_at_each_layer_the_published_cdm_stays_and_the_same_command_finishes(
    messy_hospital: Path,
    increment: Path,
    expected: dict[str, tuple[int, str]],
    new_home: Callable[[], Path],
) -> None:
    home = new_home()
    done = run_command("run", "--source", str(messy_hospital), home=home)
    assert done.returncode == 0, done.stderr
    before = fingerprint(published(home))
    assert before != expected
    for layer in LAYERS:
        killed_after(layer, increment, home)
        assert fingerprint(published(home)) == (expected if layer == "publish" else before), layer
    done = run_command("run", "--source", str(increment), home=home)
    assert done.returncode == 0, done.stderr
    assert fingerprint(published(home)) == expected


def test_the_first_run_killed_at_landing_leaves_nothing_half_done(
    messy_hospital: Path, new_home: Callable[[], Path]
) -> None:
    home = new_home()
    killed_after("warehouse", messy_hospital, home)
    assert not (home / "landing" / "ledger.json").exists()
    assert run_command("run", "--source", str(messy_hospital), home=home).returncode == 0
