"""What a user sees of `npc-omop vocabulary` when a disk or a right refuses: one line."""

import subprocess
import sys
from pathlib import Path


def told(*arguments: object) -> tuple[int, str]:
    command = [sys.executable, "-m", "etl", "vocabulary", *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    return ended.returncode, ended.stderr


def test_findings_that_cannot_be_written_are_one_line(tmp_path: Path) -> None:
    code, error = told("check", "--csv", tmp_path, "--home", tmp_path / "家 home")
    assert code == 2
    assert "name a file you can write to" in error


def test_a_home_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for command in (["check"], ["bench", "--concepts", "2000"]):
        code, error = told(*command, "--home", tmp_path / "file" / "home")
        assert code == 1
        assert "check its room and rights" in error
