"""The benchmark of `vocabulary load`: an invented download of any size, loaded into an empty home.

The load is a process of its own, so that its memory can be told from the generator's. Memory is
proportional resident memory, in which pages that processes share count once.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import psutil

from etl.errors import EtlError
from etl.settings import Settings
from etl.synthetic.athena import write_bundle

EVERY_SECONDS = 0.25


def bench(settings: Settings, concepts: int) -> dict[str, Any]:
    """Invent a download, load it into an empty home below the settings', and give the figures.

    Seconds of wall time, and of processor time of the load and of the embedded server (on a busy
    machine the better figure); megabytes of peak memory of the load, of the server, and of both at
    one moment. Everything is removed again, from a server named by URL too.
    """
    from etl.warehouse.server import connect_url, stop
    from etl.warehouse.vocabulary import forget_vocabulary

    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=settings.home) as folder:
        home = Path(folder) / "home"
        bundle = Path(folder) / "athena"
        began = time.monotonic()
        try:
            rows = write_bundle(bundle, settings.mappings, concepts)
        except duckdb.IOException:
            raise EtlError(f"{bundle}: cannot be written: check its room and rights") from None
        generated = time.monotonic() - began
        size = sum(path.stat().st_size for path in bundle.glob("*.csv"))
        command = [sys.executable, "-m", "etl", "vocabulary", "load", str(bundle), "--json"]
        command += ["--home", str(home)]
        if settings.warehouse:
            command += ["--warehouse", settings.warehouse]
        here = settings.model_copy(update={"home": home})
        try:
            cpu = -_children_cpu()
            found, wall, peaks = _measured(command, here)
            cpu += _children_cpu()
            server_cpu = _cpu(_postmaster(here.postgres))
            if settings.warehouse:
                forget_vocabulary(connect_url(settings), found["digest"])
        finally:
            stop(here)
    return {
        "concepts": rows["concept"],
        "rows": sum(rows.values()),
        "bundle_mb": round(size / 2**20),
        "generate_s": round(generated, 1),
        "wall_s": round(wall, 1),
        "cpu_load_s": round(cpu, 1),
        "cpu_server_s": round(server_cpu, 1),
        "rows_per_s": round(sum(rows.values()) / wall),
        "peak_load_mb": round(peaks["load"] / 2**20),
        "peak_server_mb": round(peaks["server"] / 2**20),
        "peak_mb": round(peaks["both"] / 2**20),
        "seconds": {name: round(seconds, 1) for name, seconds in found["seconds"].items()},
    }


def _measured(
    command: list[str], settings: Settings
) -> tuple[dict[str, Any], float, dict[str, int]]:
    """Run the load; give what it prints, its wall seconds, and its peaks in bytes."""
    peaks = {"load": 0, "server": 0, "both": 0}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=out)
        while process.poll() is None:
            load = _resident(process.pid)
            server = _resident(_postmaster(settings.postgres))
            for name, bytes_ in (("load", load), ("server", server), ("both", load + server)):
                peaks[name] = max(peaks[name], bytes_)
            time.sleep(EVERY_SECONDS)
        wall = time.monotonic() - began
        if process.returncode:
            raise EtlError(f"vocabulary bench: the load ended with {process.returncode}")
        out.seek(0)
        return json.load(out), wall, peaks


def _postmaster(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n")[0])
    except (OSError, ValueError):
        return None


def _children_cpu() -> float:
    """Processor seconds of this process's finished children."""
    spent = os.times()
    return spent.children_user + spent.children_system


def _cpu(pid: int | None) -> float:
    """Processor seconds of a server, its finished connections included."""
    if pid is None:
        return 0.0
    try:
        spent = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    children = (getattr(spent, name, 0.0) for name in ("children_user", "children_system"))
    return float(spent.user + spent.system + sum(children))


def _resident(pid: int | None) -> int:
    """Proportional resident bytes of a process and its children; 0 once it is gone."""
    if pid is None:
        return 0
    total = 0
    try:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            try:
                full = process.memory_full_info()
                total += getattr(full, "pss", full.rss)  # only Linux tells shared pages apart
            except psutil.Error:
                continue
    except psutil.Error:
        return 0
    return total
