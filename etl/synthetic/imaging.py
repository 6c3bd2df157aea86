"""Imaging reports: RIS_BG."""

from __future__ import annotations

from etl.synthetic import bank, calendar
from etl.synthetic import imaging_text as text
from etl.synthetic.course import Lesion
from etl.synthetic.visits import Chart, Visit


def report(
    chart: Chart,
    visit: Visit,
    day: int,
    exam: str,
    findings: list[str],
    said: list[str],
    *,
    status: str = "3",
) -> str:
    """Write one report; returns its id (empty when the day is after the extract)."""
    if not calendar.window()[0] <= day <= calendar.window()[1]:
        return ""
    row = bank.phrases("imaging")["exams"][exam]
    seen, concluded = text.compose(chart.chance, findings, said)
    hour = chart.chance.between(8, 16)
    number = chart.hospital.daily(row["category"], day)
    chart.add(
        "RIS_BG",
        JCBGH=number,
        JZLSH=visit.number,
        JCLB=row["category"],
        JCBW=row["part"],
        JCXMMC=row["name"],
        JCSJ=calendar.at(day, hour, chart.chance.between(0, 59)),
        BGSJ=calendar.at(min(day + 1, calendar.window()[1]), 17, chart.chance.between(0, 59)),
        YXSJ=seen,
        YXZD=concluded or None,
        BGZT=status,
    )
    return number


def chest(
    chart: Chart,
    visit: Visit,
    day: int,
    exam: str,
    lesions: list[Lesion],
    *,
    change: str = "first",
    before: int | None = None,
    gone: list[Lesion] | None = None,
    extra: tuple[str, str] | None = None,
) -> str:
    """A chest (or whole-body) examination with these lesions; none at all reads clear."""
    chance = chart.chance
    earlier = calendar.iso(before) if before else "前片"
    findings, said = [], []
    for lesion in lesions:
        findings.append(text.finding(chance, lesion, change, earlier, exam == "pet"))
        said.append(text.impression(chance, lesion))
    for lesion in gone or []:
        findings.append(text.vanished(chance, lesion))
    if not any(lesion.organ == "lung" for lesion in lesions) and not gone:
        findings.append(text.clear(chance, "chest") if not lesions else "双肺未见明确结节影")
    regions = {lesion.organ for lesion in lesions}
    if exam in ("chest_abdomen", "pet") and "liver" not in regions:
        findings.append(text.clear(chance, "liver"))
    if exam == "pet" and "bone" not in regions:
        findings.append(text.clear(chance, "bone"))
    if chance.yes(0.5):
        findings.append(text.clear(chance, "other"))
    if extra:
        findings.append(extra[0])
        said.append(extra[1])
    if change == "growing" and lesions:
        said[0] += "，较前进展"
    elif change == "shrinking" and lesions:
        said[0] += "，较前缩小"
    return report(chart, visit, day, exam, findings, said or ["胸部未见明确转移征象"])


def nasopharynx(chart: Chart, visit: Visit, day: int, state: str) -> str:
    """MRI of nasopharynx and neck: primary, recurrence or clear."""
    findings, said = text.local(chart.chance, state)
    return report(chart, visit, day, "neck_mri", findings, said)


def negative(chart: Chart, visit: Visit, day: int, exam: str, region: str) -> str:
    """An examination without findings in its region."""
    sentence = text.clear(chart.chance, region)
    return report(chart, visit, day, exam, [sentence], ["未见明确转移征象"])
