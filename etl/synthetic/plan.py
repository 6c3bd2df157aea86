"""Plans of nasopharyngeal carcinoma: the calendar and content of one course."""

from __future__ import annotations

import math
from typing import Any

from etl.synthetic import bank, calendar
from etl.synthetic.chance import Chance
from etl.synthetic.course import Course, Lesion, Radiotherapy
from etl.synthetic.imaging_text import place_for
from etl.synthetic.radiotherapy import working_days
from etl.synthetic.violations import violate

_MONTH = 30.44
_METASTATIC = ("cohort", "near_miss", "several")


def plan_course(chance: Chance, kind: str) -> tuple[Course, bool, int]:
    """A plan of the kind, the patient's sex (true = man) and birth day."""
    setting = bank.parameters()
    if kind in _METASTATIC or kind in ("other_metastasis", "lung_chemotherapy", "lung_primary"):
        course = _metastatic(chance, kind)
    else:
        course = _localized(chance, kind)
    people = setting["demographics"]
    low, high = people["ages"]
    age = min(max(chance.normal(people["age_mean"], people["age_sd"]), low), high)
    reference = course.index_on or course.diagnosed_on
    born = int(reference - age * 365.25 - chance.between(0, 300))
    if course.index_on and (course.index_on - born) / 365.25 < 18.5:
        born -= 400
    if kind == "near_miss":
        weights = {name: row["weight"] for name, row in bank.violations().items()}
        born = violate(chance, course, chance.weighted(weights), born)
    elif kind == "several":
        for name in chance.some(["i2_kps50", "i4_early", "e2_recurrence", "i6_plt"], 2):
            born = violate(chance, course, name, born)
    return course, chance.yes(people["male"]), born


def _disease(chance: Chance, kind: str, reference: int) -> Course:
    """Histology, stage and treatment intensity; the dates follow."""
    setting = bank.parameters()
    primary = setting["primary"]
    stage = chance.weighted(setting["stage"])
    t, n = {"II": ("T2", "N1"), "III": ("T3", "N2"), "IVA": ("T4", "N2")}[stage]
    induction = chance.weighted(primary["induction"])
    return Course(
        kind=kind,
        diagnosed_on=reference,
        histology=chance.weighted(setting["histology"]),
        eber=chance.yes(setting["eber_positive"]),
        stage=(t, n, "M0", stage),
        induction=induction,
        induction_cycles=0 if induction == "none" else chance.between(*primary["induction_cycles"]),
        concurrent=chance.weighted(primary["concurrent"]),
    )


def lay_primary(chance: Chance, course: Course, start: int) -> None:
    """Definitive radiotherapy from `start`; its end and the diagnosis before it."""
    primary = bank.parameters()["primary"]
    fractions = int(chance.weighted(primary["fractions"]))
    dose = float(chance.weighted(primary["dose_gy"]))
    course.primary = Radiotherapy("nasopharynx", start, fractions, dose)
    course.primary.end = working_days(start, fractions)[-1]
    course.primary_end = course.primary.end
    course.diagnosed_on = start - 24 - 21 * course.induction_cycles


def _localized(chance: Chance, kind: str) -> Course:
    """Cured, recurring in the neck, watched for a nodule, or seen once."""
    first, last = calendar.window()
    course = _disease(chance, kind, 0)
    start = chance.between(first + 100, last - 20)
    lay_primary(chance, course, start)
    course.is_here = chance.yes(0.8) or kind == "nodule"
    if not course.is_here:
        course.primary_end_wording = chance.pick(["day", "month", "none"])
    if kind == "locoregional":
        course.recurrence_on = course.primary.end + chance.between(240, 1300)  # type: ignore[union-attr]
    if kind == "nodule":
        course.extras["nodule_on"] = course.primary.end + chance.between(150, 700)  # type: ignore[union-attr]
    lost = chance.yes(0.1)
    end = course.primary_end or start
    if lost:
        course.lost_on = end + chance.between(200, 900)
    yearly = -math.log(1 - bank.parameters()["localized"]["death_5y"]) / 5
    death = end + int(-math.log(1 - chance.uniform()) / yearly * 365)
    recurrence = course.recurrence_on
    if recurrence:
        death = recurrence + 60 + int(-math.log(1 - chance.uniform()) * 800)
    if death < last and not lost:
        course.death_on = max(death, end + 40)
    return course


