"""How a hospital's text becomes a kept column: one SQL expression a type.

Three layers of SELECT, so that nothing is computed twice: `cleaned` (trimmed, control characters
gone, ids in their normal form), `checked` (is it a date, a number?), `kept` (what is stored).
"""

from collections.abc import Callable, Sequence
from datetime import date

from etl.source.contracts import DATES, DROPPED, NUMBERS, Column, Contract, Type
from etl.source.pseudonym import half_width_sql, hmac_sql, normal_id_sql
from etl.source.scrub import scrub_sql

OLDEST = 90  # years: an age that is never given exactly (GB/T 37964)
FIELD, FAULT = "chr(31)", "chr(30)"
_CARD = r"[1-9]\d{5}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
_CARD_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"


def trimmed_sql(name: str) -> str:
    """A column without outer spaces, '' as NULL."""
    # Looking for a space costs half of what trimming does, and few values hold one.
    return (
        f"CASE WHEN contains({name}, ' ') OR contains({name}, '\u3000')"
        f" THEN nullif(trim({name}, ' \u3000'), '') ELSE nullif({name}, '') END"
    )


def mended_sql(name: str) -> str:
    """A column without control characters and outer line breaks, its line ends all alike."""
    breaks = f"replace(replace({name}, '_x000D_', chr(13)), chr(13) || chr(10), chr(10))"
    mended = f"regexp_replace(replace({breaks}, chr(13), chr(10)), '{_CONTROL}', '', 'g')"
    return (
        f"CASE WHEN regexp_matches({name}, '[\\x00-\\x1f\\x7f]|_x000D_')"
        f" THEN trim({mended}, ' \u3000' || chr(9) || chr(10)) ELSE {name} END"
    )


def cleaned_sql(names: Sequence[str], relation: str, *, thorough: bool) -> str:
    """SELECT of the first layer: columns without outer spaces and, if `thorough`, control signs."""
    if thorough:
        relation = f"(SELECT {each(names, mended_sql)}, row_no FROM {relation})"
    return f"SELECT {each(names, trimmed_sql)}, row_no FROM {relation}"


def normal_sql(contract: Contract, names: Sequence[str], relation: str, *, thorough: bool) -> str:
    """SELECT of the second layer: every column that is read, codes and numbers in half-width.

    Ids come in their normal form. `names` are the file's columns; what it lacks is NULL.
    """
    read = {name: c for name, c in contract.read.items() if c.type is not Type.IDENTIFIER}
    there = [name for name in read if name in names]
    missing = "".join(f", CAST(NULL AS VARCHAR) AS {name}" for name in read if name not in names)
    source = cleaned_sql(there, relation, thorough=thorough)
    half = [n for n, c in read.items() if c.type not in (Type.TEXT, Type.FREE_TEXT)]
    source = f"SELECT *{missing} FROM ({source})"
    source = f"SELECT * REPLACE ({each(half, half_width_sql)}) FROM ({source})"
    ids = [name for name in half if read[name].type in (Type.ID, Type.SERIAL)]
    return f"SELECT * REPLACE ({each(ids, normal_id_sql)}) FROM ({source})"


def each(names: Sequence[str], change: Callable[[str], str]) -> str:
    """A SELECT list: every column changed and under its own name."""
    return ", ".join(f"{change(name)} AS {name}" for name in names)


def checked_sql(contract: Contract, source: str) -> str:
    """SELECT of the third layer: `bad_<column>`, and `month_<column>` of birth, beside the text."""
    checks = []
    for name, column in contract.read.items():
        if check := bad_sql(name, column):
            checks.append(f"coalesce({check}, false) AS bad_{name}")
        if column.type is Type.BIRTH_DATE:
            checks.append(
                f"left(strftime(source_timestamp({name}), '%Y-%m'),"
                f" CASE WHEN date_precision({name}) = 'year' THEN 4 ELSE 7 END) AS month_{name}"
            )
        if column.type is Type.ID_CARD:
            checks.append(
                f"CASE WHEN {_right_card_sql(name)}"
                f" THEN {name}[7:10] || '-' || {name}[11:12] END AS month_{name}"
            )
    return f"SELECT {', '.join(['*', *checks])} FROM ({source})"


def bad_sql(name: str, column: Column) -> str | None:
    """Whether a value is none of its type; None where anything may stand."""
    if column.type in DATES:
        return f"is_bad_date({name})"
    if column.type is Type.NUMBER:
        return f"is_bad_number({name}) OR NOT isfinite(source_number({name}))"
    if column.type is Type.INTEGER:
        return (
            f"is_bad_number({name})"
            f" OR source_number({name}) IS DISTINCT FROM trunc(source_number({name}))"
            f" OR NOT abs(source_number({name})) < 1e15"
        )
    if column.type in (Type.ID, Type.SERIAL):
        return (
            f"(contains({name}, 'E+') OR contains({name}, '.'))"
            f" AND regexp_full_match({name}, '\\d(\\.\\d+)?E\\+?\\d+')"
        )
    return None


