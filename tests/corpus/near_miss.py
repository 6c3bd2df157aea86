"""Patients who violate one rule of the study: what was planted in their texts, and the texts.

A hospital has few of each; here they are made one by one, without any mess.
"""

from datetime import date

from etl.synthetic import journey
from etl.synthetic.chance import Chance
from etl.synthetic.hospital import Hospital
from etl.synthetic.patients import make_person
from etl.synthetic.plan import plan_course
from etl.synthetic.told import Fact
from etl.synthetic.violations import violate
from etl.synthetic.visits import Chart
from tests.corpus.planted import Text

# What the note steps put together: key, day, columns of the text.
COMPOSED = {
    "RIS_BG": ("imaging", "JCBGH", "JCSJ", ("YXSJ", "YXZD")),
    "PIS_BG": ("pathology", "BLH", "BGSJ", ("DTSJ", "JXSJ", "BLZD", "MYZH", "BCBG")),
    "EMR_WS": ("note", "WSID", "JLSJ", ("WSNR",)),
    "SF_SFJL": ("follow_up", "SFID", "SFRQ", ("JZQK",)),
}


def hospitals(rule: str, count: int) -> list[Hospital]:
    """Hospitals of one patient each, who violates the rule, such as e6_unfit."""
    made = []
    for number in range(1, count + 1):
        hospital, chance = Hospital(), Chance(7, 4, number)
        course, is_male, born = plan_course(chance, "cohort")
        if "brain_asymptomatic" in course.extras:
            continue  # drawn for the cohort only
        course.kind = "near_miss"
        born = violate(chance, course, rule, born)
        person = make_person(hospital, chance, number, is_male, born)
        journey.live(Chart(hospital, person, chance), course)
        made.append(hospital)
    return made


def facts(rule: str, count: int = 8) -> list[list[Fact]]:
    """What was planted in the texts of each of some patients."""
    return [hospital.text_facts.rows for hospital in hospitals(rule, count)]


def texts(hospital: Hospital) -> list[Text]:
    """The texts of a hospital as the note steps compose them."""
    given = []
    for table, (kind, key, day, columns) in COMPOSED.items():
        sheet = hospital.sheets[table].columns
        for place, name in enumerate(sheet[key]):
            parts = [part for column in columns if (part := sheet[column][place])]
            if parts:
                on = date.fromisoformat(str(sheet[day][place])[:10])
                given.append(Text(table, str(name), kind, "\n".join(parts), on))
    return given
