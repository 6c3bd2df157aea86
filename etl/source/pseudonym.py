"""Keyed pseudonyms: an id becomes the first 32 hex characters of its HMAC-SHA256.

The key comes from `NPC_OMOP_KEY` or the file `NPC_OMOP_KEY_FILE` names. It never stands in SQL
text: the two padded blocks of HMAC go into session variables of the connection, and DuckDB does
the hashing, two cores at a time.
"""

import hashlib
import hmac
import json
import re
import stat
from pathlib import Path

import duckdb

from etl.errors import KeyMissingError
from etl.settings import Settings

MARKER = "GENERATED.json"
_DEMO_KEY = b"npc-omop demonstration: an invented hospital only"
_BLOCK = 64
_SHORTEST = 16
_FULL = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_HALF = "".join(chr(code) for code in range(0x21, 0x7F))


def is_generated(source: Path) -> bool:
    """Whether a folder holds an invented hospital: its marker file says so."""
    try:
        marker = json.loads((source / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(marker, dict) and marker.get("generator") == "npc-omop"


def read_key(settings: Settings, *, generated: bool) -> bytes:
    """The key of this hospital's pseudonyms; KeyMissingError where a real one comes without."""
    if settings.key is not None and settings.key.get_secret_value():
        return _checked(settings.key.get_secret_value().encode(), "NPC_OMOP_KEY")
    if settings.key_file is not None:
        return _checked(_read_file(settings.key_file), "NPC_OMOP_KEY_FILE")
    if generated:
        return _DEMO_KEY
    raise KeyMissingError(
        "no key for the pseudonyms: set NPC_OMOP_KEY, or NPC_OMOP_KEY_FILE to a file that holds"
        f" it (at least {_SHORTEST} bytes, the same one for every load of this hospital)"
    )


def open_key_notice(settings: Settings) -> list[str]:
    """A notice where others than its owner may read the key's file."""
    path = settings.key_file
    if settings.key is not None or path is None:
        return []
    is_open = path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    return [f"NPC_OMOP_KEY_FILE: others may read {path}: chmod 600 it"] if is_open else []


def fingerprint(key: bytes) -> str:
    """Eight hex characters that tell keys apart and give nothing of them away."""
    return hmac.new(key, b"npc-omop key fingerprint", hashlib.sha256).hexdigest()[:8]


def normal_id(text: str) -> str:
    """An id as it is hashed: half-width, upper case, no outer spaces, zeros put back.

    Spreadsheets drop leading zeros and add `.0`: a number shorter than ten digits is padded.
    """
    text = text.translate(str.maketrans(_FULL + "\u3000", _HALF + " ")).strip().upper()
    text = re.sub(r"^(\d+)\.0+$", r"\1", text, flags=re.ASCII)
    return text.rjust(10, "0") if re.fullmatch(r"\d{1,9}", text, flags=re.ASCII) else text


def pseudonym(key: bytes, text: str) -> str:
    """The pseudonym of one id, the same that landing gives it: 32 hex characters."""
    return hmac.new(key, normal_id(text).encode(), hashlib.sha256).hexdigest()[:32]


def use_key(con: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Put HMAC's two padded blocks into the session, for `hmac_sql`, and a secret for row keys."""
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    con.execute("SET VARIABLE hmac_inner = ?", [bytes(byte ^ 0x36 for byte in block)])
    con.execute("SET VARIABLE hmac_outer = ?", [bytes(byte ^ 0x5C for byte in block)])
    secret = hmac.new(key, b"row keys", hashlib.sha256).hexdigest()
    con.execute("SET VARIABLE row_secret = ?", [secret])


def drop_key(con: duckdb.DuckDBPyConnection) -> None:
    """Take the key out of the session again."""
    con.execute("RESET VARIABLE hmac_inner")
    con.execute("RESET VARIABLE hmac_outer")
    con.execute("RESET VARIABLE row_secret")


def hmac_sql(value: str) -> str:
    """SQL for the pseudonym of an expression that `normal_id_sql` has normalised."""
    inner = f"sha256(getvariable('hmac_inner') || encode({value}))"
    return f"sha256(getvariable('hmac_outer') || unhex({inner}))[:32]"


def normal_id_sql(name: str) -> str:
    """`normal_id` in SQL, for a column that is trimmed and half-width already."""
    plain = f"regexp_replace({name}, '^(\\d+)\\.0+$', '\\1')"
    return (
        # Nearly every id needs nothing else, and this is the hottest line of landing.
        f"CASE WHEN length({name}) >= 10 AND NOT contains({name}, '.') THEN upper({name})"
        f" WHEN regexp_full_match({plain}, '\\d{{1,9}}') THEN lpad({plain}, 10, '0')"
        f" ELSE upper({plain}) END"
    )


def half_width_sql(value: str) -> str:
    """Full-width letters, digits and signs made half-width; pure ASCII is left untouched."""
    full, half = _FULL + "\u3000", _HALF.replace("'", "''") + " "
    return (
        f"CASE WHEN strlen({value}) = length({value})"
        f" OR NOT regexp_matches({value}, '[\uff01-\uff5e\u3000]') THEN {value}"
        f" ELSE trim(translate({value}, '{full}', '{half}')) END"
    )


def _checked(key: bytes, origin: str) -> bytes:
    key = key.strip()
    if len(key) < _SHORTEST:
        raise KeyMissingError(
            f"{origin}: the key is shorter than {_SHORTEST} bytes: make it longer"
        )
    return key


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyMissingError(
            f"NPC_OMOP_KEY_FILE: {path} cannot be read: {error.strerror}"
        ) from None