def _reason(column: Column) -> str:
    if column.type in DATES:
        return "bad date"
    if column.type in NUMBERS:
        return "bad number"
    return "id in scientific notation"


def faults_sql(contract: Contract) -> str:
    """What is wrong with a row: `column US reason US value class`, joined by RS; else NULL."""
    faults, tests = [], []
    for name, column in contract.read.items():
        if bad_sql(name, column):
            tests.append(f"bad_{name}")
            faults.append(
                f"CASE WHEN bad_{name} THEN concat_ws({FIELD}, '{name}', '{_reason(column)}',"
                f" {value_class_sql(name)}) END"
            )
        if column.required:
            tests.append(f"{name} IS NULL")
            faults.append(
                f"CASE WHEN {name} IS NULL"
                f" THEN concat_ws({FIELD}, '{name}', 'required value missing', 'empty') END"
            )
    return f"CASE WHEN {' OR '.join(tests)} THEN concat_ws({FAULT}, {', '.join(faults)}) END"


def value_class_sql(name: str) -> str:
    """The shape of a value and its length, never the value: `D-D-D text len 10`."""
    shape = f"regexp_replace({name}, '[0-9]+', 'D', 'g')"
    shape = f"regexp_replace({shape}, '[A-CE-Za-z]+', 'A', 'g')"
    shape = f"regexp_replace({shape}, '[^\\x20-\\x7e]+', 'U', 'g')"
    return f"left({shape}, 24) || ' text len ' || length({name})"


def referring_ids(contract: Contract) -> list[str]:
    """The id columns that name another table's row: few values, each in many rows."""
    return [n for n, c in contract.read.items() if c.type is Type.ID and n not in contract.key]


def kept_sql(contract: Contract, extract_on: date) -> dict[str, str]:
    """What is stored of every column: name and expression over the third layer.

    Referring ids are still plain: `incoming.pseudonyms` hashes each value once.
    """
    kept: dict[str, str] = {}
    referring = referring_ids(contract)
    for name, column in contract.read.items():
        if column.type is Type.ID:
            value = name if name in referring else hmac_sql(name)
            kept[name] = f"CASE WHEN {name} IS NOT NULL AND NOT bad_{name} THEN {value} END"
        elif column.type is Type.ID_CARD:
            kept[f"{name}_CSNY"] = _capped_sql(f"month_{name}", extract_on)
            kept[f"{name}_XB"] = (
                f"CASE WHEN month_{name} IS NOT NULL THEN"
                f" CASE WHEN contains('13579', {name}[17]) THEN '1' ELSE '2' END END"
            )
        elif column.type is Type.BIRTH_DATE:
            kept[name] = _capped_sql(f"month_{name}", extract_on)
        elif column.type is Type.INTEGER:
            kept[name] = (
                f"CASE WHEN NOT bad_{name}"
                f" THEN CAST(CAST(source_number({name}) AS BIGINT) AS VARCHAR) END"
            )
        elif column.type in DATES or column.type in NUMBERS:
            kept[name] = f"CASE WHEN NOT bad_{name} THEN {name} END"
        elif column.type is Type.FREE_TEXT:
            kept[name] = scrub_sql(name)
        elif column.type not in DROPPED:
            kept[name] = name
        if name in contract.settings and contract.settings[name].inverted:
            kept[name] = f"CASE {name} WHEN '0' THEN '1' WHEN '1' THEN '0' ELSE {name} END"
    return kept


def _capped_sql(month: str, extract_on: date) -> str:
    """'YYYY-MM' or 'YYYY'; who is 90 or over at the extract was born 90 years before it."""
    year = extract_on.year - OLDEST
    # As text: '1934' and '1934-06' are both at or before '1934-06' when the extract is in June.
    oldest = f"'{year}-{extract_on.month:02d}'"
    return f"CASE WHEN {month} <= {oldest} THEN '{year}' ELSE {month} END"


def _right_card_sql(name: str) -> str:
    total = " + ".join(
        f"CAST({name}[{place}] AS INTEGER) * {weight}"
        for place, weight in enumerate(_CARD_WEIGHTS, start=1)
    )
    return (
        f"CASE WHEN regexp_full_match({name}, '{_CARD}')"
        f" THEN '10X98765432'[1 + ({total}) % 11] = upper({name}[18]) END"
    )
