"""Operations (SS_MZ) and telephone follow-up (SF_SFJL)."""

from __future__ import annotations

from etl.synthetic import bank, calendar
from etl.synthetic.orders import charge_item
from etl.synthetic.patients import make_phone
from etl.synthetic.visits import Chart, Visit


def operate(
    chart: Chart,
    visit: Visit,
    day: int,
    code: str,
    name: str,
    *,
    anaesthesia: str = "局麻",
    hours: int = 1,
) -> None:
    """A finished operation, also noted for the front page."""
    chance = chart.chance
    hour = chance.between(9, 15)
    chart.add(
        "SS_MZ",
        SSID=chart.hospital.serial("SS", 8),
        JZLSH=visit.number,
        SSBM=code,
        SSMC=name,
        SSKSSJ=calendar.at(day, hour, chance.between(0, 30)),
        SSJSSJ=calendar.at(day, hour + hours, chance.between(31, 59)),
        MZFS=anaesthesia,
        SSZT="3",
    )
    visit.operations.append((code, day))
    charge_item(chart, visit, name, f"SS{code[:5]}", day, 600.0 * hours)


def call(
    chart: Chart,
    day: int,
    *,
    progression_on: int | None = None,
    recurrence_on: int | None = None,
    is_dead: bool = False,
    is_lost: bool = False,
) -> None:
    """One follow-up contact; a dead patient's relatives name the day."""
    first, last = calendar.window()
    if not first <= day <= last:
        return
    words, chance, person = bank.phrases("followup"), chart.chance, chart.person
    known = [(progression_on, "progression"), (recurrence_on, "recurrence")]
    told = next(
        (
            chance.pick(words[key]).format(ym=calendar.dotted_month(when))
            for when, key in known
            if when is not None and when <= day
        ),
        chance.pick(words["stable"]),
    )
    remark = chance.pick(words["remark"]).format(
        relative=chance.pick(words["relatives"]),
        phone_word=chance.pick(bank.phrases("names")["mobile_words"]),
        phone=make_phone(chance),
        name=person.name,
    )
    chart.add(
        "SF_SFJL",
        SFID=chart.hospital.serial("SF", 8),
        EMPI_ID=person.empi,
        SFRQ=calendar.iso(day),
        SFFSDM=chance.weighted({"3": 0.8, "1": 0.15, "5": 0.05}),
        SCZT="2" if is_dead else "3" if is_lost else "1",
        SWRQ=calendar.iso(person.died_on) if is_dead and person.died_on else None,
        SWYY=chance.pick(words["cause"]) if is_dead else None,
        JZQK=(told or chance.pick(words["alive"])) if not is_lost else None,
        BZ=remark or None,
    )
    if not is_lost:
        person.last_contact = max(person.last_contact, min(day, person.died_on or day))
