"""Clinical notes: EMR_WS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from etl.synthetic import bank, calendar, told
from etl.synthetic.calendar import Day
from etl.synthetic.patients import make_name
from etl.synthetic.text_fact import NOTE
from etl.synthetic.told import Told, facts_of, typed
from etl.synthetic.visits import Chart, Visit

_SIGNED = "2"
_TITLES = {"入院记录": "入院记录", "出院小结": "出院小结（记录）", "日常病程": "病程记录"}
_RESPONSES = {"CR": "完全缓解", "PR": "部分缓解", "SD": "疾病稳定", "PD": "疾病进展"}
# What `Chart.avoided` may hold: head symptoms, autoimmune disease.
HEAD, AUTOIMMUNE = "head", "autoimmune"


def say(chart: Chart, key: str, /, **fields: Any) -> Told:
    """One wording of a kind of sentence, such as say(chart, "performance", kps=80)."""
    return told.say(chart.chance, "notes", key, **fields)


def response(chart: Chart, answer: str, cycles: int) -> Told:
    """The tumour's response as a note gives it, such as PR."""
    key = "progressed" if answer == "PD" else "response"
    return say(chart, key, response=answer, words=_RESPONSES[answer], cycles=cycles)


def performance(chart: Chart, kps: int | None, ecog: int | None) -> list[Told]:
    """KPS and ECOG as the note gives them; nothing where nobody recorded them."""
    said = []
    if kps is not None:
        said.append(say(chart, "performance", kps=kps))
    if ecog is not None:
        said.append(say(chart, "performance_ecog", ecog=ecog))
    return said


def write(
    chart: Chart, visit: Visit, day: int, kind: str, sentences: Sequence[str], *, hour: int = 16
) -> str:
    """A signed note of one kind; returns its id."""
    if day > calendar.window()[1]:
        return ""
    chance = chart.chance
    doctor, second = make_name(chance, True), make_name(chance, False)
    joiner = chance.pick(["", "", "\n"])
    note = chart.hospital.serial("WS", 9)
    text = ""
    for sentence in sentences:
        if sentence:
            text += joiner if text else ""
            place = len(text), len(text) + len(sentence)
            chart.told("EMR_WS", note, NOTE, facts_of(sentence), place)
            text += sentence
    text += "\n" + say(chart, "signature", doctor=doctor, doctor2=second)
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
    chart: Chart,
    visit: Visit,
    complaint: str,
    history: Sequence[str],
    *,
    past: Sequence[str] | None = None,
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
        day=Day(visit.start),
        diagnosis=next((d.name for d in visit.diagnoses if not d.code.startswith("Z")), "肿瘤"),
    )
    background = [*past_history(chart), *(past or [])]
    is_head_denied = HEAD not in chart.avoided and chart.chance.yes(0.25)
    return write(
        chart,
        visit,
        visit.start,
        "入院记录",
        [
            opening,
            f"{say(chart, 'sections.admission')}：",
            *history,
            say(chart, "negative_head" if is_head_denied else "negative"),
            f"{say(chart, 'sections.history')}：",
            *background,
            say(chart, "exam"),
        ],
        hour=11,
    )


def first_complaint(chart: Chart) -> Told:
    """What brought the patient; a headache in one of nine."""
    is_headache = HEAD not in chart.avoided and chart.chance.yes(0.11)
    return say(chart, "complaint.headache" if is_headache else "complaint.first")


def discharge(chart: Chart, visit: Visit, summary: Sequence[str]) -> str:
    """Discharge summary: diagnosis, what was done, advice."""
    names = [d.name for d in visit.diagnoses if not d.code.startswith("Z")][:3]
    named = bank.phrases("notes")["named"]
    stated = [typed(named[name]) for name in names if name in named]
    return write(
        chart,
        visit,
        visit.end,
        "出院小结",
        [
            say(chart, "discharge", diagnosis=Told("；".join(names), stated)),
            f"{say(chart, 'sections.discharge')}：",
            *summary,
            say(chart, "advice"),
        ],
        hour=10,
    )


def past_history(chart: Chart) -> list[Told]:
    """Chronic illness, smoking and family."""
    person, chance = chart.person, chart.chance
    said = [say(chart, illness, n=chance.between(2, 15)) for illness in person.comorbidities]
    if not said:
        is_denied = AUTOIMMUNE not in chart.avoided and chance.yes(0.25)
        said.append(say(chart, "history_no_autoimmune" if is_denied else "history_clean"))
    said.append(say(chart, "smoking_yes" if person.smoker else "smoking_no", n=20))
    if chance.yes(0.6):
        said.append(say(chart, "family"))
    return said


def stage(chart: Chart, t: str, n: str, m: str, group: str) -> Told:
    """The clinical stage as a note gives it."""
    edition = chart.chance.pick(bank.phrases("notes")["editions"])
    return say(chart, "stage", t=t, n=n, m=m, stage=group, edition=edition)
