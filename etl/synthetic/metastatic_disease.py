"""The metastatic disease as coded, staged and scanned."""

from __future__ import annotations

from etl.synthetic import imaging
from etl.synthetic import imaging_text as text
from etl.synthetic.course import Course
from etl.synthetic.visits import Chart, Visit

CHEMO_WARD = "头颈内科"
STAGE = ("rT0", "N0", "M1", "IVB")
# Size of the lesions at the first and at later scans, as a part of the first size.
SHRINK = {"CR": (0.6, 0.0), "PR": (0.6, 0.45), "SD": (0.95, 0.9), "PD": (1.4, 1.6)}


def codes(course: Course) -> list[str]:
    """Diagnosis keys of the disease as coded from the metastasis on."""
    keys = ["npc"]
    sure = [lesion.organ for lesion in course.lesions if lesion.certainty != "possible"]
    keys += list(dict.fromkeys(sure))
    if "p1_code_only" in course.extras or "p1_possible_only" in course.violations:
        keys.append("lung")
    if "e5_lupus" in course.extras:
        keys.append("lupus")
    return keys


def scan(
    chart: Chart,
    visit: Visit,
    day: int,
    course: Course,
    exam: str,
    factor: float = 1.0,
    change: str = "first",
    before: int | None = None,
) -> None:
    """A scan of all lesions outside the brain, scaled; factor 0 means gone."""
    present = [lesion for lesion in course.lesions if lesion.organ != "brain"]
    if factor <= 0.05:
        imaging.chest(chart, visit, day, exam, [], gone=present, before=before)
        return
    shown = [text.scaled(lesion, factor) for lesion in present]
    imaging.chest(chart, visit, day, exam, shown, change=change, before=before)
