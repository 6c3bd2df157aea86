"""Laboratory reports: requests are noted one by one, results are drawn in arrays."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from etl.synthetic import bank, calendar
from etl.synthetic.hospital import Frame, LabRequests
from etl.synthetic.visits import Chart, Visit

_BEFORE_CYCLE = ("blood", "chemistry")

# Bounds that keep criterion i6 met where the plan says so: (lowest, highest) as drawn values.
_ADEQUATE = {
    "WBC": (3.2, 12.0),
    "NEUT#": (1.8, 8.0),
    "HGB": (98.0, 175.0),
    "PLT": (115.0, 400.0),
    "ALT": (5.0, 70.0),
    "AST": (8.0, 60.0),
    "TBIL": (3.0, 28.0),
    "CREA": (35.0, 95.0),
}


def request(
    chart: Chart,
    visit: Visit,
    day: int,
    panels: tuple[str, ...] = _BEFORE_CYCLE,
    *,
    fixed: dict[str, str] | None = None,
    is_adequate: bool = False,
) -> None:
    """Sample the panels on a day; `fixed` gives the written results of single items."""
    if not calendar.window()[0] <= day <= calendar.window()[1]:
        return
    hospital, labs = chart.hospital, chart.hospital.labs
    hour, minute = chart.chance.between(6, 9), chart.chance.between(0, 59)
    titles = _panel_titles()
    for panel in panels:
        report = hospital.daily("LB", day, 5)
        title, specimen = titles[panel]
        chart.add(
            "LIS_BG",
            BGDH=report,
            JZLSH=visit.number,
            HZID=chart.person.hzid,
            BBMC=specimen,
            JYXMMC=title,
            CJSJ=calendar.at(day, hour, minute),
            BGSJ=calendar.at(day, hour + (5 if panel.startswith("ebv") else 2), minute, 30),
            SHZT="2",
        )
        index = len(labs.report)
        labs.report.append(report)
        labs.person.append(chart.person.number)
        labs.sex.append(0 if chart.person.is_male else 1)
        labs.panel.append(panel)
        labs.adequate.append(is_adequate)
        for code, value in (fixed or {}).items():
            if code in _codes_of(panel):
                labs.fixed[index, code] = value


def expand(labs: LabRequests, generator: np.random.Generator) -> Frame:
    """All results of a batch: one row per requested item, drawn in one go."""
    items = _items()
    order = {name: place for place, name in enumerate(items.panels)}
    panel = np.array([order[name] for name in labs.panel], dtype=np.int64)
    counts = items.counts[panel]
    total = int(counts.sum())
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    request_of = np.repeat(np.arange(len(panel)), counts)
    within = np.arange(total) - starts[request_of]
    item = items.first[panel][request_of] + within
    sex = np.array(labs.sex, dtype=np.int64)[request_of]
    person = np.array(labs.person, dtype=np.int64)[request_of]
    values = _draw(items, item, sex, person, generator)
    adequate = np.array(labs.adequate, dtype=bool)[request_of]
    bounded = adequate & items.is_bounded[item]
    values[bounded] = np.clip(
        values[bounded], items.floor[item[bounded]], items.ceiling[item[bounded]]
    )
    text = _written(items, item, values, generator)
    flag = np.full(total, None, dtype=object)
    low, high = items.low[sex, item], items.high[sex, item]
    is_number = items.is_number[item]
    flag[is_number & (values < low)] = "↓"
    flag[is_number & (values > high)] = "↑"
    report = np.empty(len(labs.report), dtype=object)
    report[:] = labs.report
    positions = [starts[at] + items.place[code] for (at, code) in labs.fixed]
    for position, ((_, _), value) in zip(positions, labs.fixed.items(), strict=True):
        text[position] = value
        flag[position] = _flag(value, low[position], high[position])
    reports = report[request_of]
    suffix = _SUFFIX[within]
    return Frame(
        {
            "JGLSH": reports + suffix,
            "BGDH": reports,
            "ZBDM": items.code[item],
            "ZBMC": items.name[item],
            "JG": text,
            "DW": items.unit[item],
            "CKFW": items.range_text[sex, item],
            "YCTS": flag,
            "JCFF": items.method[item],
        },
        person,
    )


_SUFFIX = np.array([f"-{place:02d}" for place in range(1, 60)], dtype=object)


def _flag(value: str, low: float, high: float) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return "↓" if number < low else "↑" if number > high else None


def _draw(
    items: Any, item: np.ndarray, sex: np.ndarray, person: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Mean of the sex, times the person's own level, times the day's spread (log scale)."""
    people, own = np.unique(person, return_inverse=True)
    level = rng.standard_normal((len(people), len(items.code)), dtype=np.float32)
    noise = rng.standard_normal(len(item), dtype=np.float32)
    spread = items.spread[item]
    drawn = np.exp(spread * (0.75 * level[own, item] + 0.65 * noise))
    result: np.ndarray = items.mean[sex, item] * drawn
    return result


