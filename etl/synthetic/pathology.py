"""Pathology reports: PIS_BG."""

from __future__ import annotations

from etl.synthetic import bank, calendar, told
from etl.synthetic.orders import charge_item
from etl.synthetic.text_fact import PATHOLOGY
from etl.synthetic.told import Told, facts_of
from etl.synthetic.visits import Chart, Visit

_SQUAMOUS = ("undifferentiated", "differentiated", "keratinizing", "basaloid", "lymphoepithelial")
_SUPPLEMENTED = 0.05


def type_text(chart: Chart, histology: str) -> Told:
    """One wording of the tumour type."""
    return told.say(chart.chance, "pathology", f"type.{histology}")


def nasopharynx(
    chart: Chart, visit: Visit, day: int, histology: str, eber: bool, *, is_consult: bool = False
) -> tuple[str, str, str]:
    """Biopsy of the nasopharynx; returns (number, diagnosis text, morphology code)."""
    words, chance = bank.phrases("pathology"), chart.chance
    site = chance.pick(words["sites"])
    text = told.say(chance, "pathology", "primary", site=site, type=type_text(chart, histology))
    is_squamous = histology in _SQUAMOUS
    stain = "other" if not is_squamous else "eber_positive" if eber else "eber_negative"
    morphology = words["morphology"][histology]
    supplement = None
    if is_squamous and eber and chance.yes(_SUPPLEMENTED):
        supplement = told.say(chance, "pathology", "supplement")
    number = write(
        chart,
        visit,
        day,
        "会诊" if is_consult else "活检",
        site,
        text,
        "" if histology == "none" else _stains(chart, stain),
        morphology if chance.yes(0.7) else "",
        clinical=chance.pick(words["clinical"]),
        seen="carcinoma" if is_squamous else "none" if histology == "none" else "other",
        is_consult=is_consult,
        supplement=supplement,
    )
    return number, text, morphology


def metastasis(chart: Chart, visit: Visit, day: int, site: str, eber: bool) -> str:
    """Needle biopsy of a metastasis to the lung, consistent with the nasopharynx."""
    text = told.say(chart.chance, "pathology", "metastasis", site=site, organ="lung")
    is_positive = eber or any(fact["value"] == "EBER" for fact in text.facts)
    stains = _stains(chart, "eber_positive" if is_positive else "eber_negative")
    return write(chart, visit, day, "穿刺", site, text, stains, "8072/6", clinical="鼻咽癌肺转移?")


def lung_primary(chart: Chart, visit: Visit, day: int, site: str) -> str:
    """Needle biopsy of the lung: a primary of its own."""
    text = told.say(chart.chance, "pathology", "lung_primary", site=site)
    return write(
        chart,
        visit,
        day,
        "穿刺",
        site,
        text,
        _stains(chart, "lung_primary_stains"),
        "8140/3",
        clinical="肺占位：原发？转移？",
        seen="other",
    )


def other(chart: Chart, visit: Visit, day: int, cancer: dict[str, str], kind: str) -> str:
    """Pathology of another organ's tumour, a row of bank/cancers.csv."""
    text = told.say(
        chart.chance,
        "pathology",
        "another",
        site=cancer["organ"],
        text=cancer["histology"],
        organ=cancer["site"],
        morphology=cancer["morphology"],
    )
    return write(
        chart,
        visit,
        day,
        kind,
        cancer["organ"],
        text,
        _stains(chart, "lymphoma" if cancer["key"] == "lymphoma" else "other"),
        cancer["morphology"],
        clinical=f"{cancer['organ']}恶性肿瘤?",
        seen="other",
    )


def write(
    chart: Chart,
    visit: Visit,
    day: int,
    kind: str,
    site: str,
    diagnosis: str,
    stains: str,
    morphology: str,
    *,
    clinical: str,
    seen: str = "carcinoma",
    is_consult: bool = False,
    supplement: str | None = None,
) -> str:
    """One report row; returns its number. `seen` is the kind of microscopy."""
    words, chance = bank.phrases("pathology"), chart.chance
    number = chart.hospital.yearly("HZ" if is_consult else "B", day, 5)
    number = f"{number[:-5]}-{number[-5:]}"
    gross = chance.pick(words["gross"]).format(a=chance.between(1, 4), b=chance.between(1, 6))
    reported = min(day + chance.between(2, 4), calendar.window()[1])
    chart.add(
        "PIS_BG",
        BLH=number,
        JZLSH=visit.number,
        BBLX=kind,
        SJBW=site,
        LCZD=clinical,
        DTSJ=gross,
        JXSJ=chance.pick(words["microscopy"][seen]) or None,
        BLZD=diagnosis,
        MYZH=stains or None,
        XTXBM=morphology or None,
        BGSJ=calendar.at(reported, 16, chance.between(0, 59)),
        BCBG=supplement,
    )
    for text in (diagnosis, stains, supplement or ""):
        chart.told("PIS_BG", number, PATHOLOGY, facts_of(text))
    charge_item(chart, visit, "病理组织学检查与诊断", "BL0001", day, 180.0)
    return number


def _stains(chart: Chart, key: str) -> Told:
    return told.say(chart.chance, "pathology", key, k=chart.chance.between(3, 9) * 10)
