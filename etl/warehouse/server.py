"""Where the warehouse is: the PostgreSQL of a URL, or the embedded one in the data home.

The embedded server listens on a socket only, open to its own user, and outlives the process.
"""

import re
from pathlib import Path
from urllib.parse import quote

from etl.errors import UsageError, WarehouseError
from etl.settings import Settings
from etl.warehouse import cluster

VERSIONS = range(15, 19)
"""Major versions of PostgreSQL that the warehouse is tested on."""


def connect_url(settings: Settings) -> str:
    """Give a libpq URL of a warehouse that answers; start the embedded server if need be.

    WarehouseError, without the password, when it cannot be reached, refuses, or is unsuitable.
    """
    if settings.warehouse:
        url = settings.warehouse
        if not url.startswith(("postgresql://", "postgres://")):
            raise UsageError(
                "the warehouse URL must start with postgresql://, as "
                "postgresql://user:password@host:5432/database"
            )
    else:
        prepare_home(settings)
        url = socket_url(cluster.start(settings.postgres.absolute()))
    check(url)
    return url


def stop(settings: Settings) -> bool:
    """Stop the embedded server; False when none ran. A server behind a URL is left alone."""
    return cluster.stop(settings.postgres.absolute())


def prepare_home(settings: Settings) -> None:
    """Make the data home. Its own folder may be passed through by others, patients' data not."""
    settings.home.mkdir(parents=True, exist_ok=True)
    for private in (settings.landing, settings.lake):
        private.mkdir(exist_ok=True)
        private.chmod(0o700)


def socket_url(socket_dir: Path) -> str:
    """Give the URL of the embedded server.

    The host `localhost` stands in it because SQLAlchemy's users want one; libpq takes the folder.
    The port is there because PGPORT in the environment would win otherwise.
    """
    return f"postgresql://postgres@localhost:5432/postgres?host={quote(str(socket_dir), safe='/')}"


def check(url: str) -> None:
    """Connect once, and raise WarehouseError unless this database can hold the warehouse."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        # its message may quote the password
        raise UsageError(
            "the warehouse URL cannot be read: percent-encode special characters of the password"
        ) from None
    where = f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}"
    database = str(parts.get("dbname") or parts.get("user") or "postgres")
    try:
        with psycopg.connect(
            url,
            connect_timeout=int(parts.get("connect_timeout") or 10),
            client_encoding="utf8",
        ) as con:
            version = con.info.server_version // 10000
            row = con.execute(
                "SELECT has_database_privilege(current_database(), 'CREATE'),"
                " current_setting('server_encoding'), pg_is_in_recovery(), current_user"
            ).fetchone()
    except psycopg.Error as error:
        raise WarehouseError(
            _why(str(error), where, database, str(parts.get("user") or "the current user"))
        ) from None
    assert row is not None
    may_create, encoding, is_standby, user = row
    if version not in VERSIONS:
        raise WarehouseError(
            f"the warehouse at {where} is PostgreSQL {version}: versions {VERSIONS[0]} to"
            f" {VERSIONS[-1]} are supported"
        )
    if encoding != "UTF8":
        raise WarehouseError(
            f"the database {database} at {where} is encoded in {encoding}: create it with"
            " ENCODING 'UTF8'"
        )
    if is_standby:
        raise WarehouseError(f"the warehouse at {where} is a read-only standby: name the primary")
    if not may_create:
        raise WarehouseError(
            f"user {user} may not create schemas in {database} at {where}:"
            f" GRANT CREATE ON DATABASE {database} TO {user}"
        )


def _why(message: str, where: str, database: str, user: str) -> str:
    """Say in one line why a connection failed; only our own words, so no secret is quoted."""
    if "password" in message and ("authentication failed" in message or "supplied" in message):
        return f"the warehouse at {where} refused the password of {user}: check the warehouse URL"
    if re.search(r'database ".*" does not exist', message):
        return f"no database {database} at {where}: create it, or correct the warehouse URL"
    if re.search(r'role ".*" does not exist', message):
        return f"no user {user} at {where}: create it, or correct the warehouse URL"
    if "pg_hba.conf" in message:
        return f"the warehouse at {where} does not admit {user} to {database}: see its pg_hba.conf"
    if "too many" in message or "remaining connection slots" in message:
        return f"the warehouse at {where} has no free connection: close some, then run again"
    return f"the warehouse at {where} cannot be reached: is it running, is the address right?"
