"""Pathology reports: PIS_BG."""

from __future__ import annotations

from etl.synthetic import bank, calendar
from etl.synthetic.orders import charge_item
from etl.synthetic.visits import Chart, Visit


def type_text(chart: Chart, histology: str) -> str:
    """One wording of the tumour type."""
    wording: str = chart.chance.pick(bank.phrases("pathology")["type"][histology])
    return wording


def nasopharynx(
    chart: Chart, visit: Visit, day: int, histology: str, eber: bool, *, is_consult: bool = False
) -> tuple[str, str, str]:
    """Biopsy of the nasopharynx; returns (number, diagnosis text, morphology code)."""
    words, chance = bank.phrases("pathology"), chart.chance
    site = chance.pick(words["sites"])
    text = chance.pick(words["primary"]).format(site=site, type=type_text(chart, histology))
    is_squamous = histology not in ("adenocarcinoma", "nos", "none")
    stain = "eber_positive" if eber else "eber_negative"
    stains = chance.pick(words[stain if is_squamous else "other"]).format(k=_ki67(chart))
    morphology = words["morphology"][histology]
    number = write(
        chart,
        visit,
        day,
        "会诊" if is_consult else "活检",
        site,
        text,
        "" if histology == "none" else stains,
        morphology if chance.yes(0.7) else "",
        clinical=chance.pick(words["clinical"]),
        is_consult=is_consult,
    )
    return number, text, morphology


def metastasis(chart: Chart, visit: Visit, day: int, site: str, eber: bool) -> str:
    """Needle biopsy of a metastasis, consistent with the nasopharynx."""
    words, chance = bank.phrases("pathology"), chart.chance
    text = chance.pick(words["metastasis"]).format(site=site)
    stain = chance.pick(words["eber_positive" if eber else "eber_negative"])
    return write(
        chart,
        visit,
        day,
        "穿刺",
        site,
        text,
        stain.format(k=_ki67(chart)),
        "8072/6",
        clinical="鼻咽癌肺转移?",
    )


def lung_primary(chart: Chart, visit: Visit, day: int, site: str) -> str:
    """Needle biopsy of the lung: a primary of its own."""
    words, chance = bank.phrases("pathology"), chart.chance
    text = chance.pick(words["lung_primary"]).format(site=site)
    return write(
        chart,
        visit,
        day,
        "穿刺",
        site,
        text,
        "CK7(+)，TTF-1(+)，NapsinA(+)，P40(-)，EBER(-)",
        "8140/3",
        clinical="肺占位：原发？转移？",
    )


def other(chart: Chart, visit: Visit, day: int, organ: str, text: str, code: str, kind: str) -> str:
    """Pathology of another organ's tumour."""
    stains = chart.chance.pick(bank.phrases("pathology")["other"]).format(k=_ki67(chart))
    return write(
        chart,
        visit,
        day,
        kind,
        organ,
        f"（{organ}）{text}。",
        stains,
        code,
        clinical=f"{organ}恶性肿瘤?",
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
    is_consult: bool = False,
) -> str:
    """One report row; returns its number."""
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
        JXSJ=chance.pick(words["microscopy"]) or None,
        BLZD=diagnosis,
        MYZH=stains or None,
        XTXBM=morphology or None,
        BGSJ=calendar.at(reported, 16, chance.between(0, 59)),
        BCBG=None,
    )
    charge_item(chart, visit, "病理组织学检查与诊断", "BL0001", day, 180.0)
    return number


def _ki67(chart: Chart) -> int:
    return chart.chance.between(3, 9) * 10
