"""Visits and their diagnoses: JZ_JZJL and ZD_ZDJL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from etl.synthetic import bank, calendar
from etl.synthetic.chance import Chance
from etl.synthetic.hospital import Hospital, Sheet
from etl.synthetic.patients import Person
from etl.synthetic.told import Fact

OUTPATIENT, EMERGENCY, INPATIENT, DAY_CARE = "1", "2", "3", "4"
_PREFIX = {OUTPATIENT: "MZ", EMERGENCY: "JZ", INPATIENT: "ZY", DAY_CARE: "RJ"}
_DISCHARGED, _DIED = "1", "5"


@dataclass
class Chart:
    """Where one patient's rows go: the hospital, the person, the person's own chance.

    `avoided` names what no note may deny or claim by the way, because the truth hangs on it.
    """

    hospital: Hospital
    person: Person
    chance: Chance
    avoided: frozenset[str] = frozenset()

    def add(self, table: str, **values: str | None) -> None:
        """Append a row of this person to a table."""
        self.hospital.sheets[table].add(self.person.number, **values)

    def told(
        self,
        table: str,
        key: str,
        kind: str,
        facts: Iterable[Fact],
        place: tuple[int, int] | None = None,
    ) -> None:
        """Note what a text of this person states."""
        self.hospital.text_facts.add(table, key, kind, facts, place)

    def sheet(self, table: str) -> Sheet:
        """The table being filled."""
        return self.hospital.sheets[table]


@dataclass
class Diagnosis:
    """A coded diagnosis; `condition` is the admission condition (RC027)."""

    code: str
    name: str
    condition: str = "1"
    is_suspected: bool = False


@dataclass
class Visit:
    """One encounter; the principal diagnosis stands first."""

    number: str
    kind: str
    start: int
    end: int
    department: str
    stay: int
    diagnoses: list[Diagnosis] = field(default_factory=list)
    operations: list[tuple[str, int]] = field(default_factory=list)
    pathology: tuple[str, str, str] | None = None
    cost: float = 0.0
    is_death: bool = False

    @property
    def is_inpatient(self) -> bool:
        """A stay with a front page."""
        return self.kind == INPATIENT


def coded(key: str, condition: str = "1", is_suspected: bool = False) -> Diagnosis:
    """A diagnosis from the bank, such as coded("lung")."""
    row = bank.by_key("diagnoses")[key]
    return Diagnosis(row["code"], row["name"], condition, is_suspected)


def open_visit(
    chart: Chart, kind: str, start: int, end: int, department: str, diagnoses: list[Diagnosis]
) -> Visit:
    """Start an encounter and write its JZ_JZJL and ZD_ZDJL rows."""
    person, chance = chart.person, chart.chance
    if kind == INPATIENT:
        person.stays += 1
    number = chart.hospital.daily(_PREFIX[kind], start)
    visit = Visit(number, kind, start, end, department, person.stays, diagnoses)
    died = person.died_on is not None and start <= person.died_on <= end and kind == INPATIENT
    visit.is_death = died
    ward = bank.by_key("departments").get(department, {"code": "0301", "name": department})
    in_hospital = end > calendar.window()[1]
    begin = calendar.at(start, chance.between(7, 11), chance.between(0, 59), chance.between(0, 59))
    finish = calendar.at(end, chance.between(13, 17), chance.between(0, 59))
    has_end = kind != OUTPATIENT and not in_hospital
    chart.add(
        "JZ_JZJL",
        JZLSH=number,
        EMPI_ID=person.empi,
        HZID=person.hzid,
        JZLX=kind,
        ZYH=f"{person.bah}-{person.stays}" if kind == INPATIENT else None,
        ZYCS=str(person.stays) if kind == INPATIENT else None,
        RYTJDM="2" if kind == EMERGENCY else chance.weighted({"1": 0.97, "3": 0.03}),
        JZKSDM=ward["code"],
        JZKSMC=ward["name"],
        RYSJ=begin,
        CYSJ=finish if has_end else None,
        LYFSDM=None if not has_end else _DIED if died else _DISCHARGED,
        YLFKFSDM=chance.weighted({"1": 0.45, "2": 0.35, "3": 0.1, "7": 0.1}),
        ZFBZ="0",
    )
    person.last_contact = max(person.last_contact, min(end, calendar.window()[1]))
    _write_diagnoses(chart, visit)
    return visit


def _write_diagnoses(chart: Chart, visit: Visit) -> None:
    """Outpatients get one category; a stay lists admission, principal and other diagnoses."""
    if not visit.is_inpatient:
        for order, diagnosis in enumerate(visit.diagnoses, 1):
            _add(chart, visit, "1", order, diagnosis, visit.start)
        return
    tumour = next((d for d in visit.diagnoses if not d.code.startswith("Z")), visit.diagnoses[0])
    _add(chart, visit, "2", 1, tumour, visit.start)
    for order, diagnosis in enumerate(visit.diagnoses, 1):
        _add(chart, visit, "3" if order == 1 else "4", order, diagnosis, visit.end)


def _add(
    chart: Chart, visit: Visit, category: str, order: int, diagnosis: Diagnosis, day: int
) -> None:
    chance = chart.chance
    chart.add(
        "ZD_ZDJL",
        ZDLSH=chart.hospital.serial("ZD", 9),
        JZLSH=visit.number,
        ZDLB=category,
        ZDSX=str(order),
        ZDBM=diagnosis.code,
        BMBB="国临2.0",
        ZDMC=diagnosis.name,
        RYBQ=diagnosis.condition,
        ZDYZBZ="1" if diagnosis.is_suspected else "0",
        ZDSJ=calendar.at(min(day, calendar.window()[1]), chance.between(8, 17), 30),
    )
