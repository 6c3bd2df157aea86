"""Who the patients are: invented names, numbers and birth dates; nobody's."""

from __future__ import annotations

from dataclasses import dataclass, field

from etl.synthetic import bank, calendar
from etl.synthetic.chance import Chance
from etl.synthetic.hospital import Hospital

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass
class Person:
    """One patient. Days are ordinals; weight in kg, height in cm."""

    number: int
    empi: str
    hzid: str
    bah: str
    name: str
    is_male: bool
    born: int
    county: str
    phone: str
    weight: float
    height: float
    hbv_carrier: bool
    smoker: bool
    comorbidities: list[str] = field(default_factory=list)
    extra_hzids: list[str] = field(default_factory=list)
    radiotherapy_no: str | None = None
    died_on: int | None = None
    stays: int = 0
    last_contact: int = 0

    def age_on(self, day: int) -> int:
        """Completed years."""
        birth, now = calendar.iso(self.born), calendar.iso(day)
        return int(now[:4]) - int(birth[:4]) - (now[5:] < birth[5:])

    @property
    def surface(self) -> float:
        """Body surface in square metres (Mosteller)."""
        return float((self.weight * self.height / 3600) ** 0.5)


def check_digit(first17: str) -> str:
    """The last character of an 18-digit identity number (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def make_name(chance: Chance, is_male: bool) -> str:
    """An invented Chinese name."""
    names = bank.phrases("names")
    given = chance.pick(names["male" if is_male else "female"])
    return f"{chance.pick(names['surnames'])}{given}"


def make_phone(chance: Chance) -> str:
    """Eleven digits in an unused range."""
    prefix = chance.pick(bank.phrases("names")["phone_prefix"])
    return f"{prefix}{chance.between(0, 99999):05d}"


def make_person(
    hospital: Hospital, chance: Chance, number: int, is_male: bool, born: int
) -> Person:
    """A person with hospital numbers; the master index row is written later."""
    names, setting = bank.phrases("names"), bank.parameters()
    age_now = (calendar.window()[1] - born) / 365.25
    ill = setting["comorbidity"]
    comorbidities = [
        key for key, share in ill.items() if chance.yes(share * (1.3 if age_now > 60 else 0.6))
    ]
    height = chance.normal(168 if is_male else 157, 6)
    return Person(
        number=number,
        empi=hospital.serial("E", 9),
        hzid=f"{1000000 + number * 7 + 3:010d}",
        bah=f"{300000 + number:07d}",
        name=make_name(chance, is_male),
        is_male=is_male,
        born=born,
        county=chance.pick(sorted(names["counties"])),
        phone=make_phone(chance),
        weight=round(max(40.0, chance.normal(23, 3) * (height / 100) ** 2), 1),
        height=round(height),
        hbv_carrier="hepatitis_b" in comorbidities or chance.yes(setting["hbv_carrier"] * 0.6),
        smoker=chance.yes(setting["smoking"] * (1.3 if is_male else 0.15)),
        comorbidities=comorbidities,
    )


def write_master_index(hospital: Hospital, chance: Chance, person: Person) -> None:
    """One HZ_ZSY row for each hospital id of the person, the RT number among them."""
    names = bank.phrases("names")
    birth = calendar.compact(person.born)
    order = chance.between(0, 499) * 2 + (1 if person.is_male else 0)
    first17 = f"{person.county}{birth}{order:03d}"
    updated = max(person.last_contact, calendar.window()[0])
    street = chance.pick(names["streets"])
    ids = [person.hzid, *person.extra_hzids]
    if person.radiotherapy_no:
        ids.append(person.radiotherapy_no)
    marital = chance.weighted(names["marital"])
    ethnic = chance.weighted(names["ethnic"])
    died_here = person.died_on is not None and chance.yes(0.25)
    for hzid in ids:
        hospital.sheets["HZ_ZSY"].add(
            person.number,
            EMPI_ID=person.empi,
            HZID=hzid,
            BAH=person.bah,
            XM=person.name,
            XBDM="1" if person.is_male else "2",
            CSRQ=calendar.iso(person.born),
            SFZH=first17 + check_digit(first17),
            MZDM=ethnic,
            HYDM=marital,
            LXDH=person.phone,
            XZZ=f"四川省{names['counties'][person.county]}{street}{chance.between(1, 200)}号",
            XZQHDM=person.county,
            SWRQ=calendar.iso(person.died_on) if died_here and person.died_on else None,
            HBZT="0",
            HBDZ=None,
            GXSJ=calendar.at(updated, chance.between(18, 23), chance.between(0, 59), 5),
        )
