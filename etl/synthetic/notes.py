"""Clinical notes: EMR_WS."""

from __future__ import annotations

from typing import Any

from etl.synthetic import bank, calendar
from etl.synthetic.patients import make_name
from etl.synthetic.visits import Chart, Visit

_SIGNED = "2"
_TITLES = {"入院记录": "入院记录", "出院小结": "出院小结（记录）", "日常病程": "病程记录"}


def say(chart: Chart, key: str, **fields: Any) -> str:
    """One wording of a kind of sentence, such as say(chart, "performance", kps=80)."""
    sentences: Any = bank.phrases("notes")
    for part in key.split("."):
        sentences = sentences[part]
    return str(chart.chance.pick(sentences).format(**fields))


def write(
    chart: Chart, visit: Visit, day: int, kind: str, sentences: list[str], *, hour: int = 16
) -> str:
    """A signed note of one kind; returns its id."""
    if day > calendar.window()[1]:
        return ""
    chance = chart.chance
    doctor, second = make_name(chance, True), make_name(chance, False)
    joiner = chance.pick(["", "", "\n"])
    text = joiner.join(sentence for sentence in sentences if sentence)
    text += "\n" + say(chart, "signature", doctor=doctor, doctor2=second)
    note = chart.hospital.serial("WS", 9)
    chart.add(
        "EMR_WS",
        WSID=note,
        JZLSH=visit.number,
        WSLX=kind,
        WSBT=_TITLES.get(kind, kind),
        JLSJ=calendar.at(day, hour, chance.between(0, 59)),
        WSNR=text,
        WSZT=_SIGNED,
        BBH="1",
    )
    return note


def admission(
    chart: Chart, visit: Visit, complaint: str, history: list[str], *, past: list[str] | None = None
) -> str:
    """Admission note: opening, history of the illness, past history, examination."""
    person = chart.person
    opening = say(
        chart,
        "opening",
        name=person.name,
        sex="男" if person.is_male else "女",
        age=person.age_on(visit.start),
        complaint=complaint,
        day=calendar.iso(visit.start),
        diagnosis=next((d.name for d in visit.diagnoses if not d.code.startswith("Z")), "肿瘤"),
    )
    background = past_history(chart) + (past or [])
    return write(
        chart,
        visit,
        visit.start,
        "入院记录",
        [
            opening,
            f"{say(chart, 'sections.admission')}：",
            *history,
            say(chart, "negative"),
            f"{say(chart, 'sections.history')}：",
            *background,
            say(chart, "exam"),
        ],
        hour=11,
    )


def discharge(chart: Chart, visit: Visit, summary: list[str]) -> str:
    """Discharge summary: diagnosis, what was done, advice."""
    named = [d.name for d in visit.diagnoses if not d.code.startswith("Z")][:3]
    return write(
        chart,
        visit,
        visit.end,
        "出院小结",
        [
            say(chart, "discharge", diagnosis="；".join(named)),
            f"{say(chart, 'sections.discharge')}：",
            *summary,
            say(chart, "advice"),
        ],
        hour=10,
    )


def past_history(chart: Chart) -> list[str]:
    """Chronic illness, smoking and family."""
    person, chance = chart.person, chart.chance
    said = [say(chart, illness, n=chance.between(2, 15)) for illness in person.comorbidities] or [
        say(chart, "history_clean")
    ]
    said.append(say(chart, "smoking_yes" if person.smoker else "smoking_no", n=20))
    if chance.yes(0.6):
        said.append(say(chart, "family"))
    return said
