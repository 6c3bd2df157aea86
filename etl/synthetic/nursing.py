"""Vital signs, weight, height and performance: HL_SMTZ."""

from __future__ import annotations

from etl.synthetic import calendar
from etl.synthetic.visits import Chart, Visit


def measure(
    chart: Chart,
    visit: Visit,
    day: int,
    *,
    kps: int | None = None,
    ecog: int | None = None,
    is_brief: bool = False,
    fever: bool = False,
) -> None:
    """One round of measurements; the brief one is temperature and pulse."""
    if day > calendar.window()[1]:
        return
    chance, person = chart.chance, chart.person
    values: list[tuple[str, str, str | None]] = [
        ("TW", f"{chance.normal(38.6 if fever else 36.6, 0.3):.1f}", "℃"),
        ("XL", f"{chance.normal(80, 9):.0f}", "次/分"),
    ]
    if not is_brief:
        values += [
            ("SSY", f"{chance.normal(124, 12):.0f}", "mmHg"),
            ("SZY", f"{chance.normal(77, 8):.0f}", "mmHg"),
            ("TZ", f"{max(38.0, person.weight + chance.normal(0, 1.2)):.1f}", "kg"),
            ("SG", f"{person.height:.0f}", "cm"),
            ("NRS", str(chance.between(0, 3)), "分"),
        ]
    if kps is not None:
        values.append(("KPS", str(kps), "分"))
    if ecog is not None:
        values.append(("ECOG", str(ecog), "分"))
    taken = calendar.at(day, chance.between(6, 15), chance.between(0, 59))
    for code, result, unit in values:
        chart.add(
            "HL_SMTZ",
            CLID=chart.hospital.serial("CL", 10),
            JZLSH=visit.number,
            CLSJ=taken,
            XMDM=code,
            JG=result,
            DW=unit,
        )
