"""Reading one part, with what goes wrong told in one line."""

import errno
from collections.abc import Callable
from pathlib import Path

import duckdb

from etl.errors import SourceError
from etl.source.database import Part


def read_part(
    con: duckdb.DuckDBPyConnection,
    part: Part,
    scratch: Path,
    use: Callable[[str], None],
    *,
    numbered: bool = True,
) -> None:
    """Open a part and let `use` work on its FROM item; SourceError where a record is broken.

    `use` may be called twice: a file whose line ends change is rewritten and read again.
    """
    try:
        use(part.open(con, scratch, numbered=numbered))
    except (duckdb.OutOfMemoryException, duckdb.BinderException, duckdb.CatalogException):
        raise
    except duckdb.Error as error:
        if "No space left" in str(error):
            raise
        if not part.can_mend(error):
            raise part.broken(error) from None
        try:
            use(part.open(con, scratch, numbered=numbered, mend=True))
        except duckdb.InvalidInputException as second:
            raise part.broken(second) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise SourceError(f"{part.name} ({part.table}): cannot be read: {error.strerror}") from None
