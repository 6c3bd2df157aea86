"""Operations (SS_MZ) and telephone follow-up (SF_SFJL)."""

from __future__ import annotations

from etl.synthetic import bank, calendar, told
from etl.synthetic.calendar import Day
from etl.synthetic.orders import charge_item
from etl.synthetic.patients import make_phone
from etl.synthetic.text_fact import FOLLOW_UP
from etl.synthetic.told import Told, facts_of
from etl.synthetic.visits import Chart, Visit

_UNKNOWN = "不详"


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
    causes: str = "cause",
) -> None:
    """One follow-up contact; a dead patient's relatives name the day."""
    first, last = calendar.window()
    if not first <= day <= last:
        return
    words, chance, person = bank.phrases("followup"), chart.chance, chart.person
    cause = chance.pick(words[causes]) if is_dead else None
    said = _said(chart, day, progression_on, recurrence_on)
    if is_dead and person.died_on:
        key = "death_plain" if cause == _UNKNOWN or chance.yes(0.4) else "death"
        said = [*said, told.say(chance, "followup", key, day=Day(person.died_on), cause=cause)]
    elif not said:
        said = [told.say(chance, "followup", "stable") or told.say(chance, "followup", "alive")]
    number = chart.hospital.serial("SF", 8)
    if not is_lost:
        for sentence in said:
            chart.told("SF_SFJL", number, FOLLOW_UP, facts_of(sentence))
    remark = chance.pick(words["remark"]).format(
        relative=chance.pick(words["relatives"]),
        phone_word=chance.pick(bank.phrases("names")["mobile_words"]),
        phone=make_phone(chance),
        name=person.name,
    )
    chart.add(
        "SF_SFJL",
        SFID=number,
        EMPI_ID=person.empi,
        SFRQ=calendar.iso(day),
        SFFSDM=chance.weighted({"3": 0.8, "1": 0.15, "5": 0.05}),
        SCZT="2" if is_dead else "3" if is_lost else "1",
        SWRQ=calendar.iso(person.died_on) if is_dead and person.died_on else None,
        SWYY=cause,
        JZQK="，".join(said) if not is_lost else None,
        BZ=remark or None,
    )
    if not is_lost:
        person.last_contact = max(person.last_contact, min(day, person.died_on or day))


def _said(
    chart: Chart, day: int, progression_on: int | None, recurrence_on: int | None
) -> list[Told]:
    """How the disease went so far, by the month."""
    for key, when in (("progression", progression_on), ("recurrence", recurrence_on)):
        if when is not None and when <= day:
            return [told.say(chart.chance, "followup", key, day=Day(when))]
    return []
