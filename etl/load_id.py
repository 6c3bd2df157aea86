"""The name of a load, which says what it was made of."""

import hashlib
from pathlib import Path

from etl import notes
from etl.engine.plan import SQL
from etl.settings import Settings
from etl.source.ledger import read_ledger
from etl.vocabulary.athena.load import in_use

NOTES = Path(notes.__file__).parent


def load_id_of(settings: Settings) -> str:
    """Name a load by the landing it stands on and a digest of all that made it.

    The same files, SQL, text rules and mappings give the same id: such a load replaces itself.
    """
    digest = hashlib.sha256(in_use(settings).encode())
    for path in [
        settings.landing / "ledger.json",
        *sorted(SQL.rglob("*.sql")),
        *sorted(NOTES.glob("*.py")),
        *sorted(path for path in settings.mappings.rglob("*") if path.is_file()),
    ]:
        digest.update(path.read_bytes())
    return f"{read_ledger(settings).loads}-{digest.hexdigest()[:8]}"
