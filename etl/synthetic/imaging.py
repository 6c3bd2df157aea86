"""Imaging reports: RIS_BG."""

from __future__ import annotations

from collections.abc import Sequence

from etl.synthetic import bank, calendar, told
from etl.synthetic import imaging_text as text
from etl.synthetic.course import Lesion
from etl.synthetic.text_fact import IMAGING
from etl.synthetic.told import Told, facts_of
from etl.synthetic.visits import Chart, Visit


def report(
    chart: Chart,
    visit: Visit,
    day: int,
    exam: str,
    findings: Sequence[str],
    said: Sequence[str],
    *,
    status: str = "3",
) -> str:
    """Write one report; returns its id (empty when the day is after the extract)."""
    if not calendar.window()[0] <= day <= calendar.window()[1]:
        return ""
    row = bank.phrases("imaging")["exams"][exam]
    seen, concluded = text.compose(chart.chance, list(findings), list(said))
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
    for sentence in (*findings, *said):
        lesions = [fact for fact in facts_of(sentence) if fact["type"] == "finding"]
        chart.told("RIS_BG", number, IMAGING, [{"nature": "unclear", **fact} for fact in lesions])
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
    extra: tuple[Told, Told] | None = None,
) -> str:
    """A chest (or whole-body) examination with these lesions; none at all reads clear."""
    chance = chart.chance
    earlier = calendar.iso(before) if before else "前片"
    findings: list[Told] = []
    said: list[str] = []
    for lesion in lesions:
        seen = text.finding(chance, lesion, change, earlier, exam == "pet")
        conclusion = text.impression(chance, lesion)
        findings.append(text.concluded(seen, conclusion))
        said.append(conclusion)
    for lesion in gone or []:
        findings.append(text.vanished(chance, lesion))
    if not any(lesion.organ == "lung" for lesion in lesions) and not gone:
        findings.append(
            text.clear(chance, "chest") if not lesions else told.say(chance, "imaging", "no_nodule")
        )
    regions = {lesion.organ for lesion in lesions}
    if exam in ("chest_abdomen", "pet") and "liver" not in regions:
        findings.append(text.clear(chance, "liver"))
    if exam == "pet" and "bone" not in regions:
        findings.append(text.clear(chance, "bone"))
    if chance.yes(0.5):
        findings.append(text.clear(chance, "other"))
    if extra:
        findings.append(text.concluded(*extra))
        said.append(extra[1])
    if lesions and lesions[0].certainty != "possible" and lesions[0].shape != "effusion":
        said[0] += {"growing": "，较前进展", "shrinking": "，较前缩小"}.get(change, "")
    if not said:
        said.append(told.say(chance, "imaging", "negative.chest"))
    return report(chart, visit, day, exam, findings, said)


def nasopharynx(chart: Chart, visit: Visit, day: int, state: str) -> str:
    """MRI of nasopharynx and neck: primary, recurrence or clear."""
    findings, said = text.local(chart.chance, state)
    return report(chart, visit, day, "neck_mri", findings, said)


def negative(chart: Chart, visit: Visit, day: int, exam: str, region: str) -> str:
    """An examination without findings in its region."""
    sentence = text.clear(chart.chance, region)
    said = told.say(chart.chance, "imaging", f"negative.{region}")
    return report(chart, visit, day, exam, [sentence], [said])
