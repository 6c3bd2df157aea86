"""How a hospital's text becomes a kept column: one SQL expression a type.

Three layers of SELECT, so that nothing is computed twice: `cleaned` (trimmed, control characters
gone, ids in their normal form), `checked` (is it a date, a number?), `kept` (what is stored).
"""

from datetime import date

from etl.source.contracts import DATES, NUMBERS, Column, Contract, Type
from etl.source.pseudonym import half_width_sql, hmac_sql, normal_id_sql
from etl.source.scrub import scrub_sql

OLDEST = 90  # years: an age that is never given exactly (GB/T 37964)
FIELD, FAULT = "chr(31)", "chr(30)"
_CARD = r"[1-9]\d{5}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]"
_CARD_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"


def clean_sql(name: str, *, thorough: bool) -> str:
    """A column without outer spaces, '' as NULL; `thorough` also drops control characters."""
    text = f'"{name}"'
    if thorough:
        breaks = f"replace(replace({text}, '_x000D_', chr(13)), chr(13) || chr(10), chr(10))"
        mended = f"regexp_replace(replace({breaks}, chr(13), chr(10)), '{_CONTROL}', '', 'g')"
        text = (
            f"CASE WHEN regexp_matches({text}, '[\\x00-\\x1f\\x7f]|_x000D_')"
            f" THEN trim({mended}, ' \u3000' || chr(9) || chr(10)) ELSE {text} END"
        )
    return (
        f"nullif(CASE WHEN contains({text}, '\u3000') THEN trim({text}, ' \u3000')"
        f" ELSE trim({text}) END, '')"
    )


def cleaned_sql(contract: Contract, present: set[str], relation: str, *, thorough: bool) -> str:
    """SELECT of the first layer: `row_no` and every column that is read, as normal text."""
    columns = ["row_no"]
    for name, column in contract.read.items():
        if column.type is Type.IDENTIFIER:
            continue
        if name not in present:
            columns.append(f"CAST(NULL AS VARCHAR) AS {name}")
        else:
            columns.append(f"{clean_sql(name, thorough=thorough)} AS {name}")
    return f"SELECT {', '.join(columns)} FROM {relation}"


def normal_sql(contract: Contract, source: str) -> str:
    """SELECT of the second layer: ids, codes, dates and numbers in half-width, ids normalised."""
    columns = []
    for name, column in contract.read.items():
        if column.type is Type.ID:
            columns.append(f"{normal_id_sql(name)} AS {name}")
        elif column.type is Type.ID_CARD:
            columns.append(f"upper({half_width_sql(name)}) AS {name}")
        elif column.type not in (Type.TEXT, Type.FREE_TEXT, Type.IDENTIFIER):
            columns.append(f"{half_width_sql(name)} AS {name}")
    return f"SELECT * REPLACE ({', '.join(columns)}) FROM ({source})"


def checked_sql(contract: Contract, source: str) -> str:
    """SELECT of the third layer: the normal text and, where it can be bad, `bad_<column>`."""
    checks = [
        f"coalesce({check}, false) AS bad_{name}"
        for name, column in contract.read.items()
        if (check := _bad_sql(name, column))
    ]
    return f"SELECT {', '.join(['*', *checks])} FROM ({source})"


def _bad_sql(name: str, column: Column) -> str | None:
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
    if column.type is Type.ID:
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
    faults = []
    for name, column in contract.read.items():
        if _bad_sql(name, column):
            faults.append(
                f"CASE WHEN bad_{name} THEN concat_ws({FIELD}, '{name}', '{_reason(column)}',"
                f" {value_class_sql(name)}) END"
            )
        if column.required:
            faults.append(
                f"CASE WHEN {name} IS NULL"
                f" THEN concat_ws({FIELD}, '{name}', 'required value missing', 'empty') END"
            )
    return f"nullif(concat_ws({FAULT}, {', '.join(faults)}), '')"


def value_class_sql(name: str) -> str:
    """The shape of a value and its length, never the value: `D-D-D text len 10`."""
    shape = f"regexp_replace({name}, '[0-9]+', 'D', 'g')"
    shape = f"regexp_replace({shape}, '[A-CE-Za-z]+', 'A', 'g')"
    shape = f"regexp_replace({shape}, '[^\\x20-\\x7e]+', 'U', 'g')"
    return f"left({shape}, 24) || ' text len ' || length({name})"


def kept_sql(contract: Contract, extract_on: date) -> dict[str, str]:
    """What is stored of every column: name and expression over the third layer."""
    kept: dict[str, str] = {}
    for name, column in contract.read.items():
        if column.type is Type.ID:
            kept[name] = (
                f"CASE WHEN {name} IS NOT NULL AND NOT bad_{name} THEN {hmac_sql(name)} END"
            )
        elif column.type is Type.ID_CARD:
            right = _right_card_sql(name)
            month = f"({name}[7:10] || '-' || {name}[11:12])"
            kept[f"{name}_CSNY"] = f"CASE WHEN {right} THEN {_capped_sql(month, extract_on)} END"
            kept[f"{name}_XB"] = (
                f"CASE WHEN {right} THEN CASE WHEN CAST({name}[17] AS INTEGER) % 2 = 1"
                " THEN '1' ELSE '2' END END"
            )
        elif column.type is Type.BIRTH_DATE:
            month = (
                f"left(strftime(source_timestamp({name}), '%Y-%m'),"
                f" CASE WHEN date_precision({name}) = 'year' THEN 4 ELSE 7 END)"
            )
            kept[name] = f"CASE WHEN NOT bad_{name} THEN {_capped_sql(month, extract_on)} END"
        elif column.type is Type.INTEGER:
            kept[name] = (
                f"CASE WHEN NOT bad_{name}"
                f" THEN CAST(CAST(source_number({name}) AS BIGINT) AS VARCHAR) END"
            )
        elif column.type in DATES or column.type in NUMBERS:
            kept[name] = f"CASE WHEN NOT bad_{name} THEN {name} END"
        elif column.type is Type.FREE_TEXT:
            kept[name] = scrub_sql(name)
        elif column.type is not Type.IDENTIFIER:
            kept[name] = name
        if name in contract.settings and contract.settings[name].inverted:
            kept[name] = f"CASE {name} WHEN '0' THEN '1' WHEN '1' THEN '0' ELSE {name} END"
    return kept


def _capped_sql(month: str, extract_on: date) -> str:
    """'YYYY-MM' or 'YYYY'; who is 90 or over at the extract was born 90 years before it."""
    full = f"({extract_on.year * 12 + extract_on.month} - CAST({month}[1:4] AS INTEGER) * 12"
    age = (
        f"CASE WHEN length({month}) = 7 THEN ({full} - CAST({month}[6:7] AS INTEGER)) // 12)"
        f" ELSE {extract_on.year} - CAST({month}[1:4] AS INTEGER) END"
    )
    return f"CASE WHEN {age} >= {OLDEST} THEN '{extract_on.year - OLDEST}' ELSE {month} END"


def _right_card_sql(name: str) -> str:
    total = " + ".join(
        f"CAST({name}[{place}] AS INTEGER) * {weight}"
        for place, weight in enumerate(_CARD_WEIGHTS, start=1)
    )
    return (
        f"CASE WHEN regexp_full_match({name}, '{_CARD}')"
        f" THEN '10X98765432'[1 + ({total}) % 11] = {name}[18] END"
    )