def _written(
    items: Any, item: np.ndarray, values: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Numbers with the item's decimals; titres and qualitative results as words."""
    text = np.empty(len(item), dtype=object)
    for decimals in range(4):
        chosen = items.is_number[item] & (items.decimals[item] == decimals)
        scaled = np.rint(values[chosen] * 10**decimals).astype(np.int64)
        words, inverse = np.unique(scaled, return_inverse=True)
        written = np.array([f"{word / 10**decimals:.{decimals}f}" for word in words], dtype=object)
        if len(words):
            text[chosen] = written[inverse]
    for kind, choices in _WORDS.items():
        chosen = items.kind[item] == kind
        pick = rng.integers(0, len(choices), int(chosen.sum()))
        text[chosen] = np.array(choices, dtype=object)[pick]
    return text


_WORDS = {
    "titre": ["阴性(-)", "1:10", "1:20", "1:40", "1:80", "1:160", "阳性(+) 1:80"],
    "quality": ["阴性(-)", "0.00", "阴性", "0.02", "0.01", "<0.05"],
}


@cache
def _panel_titles() -> dict[str, tuple[str, str]]:
    return {row["panel"]: (row["title"], row["specimen"]) for row in bank.rows("lab_panels")}


@cache
def _codes_of(panel: str) -> frozenset[str]:
    return frozenset(row["code"] for row in bank.rows("lab_items") if row["panel"] == panel)


class _Items:
    """The item table as arrays; axis 0 of two-dimensional ones is sex (0 men, 1 women)."""

    def __init__(self) -> None:
        rows = bank.rows("lab_items")
        words: dict[str, list[Any]] = {key: [row[key] for row in rows] for key in rows[0]}
        self.panels = list(dict.fromkeys(words["panel"]))
        panel = np.array([self.panels.index(name) for name in words["panel"]])
        self.counts = np.bincount(panel)
        self.first = np.concatenate([[0], np.cumsum(self.counts)[:-1]]).astype(np.int64)
        self.place = {row["code"]: at - int(self.first[panel[at]]) for at, row in enumerate(rows)}
        self.code, self.name, self.method, self.kind = (
            np.array(words[key], dtype=object) for key in ("code", "name", "method", "kind")
        )
        self.unit = np.array([unit or None for unit in words["unit"]], dtype=object)
        self.is_number = self.kind == "number"
        self.decimals = np.array(words["decimals"], dtype=np.int64)
        self.spread = np.array(words["spread"], dtype=np.float32)
        sexes = ("male", "female")
        self.mean = np.array([words[f"mean_{sex}"] for sex in sexes], dtype=np.float64)
        self.low = _bounds([words[f"low_{sex}"] for sex in sexes], -np.inf)
        self.high = _bounds([words[f"high_{sex}"] for sex in sexes], np.inf)
        self.range_text = np.array(
            [[_range(row[f"low_{sex}"], row[f"high_{sex}"]) for row in rows] for sex in sexes],
            dtype=object,
        )
        self.is_bounded = np.array([code in _ADEQUATE for code in self.code])
        bounds = np.array([_ADEQUATE.get(code, (0.0, 0.0)) for code in self.code])
        self.floor, self.ceiling = bounds[:, 0], bounds[:, 1]


@cache
def _items() -> _Items:
    return _Items()


def _bounds(texts: list[list[str]], empty: float) -> np.ndarray:
    return np.array([[float(text) if text else empty for text in row] for row in texts])


def _range(low: str, high: str) -> str | None:
    if low and high:
        return f"{low}-{high}"
    return f"≤{high}" if high else f"≥{low}" if low else None