def _metastatic(chance: Chance, kind: str) -> Course:
    """Distant metastasis after primary treatment, then systemic therapy."""
    setting = bank.parameters()
    first, last = calendar.window()
    treatment = setting["palliative"]
    earliest = calendar.ordinal(setting["calendar"]["first_pd1"])
    index = chance.between(earliest, last - 60)
    months = setting["primary"]["months_to_metastasis"]
    gap = months["median"] * math.exp(chance.normal(0, months["sigma"]))
    gap = min(max(gap, months["least"]), months["most"])
    metastasis = index - chance.between(4, 20)
    course = _disease(chance, kind, 0)
    if gap > 14 and chance.yes(setting["primary"]["adjuvant"] * 1.3):
        course.adjuvant_cycles = 2
    lay_primary(chance, course, metastasis - int(gap * _MONTH) - 45)
    is_early = course.diagnosed_on < first + 10
    course.is_here = not is_early and not chance.yes(setting["primary"]["elsewhere"])
    if not course.is_here:
        course.primary_end_wording = chance.weighted({"day": 0.4, "month": 0.6})
        course.adjuvant_cycles = 0
    course.metastasis_on = metastasis
    course.lesions = draw_lesions(chance, thoracic=kind not in ("other_metastasis", "lung_primary"))
    course.modality = chance.weighted({"chest_abdomen": 0.55, "chest_contrast": 0.25, "pet": 0.2})
    course.is_lung_biopsied = chance.yes(setting["metastasis"]["biopsy"])
    course.regimen = chance.weighted(treatment["regimen"])
    course.index_on = index
    is_pd1 = kind in _METASTATIC or (kind == "other_metastasis" and chance.yes(0.6))
    course.pd1 = chance.weighted(treatment["pd1"]) if is_pd1 else None
    course.cycles = chance.between(*treatment["cycles"])
    if kind == "lung_primary":
        course.lesions, course.regimen = [], "pemetrexed_cisplatin"
    if course.pd1 and chance.yes(treatment["maintenance"]):
        course.maintenance_cycles = chance.between(3, 14)
    performance = chance.weighted({100: 0.06, 90: 0.52, 80: 0.34, 70: 0.08})
    course.kps = int(performance)
    course.ecog = 0 if course.kps >= 90 and chance.yes(0.4) else 1
    _outcome(chance, course, treatment)
    if kind in _METASTATIC and chance.yes(treatment["radiotherapy"]):
        plan_thoracic_rt(chance, course, treatment["radiotherapy_start"])
    _adverse_events(chance, course)
    if kind == "cohort" and chance.yes(setting["metastasis"]["silent_brain"]):
        course.lesions.append(draw_lesion(chance, "brain"))
        course.extras["brain_asymptomatic"] = 1
    return course


def draw_lesions(chance: Chance, *, thoracic: bool) -> list[Lesion]:
    """Metastases with at least one measurable thoracic one, or none in the chest at all."""
    setting = bank.parameters()["metastasis"]
    lesions: list[Lesion] = []
    for organ in ("lung", "mediastinum", "pleura", "liver", "bone"):
        is_in_chest = organ in ("lung", "mediastinum", "pleura")
        if is_in_chest != thoracic and (is_in_chest or not chance.yes(setting[organ] * 0.6)):
            continue
        if is_in_chest and not chance.yes(setting[organ]):
            continue
        if not is_in_chest and thoracic and not chance.yes(0.8):
            continue
        lesions.append(draw_lesion(chance, organ))
    needed = "lung" if thoracic else chance.pick(["liver", "bone"])
    if not any(lesion.is_thoracic == thoracic for lesion in lesions):
        lesions.insert(0, draw_lesion(chance, needed))
    return lesions


def draw_lesion(chance: Chance, organ: str) -> Lesion:
    """A measurable lesion of an organ (bone has no size)."""
    size = chance.between(16, 34) if organ == "mediastinum" else chance.between(12, 46)
    certainty = chance.weighted({"definite": 0.6, "probable": 0.4})
    is_many = organ == "lung" and chance.yes(0.6)
    size_mm = None if organ == "bone" else size
    return Lesion(organ, place_for(chance, organ), size_mm, certainty, is_many=is_many)


def plan_thoracic_rt(chance: Chance, course: Course, window: tuple[int, int]) -> None:
    """Radiotherapy to a thoracic metastasis between index - 30 days and progression."""
    target = next((lesion for lesion in course.lesions if lesion.is_thoracic), None)
    if target is None or course.index_on is None:
        return
    start = course.index_on + chance.between(*window)
    limit = min(course.progression_on or start + 99, course.death_on or start + 99)
    if abs(start - course.index_on) < 8:
        start = course.index_on + 8
    dose, fractions = chance.pick([(50.0, 5), (48.0, 8), (60.0, 30), (50.0, 25), (45.0, 15)])
    if start + fractions * 1.5 + 5 > min(limit, calendar.window()[1]):
        return
    course.thoracic_rt = Radiotherapy(target.organ, start, fractions, dose, "Palliative")


def _outcome(chance: Chance, course: Course, treatment: dict[str, Any]) -> None:
    """Response, progression, death and loss to follow-up; exponential times."""
    last = calendar.window()[1]
    index = course.index_on or last
    course.response = chance.weighted(treatment["response"])
    pfs = -math.log(1 - chance.uniform()) * treatment["pfs_months"] / math.log(2)
    months = treatment["os_months"] if course.pd1 else treatment["os_months_chemotherapy"]
    rest = -math.log(1 - chance.uniform()) * max(6.0, months - pfs * 0.6) / math.log(2) * 0.7
    progression = index + (45 if course.response == "PD" else max(95, int(pfs * _MONTH)))
    death = progression + 20 + int(rest * _MONTH)
    course.progression_on = progression if progression < last - 2 else None
    course.death_on = death if death < last - 2 else None
    if course.progression_on and chance.yes(0.07):
        course.progression_on = None
        course.death_on = None
        course.lost_on = min(progression, last - 30)


def _adverse_events(chance: Chance, course: Course) -> None:
    """Immune-related events, each in the months after index."""
    shares = bank.parameters()["adverse_events"]
    if not course.pd1 or not course.index_on:
        return
    for term in ("hypothyroidism", "pneumonitis", "rash"):
        if chance.yes(shares[term]):
            course.adverse[term] = course.index_on + chance.between(40, 150)
