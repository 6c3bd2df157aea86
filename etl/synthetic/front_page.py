"""The front page of a stay and its tumour annex: BA_SY and BA_ZLFY."""

from __future__ import annotations

from dataclasses import dataclass

from etl.synthetic import calendar
from etl.synthetic.course import Radiotherapy
from etl.synthetic.visits import Chart, Visit

_CHEMO_CODE, _PD1_CODE = "99.2503", "99.2800x005"


@dataclass
class Annex:
    """What the tumour annex says of one stay."""

    stage: tuple[str, str, str, str]
    edition: str = "AJCC8"
    radiotherapy: Radiotherapy | None = None
    metastasis_radiotherapy: tuple[str, Radiotherapy] | None = None
    chemo_intent: str | None = None
    response: str | None = None


def write(chart: Chart, visit: Visit, annex: Annex | None) -> None:
    """Front page of a finished stay: principal first, up to 15 others, up to 7 operations."""
    if visit.end > calendar.window()[1]:
        return
    values: dict[str, str | None] = {
        "BAH": chart.person.bah,
        "ZYCS": str(visit.stay),
        "JZLSH": visit.number,
        "NL": str(chart.person.age_on(visit.start)),
        "ZYZD": visit.diagnoses[0].name,
        "JBDM": visit.diagnoses[0].code,
        "LYFS": "5" if visit.is_death else "1",
        "SFZZYJH": "2" if visit.diagnoses[0].code.startswith("Z51") else "1",
        "SJZYTS": str(max(1, visit.end - visit.start)),
        "ZFY": f"{visit.cost * 1.15 + 900:.2f}",
    }
    for place, diagnosis in enumerate(visit.diagnoses[1:16], 1):
        values[f"QTZD{place}"] = diagnosis.name
        values[f"JBDM{place}"] = diagnosis.code
        values[f"RYBQ{place}"] = diagnosis.condition
    if visit.pathology:
        values["BLH"], values["BLZD"], code = visit.pathology
        values["JBMM"] = f"M{code}" if code else None
    for place, (code, day) in enumerate(visit.operations[:7], 1):
        values[f"SSJCZBM{place}"] = code
        values[f"SSJCZRQ{place}"] = calendar.iso(day)
    chart.add("BA_SY", **values)
    if annex:
        _write_annex(chart, visit, annex)


def _write_annex(chart: Chart, visit: Visit, annex: Annex) -> None:
    """Stage, radiotherapy in cGy, chemotherapy and response of one stay."""
    t, n, m, stage = annex.stage
    values: dict[str, str | None] = {
        "JZLSH": visit.number,
        "ZLFQLX": annex.edition,
        "FQT": t,
        "FQN": n,
        "FQM": m,
        "FQ": stage,
        "LX": annex.response,
    }
    course = annex.radiotherapy
    if course and course.end <= visit.end:
        values |= {
            "FLFS": "1" if course.intent == "Curative" else "2",
            "FLCX": "1",
            "FLZZ": "2",
            "YFZJL": f"{course.dose_gy * 100:.0f}",
            "YFZCS": str(course.fractions),
            "YFZTS": str(course.end - course.start + 1),
            "YFZKSSJ": calendar.iso(course.start),
            "YFZJSSJ": calendar.iso(course.end),
            "QYLBJJL": "6600" if course.site == "nasopharynx" else None,
        }
    if annex.metastasis_radiotherapy:
        name, given = annex.metastasis_radiotherapy
        values |= {
            "FLFS": "2",
            "FLCX": "1",
            "FLZZ": "2",
            "ZYZMC": name,
            "ZYZJL": f"{given.dose_gy * 100:.0f}",
            "ZYZCS": str(given.fractions),
            "ZYZKSSJ": calendar.iso(given.start),
        }
    if annex.chemo_intent:
        values |= {"HLFS": annex.chemo_intent, "HLFF": "1"}
    chart.add("BA_ZLFY", **values)
