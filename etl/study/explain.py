"""Why a patient is in the cohort or not: each criterion's answer, with the CDM rows behind it.

Answers come from the published warehouse, so that they are about what analysts see.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from etl.errors import NotFoundError, SourceError, UsageError, WarehouseError
from etl.settings import Settings

STUDY = "npc_lung_pd1"
Row = Mapping[str, Any]
Fetch = Callable[[str, int], list[Row]]
"""The rows of a study table (`npc_lung_pd1_criterion`) for one person, as mappings."""
Explanation = dict[str, Any]

_KINDS = ("empi", "hzid", "bah")


def explain(settings: Settings, hospital_id: str) -> Explanation:
    """Explain one patient, named by any of his hospital ids (EMPI_ID, HZID, BAH).

    Raises NotFoundError, without the id, where the hospital does not know it.
    """
    person_id = person_of(settings, hospital_id)
    if person_id is None:
        return outside(None, "master index entries merge in a circle")
    return explanation(person_id, published(settings))


def explanation(person_id: int, fetch: Fetch) -> Explanation:
    """Explain one person from the study tables that `fetch` reads."""
    candidates = fetch(f"{STUDY}_candidate", person_id)
    if not candidates:
        return outside(person_id, "no NPC diagnosis")
    (candidate,) = candidates
    evidence: dict[str, list[dict[str, Any]]] = {}
    for row in fetch(f"{STUDY}_evidence", person_id):
        if row["cdm_table"] is not None:
            evidence.setdefault(row["criterion"], []).append(
                {
                    "table": row["cdm_table"],
                    "id": row["cdm_id"],
                    "concept": row["concept_name"] or row["concept_id"],
                    "date": _as_text(row["found_on"], row["date_precision"]),
                    "value": row["value"],
                }
            )
    answered = sorted(fetch(f"{STUDY}_criterion", person_id), key=lambda row: row["criterion_no"])
    return {
        "person_id": person_id,
        "eligible": candidate["eligible"],
        "index_date": _as_text(candidate["index_on"]),
        "arm": candidate["arm"],
        "criteria": {
            row["criterion"]: {
                "answer": row["answer"],
                "value": row["value"],
                "date": _as_text(row["found_on"], row["date_precision"]),
                "evidence": sorted(
                    evidence.get(row["criterion"], []),
                    key=lambda one: (one["date"] or "", one["table"], one["id"]),
                ),
            }
            for row in answered
        },
    }


def outside(person_id: int | None, why: str) -> Explanation:
    """The explanation of a patient who is not among the NPC patients."""
    answers = {"p1": why, "p2": "no thoracic metastasis to count from"}
    return {
        "person_id": person_id,
        "eligible": "no",
        "index_date": None,
        "arm": None,
        "criteria": {
            criterion: {"answer": "not met", "value": value, "date": None, "evidence": []}
            for criterion, value in answers.items()
        },
    }


def as_text(explained: Explanation) -> str:
    """The explanation for a terminal: one line a criterion, its evidence indented below."""
    lines = [
        f"person {explained['person_id'] or '-'}: eligible {explained['eligible']},"
        f" index date {explained['index_date'] or '-'}, arm {explained['arm'] or '-'}"
    ]
    for criterion, one in explained["criteria"].items():
        dated = f" ({one['date']})" if one["date"] else ""
        lines.append(f"{criterion}  {one['answer']:<8} {one['value']}{dated}")
        lines += [
            f"      {row['date'] or '-':<10}  {row['concept'] or '-'}: {row['value']}"
            f"  [{row['table']} {row['id']}]"
            for row in one["evidence"]
        ]
    return "\n".join(lines)


def person_of(settings: Settings, hospital_id: str) -> int | None:
    """The person behind a hospital id; None where the master index gives none.

    Raises NotFoundError for an id that the hospital does not know, without the id.
    """
    import duckdb

    from etl.source.contracts import load_contracts
    from etl.source.ledger import read_ledger
    from etl.source.pseudonym import fingerprint, pseudonym, read_key
    from etl.source.raw import open_raw

    if not hospital_id.strip():
        raise UsageError("--hospital-id is empty: give an EMPI_ID, HZID or BAH")
    ledger = read_ledger(settings)
    if ledger.identity_path is None:
        raise NotFoundError("nothing has been landed in this data home: run `npc-omop run` first")
    key = read_key(settings, generated=ledger.is_generated)
    if ledger.key_fingerprint not in (None, fingerprint(key)):
        raise SourceError("the key is not the one this hospital was landed with: set the right one")
    contracts = load_contracts(settings.mappings / "sources")
    with duckdb.connect() as con:
        open_raw(con, settings, contracts, ledger)
        found = con.execute(
            "SELECT DISTINCT id_kind, person_id FROM raw.identity WHERE id_hmac = ?",
            [pseudonym(key, hospital_id)],
        ).fetchall()
    return one_person(found)


def one_person(found: list[tuple[str, int | None]]) -> int | None:
    """The person among (kind of id, person) rows: EMPI_ID speaks before HZID before BAH."""
    if not found:
        raise NotFoundError("no patient has this id: give an EMPI_ID, HZID or BAH of the hospital")
    first = min(_KINDS.index(kind) for kind, _ in found)
    persons = {person for kind, person in found if _KINDS.index(kind) == first}
    known = persons - {None}
    if len(known) > 1:
        raise NotFoundError("several patients share this id: give the EMPI_ID of one of them")
    return known.pop() if known else None


def published(settings: Settings) -> Fetch:
    """Read the study tables of the published warehouse, one person at a time."""
    import psycopg
    from psycopg import sql
    from psycopg.rows import dict_row

    from etl.warehouse.server import connect_url

    url = connect_url(settings)

    def fetch(table: str, person_id: int) -> list[Row]:
        query = sql.SQL("SELECT * FROM study.{} WHERE person_id = %s").format(sql.Identifier(table))
        try:
            with psycopg.connect(url, row_factory=dict_row) as con:
                return list(con.execute(query, [person_id]))
        except psycopg.errors.UndefinedTable:
            raise WarehouseError(
                f"study.{table}: is not in the warehouse: run `npc-omop run` first"
            ) from None
        except psycopg.Error as error:
            raise WarehouseError(
                f"study.{table}: cannot be read ({type(error).__name__}): check the warehouse"
            ) from None

    return fetch


def _as_text(day: date | None, precision: str | None = "day") -> str | None:
    """A date as far as it is known: 2023-05-06, 2023-05 or 2023."""
    if day is None:
        return None
    return day.isoformat()[: {"month": 7, "year": 4}.get(precision or "day", 10)]
