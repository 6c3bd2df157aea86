"""Who is meant: the person of the CDM behind a hospital id or a pseudonym of the landing."""

from etl.errors import NotFoundError, SourceError, UsageError
from etl.settings import Settings

Found = list[tuple[str, int | None]]
"""What an id was landed as: kinds of id, and the person each names."""

_KINDS = ("empi", "hzid", "bah")


def person_of(settings: Settings, hospital_id: str) -> int | None:
    """The person behind a hospital id; None where the master index gives none.

    Raises NotFoundError for an id that the hospital does not know, without the id.
    """
    from etl.source.ledger import read_ledger
    from etl.source.pseudonym import fingerprint, pseudonym, read_key

    if not hospital_id.strip():
        raise UsageError("--hospital-id is empty: give an EMPI_ID, HZID or BAH")
    ledger = read_ledger(settings)
    if ledger.identity_path is None:
        raise NotFoundError("nothing has been landed in this data home: run `npc-omop run` first")
    key = read_key(settings, generated=ledger.is_generated)
    if ledger.key_fingerprint not in (None, fingerprint(key)):
        raise SourceError("the key is not the one this hospital was landed with: set the right one")
    own = pseudonym(key, hospital_id)
    return one_person(persons_of(settings, {own}).get(own, []))


def persons_of(settings: Settings, pseudonyms: set[str]) -> dict[str, Found]:
    """What the landing knows of pseudonyms; those it does not know are left out."""
    import duckdb

    from etl.source.contracts import load_contracts
    from etl.source.raw import open_raw

    contracts = load_contracts(settings.mappings / "sources")
    with duckdb.connect() as con:
        open_raw(con, settings, contracts)
        rows = con.execute(
            "SELECT DISTINCT id_hmac, id_kind, person_id FROM raw.identity"
            " WHERE list_contains(?, id_hmac)",
            [sorted(pseudonyms)],
        ).fetchall()
    found: dict[str, Found] = {}
    for key, kind, person in rows:
        found.setdefault(key, []).append((kind, person))
    return found


def one_person(found: Found) -> int | None:
    """The person among (kind of id, person) rows: EMPI_ID speaks before HZID before BAH."""
    if not found:
        raise NotFoundError("no patient has this id: give an EMPI_ID, HZID or BAH of the hospital")
    first = min(_KINDS.index(kind) for kind, _ in found)
    persons = {person for kind, person in found if _KINDS.index(kind) == first}
    known = persons - {None}
    if len(known) > 1:
        raise NotFoundError("several patients share this id: give the EMPI_ID of one of them")
    return known.pop() if known else None
