"""The demo: a hospital invented, everything run, and what came out."""

import json
import shutil
import time
from pathlib import Path

from etl.errors import UsageError
from etl.progress import Reporter
from etl.run import run
from etl.settings import Settings
from etl.summary import summary_text
from etl.synthetic.generate import generate


def demo(settings: Settings, patients: int, seed: int) -> None:
    """Generate a hospital into the data home, run it, and print a summary.

    Raises UsageError where the home holds another hospital's data: a demo never mixes with it.
    """
    hospital = settings.home / "hospital"
    wanted = {"patients": patients, "seed": seed}
    if (settings.landing / "ledger.json").exists() and not is_demo(hospital):
        raise UsageError(f"{settings.home}: holds another hospital's data: name another --home")
    started = time.monotonic()
    with Reporter() as progress:
        if not is_demo(hospital, wanted):
            if is_demo(hospital):
                forget(settings, hospital)
            generate(patients, seed, hospital)
            progress("demo.generate", patients, time.monotonic() - started)
        summary = run(hospital, settings, progress)
    print(summary_text(settings, summary))
    print(f"\nThe demo took {time.monotonic() - started:.0f} s.")


def is_demo(hospital: Path, wanted: dict[str, int] | None = None) -> bool:
    """Whether the folder holds a generated hospital, and the one wanted."""
    marker = hospital / "GENERATED.json"
    if not marker.exists():
        return False
    found = json.loads(marker.read_text(encoding="utf-8"))
    return wanted is None or all(found.get(name) == value for name, value in wanted.items())


def forget(settings: Settings, hospital: Path) -> None:
    """Remove an earlier demo's hospital and what was landed of it; the database stays."""
    for folder in (hospital, settings.landing, settings.lake, settings.review):
        shutil.rmtree(folder, ignore_errors=True)
