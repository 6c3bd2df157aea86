"""Radiotherapy plans and delivered fractions: FL_JH and FL_FC."""

from __future__ import annotations

from etl.synthetic import calendar
from etl.synthetic.course import Radiotherapy
from etl.synthetic.orders import charge_item
from etl.synthetic.visits import Chart, Visit

_NAMES = {
    "nasopharynx": ("NPC_IMRT", "PGTVnx"),
    "lung": ("Lung_SBRT", "GTVlung"),
    "mediastinum": ("Mediast_IMRT", "PGTVnd_mediastinum"),
    "pleura": ("Pleura_IMRT", "PTV_pleura"),
    "bone": ("Bone_3DCRT", "PTV_bone"),
    "lung_primary": ("LungCa_IMRT", "PGTV"),
    "other": ("IMRT", "PTV"),
}
_TECHNIQUES = {"nasopharynx": {"IMRT": 0.45, "VMAT": 0.4, "TOMO": 0.15}, "bone": {"3DCRT": 1.0}}
_PRICES = {"IMRT": 1400.0, "VMAT": 1500.0, "TOMO": 2100.0, "SBRT": 3500.0, "3DCRT": 700.0}


def working_days(start: int, count: int) -> list[int]:
    """`count` days from start on, without weekends."""
    days: list[int] = []
    day = start
    while len(days) < count:
        if (day - 1) % 7 < 5:  # ordinal 1 was a Monday
            days.append(day)
        day += 1
    return days


def deliver(chart: Chart, visit: Visit, course: Radiotherapy, number: str) -> str:
    """Plan and fractions of a course; charges go to the visit.

    Returns the technique. Fractions after the extract day are still to come.
    """
    person, chance = chart.person, chart.chance
    days = working_days(course.start, course.fractions)
    course.end = days[-1]
    if person.radiotherapy_no is None:
        person.radiotherapy_no = chart.hospital.yearly("R", course.start, 4)
    name, target = _NAMES[course.site]
    is_stereotactic = course.site == "lung" and course.fractions <= 10
    technique = (
        "SBRT"
        if is_stereotactic
        else chance.weighted(_TECHNIQUES.get(course.site, {"IMRT": 0.6, "VMAT": 0.4}))
    )
    if course.site == "lung" and not is_stereotactic:
        name = "Lung_IMRT"
    single = course.dose_gy / course.fractions
    given = [day for day in days if day <= calendar.window()[1]]
    plan = chart.hospital.serial("JH", 8)
    chart.add(
        "FL_JH",
        JHID=plan,
        HZID=person.radiotherapy_no,
        LCID=number,
        JHMC=name,
        BQMC=target,
        JS=technique,
        CFJL=f"{course.dose_gy:g}",
        JLDW="Gy",
        DCJL=f"{single:.2f}",
        FCS=str(course.fractions),
        JHZT="Completed" if len(given) == len(days) else "TreatmentApproved",
        YT=course.intent,
    )
    for order, day in enumerate(given, 1):
        chart.add(
            "FL_FC",
            FCID=f"{plan}-{order:02d}",
            JHID=plan,
            FCXH=str(order),
            ZLSJ=calendar.at(day, chance.between(8, 20), chance.between(0, 59)),
            SCJL=f"{single:.2f}",
            ZLZT="COMPLETED",
        )
        if order % 5 == 0 or order == len(given):
            # Charged by the week.
            count = 5 if order % 5 == 0 else order % 5
            charge_item(chart, visit, "调强放射治疗", "FL0001", day, _PRICES[technique], count)
    return technique
