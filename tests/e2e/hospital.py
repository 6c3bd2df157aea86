"""What the end-to-end tests share: a small messy hospital, runs in processes, a CDM as text."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg

from etl.warehouse import spec


def run_command(*words: str, home: Path, timeout: float = 240) -> subprocess.CompletedProcess[str]:
    """Run `npc-omop` as a user would; output captured."""
    return subprocess.run(
        [sys.executable, "-m", "etl", *words, "--home", str(home)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env=environment(),
    )


def environment() -> dict[str, str]:
    """The environment without this project's settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("NPC_OMOP_")}


def published(home: Path) -> str:
    """The libpq URL of a home's warehouse."""
    done = run_command("url", home=home)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def fingerprint(url: str, schema: str = "cdm") -> dict[str, tuple[int, str]]:
    """Rows and a digest of the ordered content of every table of a schema."""
    found = {}
    with psycopg.connect(url) as con:
        for table in spec.CDM_TABLES:
            columns = ", ".join(f'"{c.name}"' for c in spec.columns(table))
            digest = hashlib.sha256()
            rows = 0
            for row in con.execute(f"SELECT {columns} FROM {schema}.{table} ORDER BY {columns}"):
                digest.update(repr(row).encode())
                rows += 1
            found[table] = (rows, digest.hexdigest())
    return found
