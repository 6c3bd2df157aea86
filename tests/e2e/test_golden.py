"""The golden hospital: a change of any row of its CDM is seen, and must be meant.

`GOLDEN=write make test-golden` writes the file anew; the diff shows which tables changed.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.hospital import fingerprint, published, run_command

pytestmark = pytest.mark.slow
GOLDEN = Path(__file__).with_name("golden.json")


def test_the_golden_hospital_gives_the_golden_cdm(
    messy_hospital: Path, new_home: Callable[[], Path]
) -> None:
    home = new_home()
    done = run_command("run", "--source", str(messy_hospital), home=home)
    assert done.returncode == 0, done.stderr
    found = {table: list(content) for table, content in fingerprint(published(home)).items()}
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    expected = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert {table: rows for table, (rows, _) in found.items()} == {
        table: rows for table, (rows, _) in expected.items()
    }
    changed = [table for table, content in found.items() if content != expected[table]]
    assert changed == []
