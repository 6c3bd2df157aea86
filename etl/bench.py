"""The benchmark: one run against the floor, the least work that PostgreSQL needs for the same rows.

The run is a process of its own, so that its memory and CPU time can be told from the generator's
and from the server's.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from etl.errors import EtlError
from etl.settings import Settings

OUTSIDE = ("validate", "note")
"""Layers reported apart from the ratio: checking and reading texts is not moving rows."""


def bench(settings: Settings, patients: int, seed: int) -> dict[str, Any]:
    """Generate a hospital, run it, measure the floor; figures of one run on this machine.

    Seconds of wall and CPU time, megabytes of peak resident memory of the Python process tree;
    `ratio_to_floor` leaves out validation and the reading of texts.
    """
    from etl.warehouse.load import floor
    from etl.warehouse.server import connect_url, stop

    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=settings.home) as folder:
        home = Path(folder)
        hospital = home / "hospital"
        command = [sys.executable, "-m", "etl"]
        subprocess.run(
            [*command, "generate", f"--patients={patients}", f"--seed={seed}", f"--out={hospital}"],
            check=True,
        )
        here = settings.model_copy(update={"home": home})
        try:
            url = connect_url(here)
            summary, wall, cpu, peak = measured(
                [*command, "run", "--source", str(hospital), "--home", str(home), "--json"]
                + (["--warehouse", settings.warehouse] if settings.warehouse else [])
            )
            least = floor(url, here.lake)
        finally:
            stop(here)
    layers = summary["seconds"]
    moving = wall - sum(layers.get(layer, 0.0) for layer in OUTSIDE)
    source_rows = summary["landed"]["rows"]
    return {
        "patients": patients,
        "source_rows": source_rows,
        "cdm_rows": sum(summary["rows"].values()),
        "wall_s": round(wall, 1),
        "cpu_s": round(cpu, 1),
        "peak_rss_mb": round(peak / 2**20),
        "floor_s": round(least, 1),
        "ratio_to_floor": round(moving / least, 2),
        "source_rows_per_s": round(source_rows / moving),
        "layers": {layer: round(seconds, 2) for layer, seconds in layers.items()},
    }


def measured(command: list[str]) -> tuple[dict[str, Any], float, float, int]:
    """Run a command that prints JSON; give it, wall and CPU seconds, and peak bytes of its tree."""
    started = time.monotonic()
    before = os.times()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        process = subprocess.Popen(command, stdout=out)
        peak = 0
        while process.poll() is None:
            peak = max(peak, resident(process.pid))
            time.sleep(0.05)
        wall = time.monotonic() - started
        after = os.times()
        if process.returncode:
            raise EtlError(f"bench: the measured run ended with {process.returncode}")
        out.seek(0)
        summary = json.load(out)
    cpu = (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )
    return summary, wall, cpu, peak


def resident(pid: int) -> int:
    """Resident bytes of a process and its children; 0 once it is gone."""
    try:
        parent = psutil.Process(pid)
        return sum(
            process.memory_info().rss
            for process in [parent, *parent.children(recursive=True)]
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.Error:
        return 0
