"""What the invented hospital plants in its texts: stated by the text, and by the study's rules."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from etl.synthetic import bank, told
from etl.synthetic.calendar import Day, ordinal
from etl.synthetic.generate import generate
from etl.synthetic.text_fact import COLUMNS, TextFacts
from etl.synthetic.told import Told, facts_of
from tests.corpus.near_miss import facts as facts_of_near_misses

csv.field_size_limit(sys.maxsize)
Rows = list[dict[str, str]]

TEXTS = {
    "RIS_BG": ("JCBGH", ("YXSJ", "YXZD")),
    "PIS_BG": ("BLH", ("BLZD", "MYZH", "BCBG")),
    "EMR_WS": ("WSID", ("WSNR",)),
    "SF_SFJL": ("SFID", ("JZQK",)),
}
# One kind of fact of each near miss that only text can show: table, type, columns it must have.
SHOWN = {
    "p1_possible_only": ("RIS_BG", "finding", {"site": "lung", "certainty": "possible"}),
    "i2_kps50": ("EMR_WS", "kps", {"value": "0"}),
    "i2_ecog2": ("EMR_WS", "ecog", {"value": "2"}),
    "i2_ecog3": ("EMR_WS", "ecog", {"value": "3"}),
    "i4_undated": ("EMR_WS", "radiotherapy", {"elsewhere": "1"}),
    "i4_month": ("EMR_WS", "radiotherapy", {"elsewhere": "1", "date": "-"}),
    "i5_small": ("RIS_BG", "finding", {"site": "lung", "nature": "metastasis"}),
    "i5_effusion": ("RIS_BG", "finding", {"site": "pleura", "value": "effusion"}),
    "i5_unsized": ("RIS_BG", "finding", {"site": "lung", "nature": "metastasis"}),
    "e1_elsewhere": ("EMR_WS", "systemic_therapy", {"value": "immunotherapy", "elsewhere": "1"}),
    "e2_recurrence": ("RIS_BG", "finding", {"site": "nasopharynx", "nature": "recurrence"}),
    "e4_symptomatic": ("EMR_WS", "cns_symptom", {"certainty": "definite"}),
    "e5_pneumonitis": ("EMR_WS", "pneumonitis", {}),
    "e5_lupus": ("EMR_WS", "autoimmune_disease", {"certainty": "definite"}),
    "e6_unfit": ("EMR_WS", "unfit", {}),
    "e8_trial": ("EMR_WS", "trial", {"value": "taken_part", "date": "-"}),
}


def rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("text") / "hospital"
    generate(500, 23, out, mess=0)
    return out


@pytest.fixture(scope="module")
def facts(clean: Path) -> Rows:
    return rows(clean / "_truth" / "text_fact.csv")


@pytest.fixture(scope="module")
def texts(clean: Path) -> dict[tuple[str, str], str]:
    found = {}
    for table, (key, columns) in TEXTS.items():
        for row in rows(clean / f"{table}.csv"):
            found[table, row[key]] = "\n".join(row[name] for name in columns)
    return found


def test_a_phrase_brings_its_facts_and_those_of_its_fields() -> None:
    diagnosis = Told("鳞癌", [{"type": "diagnosis", "value": "8070/3"}])
    phrase = told._compiled({"say": "{year}年病理：{proof}。", "adds": {"date": "{year}"}})[0]
    said = phrase.fill(year=2021, proof=diagnosis, other=diagnosis)
    assert said == "2021年病理：鳞癌。"
    assert facts_of(said) == ({"type": "diagnosis", "value": "8070/3", "date": "2021"},)
    assert facts_of(said + "!") == ()


def test_a_day_is_written_in_every_way() -> None:
    day = Day(ordinal("2023-05-06"))
    assert f"{day:cn} {day:dots} {day:slash}" == "2023年5月6日 2023.5.6 2023/5/6"
    assert (
        f"{day:ym} {day:dot} {day:month} {day:year} {day}"
        == "2023年5月 2023.05 2023-05 2023 2023-05-06"
    )


def test_a_note_cut_off_tells_no_more_than_its_beginning() -> None:
    kept = TextFacts()
    for value, place in (("80", (0, 10)), ("70", (8, 20)), ("60", (12, 20))):
        kept.add("EMR_WS", "W1", "note", [{"type": "kps", "value": value}], place)
    kept.cut("W1", 12)
    assert [(row["value"], row.get("optional", "")) for row in kept.rows] == [
        ("80", ""),
        ("70", "1"),
    ]


def test_an_unknown_column_of_a_fact_is_an_error() -> None:
    with pytest.raises(KeyError, match="colour"):
        TextFacts().add("EMR_WS", "W1", "note", [{"type": "kps", "value": "80", "colour": "red"}])


def test_columns_and_certainties(facts: Rows) -> None:
    assert tuple(facts[0]) == COLUMNS
    known = {"definite", "probable", "possible", "negated"}
    assert {part for row in facts for part in row["certainty"].split("|")} == known


def test_every_planted_fact_stands_in_a_text(
    facts: Rows, texts: dict[tuple[str, str], str]
) -> None:
    """What a fact counts is written there: sizes in mm or cm, grades, doses, cycles, drugs."""
    for row in facts:
        text = texts[row["table"], row["key"]]
        assert text
        for part in filter(None, row["size_mm"].split("x")):
            assert any(
                form in text for form in (part, f"{int(part) / 10:.1f}", f"0.{part}", "1cm")
            ), row
        if row["dose_gy"]:
            assert row["dose_gy"] in text or f"{float(row['dose_gy']) * 100:.0f}" in text, row
        for name in ("fractions", "drugs", "cause" if row["type"] == "death" else "fractions"):
            assert row[name] in text, row


@pytest.mark.parametrize("rule", list(SHOWN))
def test_a_near_miss_of_the_text_is_told(rule: str) -> None:
    table, kind, columns = SHOWN[rule]
    for told_of in facts_of_near_misses(rule):
        assert any(
            row["table"] == table
            and row["type"] == kind
            and all(part in row.get(name, "") for name, part in columns.items())
            for row in told_of
        )


@pytest.mark.parametrize("rule", ["e4_unstated", "e4_symptomatic"])
def test_nobody_with_brain_metastases_is_said_by_the_way_to_have_no_symptom(rule: str) -> None:
    for told_of in facts_of_near_misses(rule, 30):
        symptoms = {row["certainty"] for row in told_of if row["type"] == "cns_symptom"}
        assert symptoms == ({"definite"} if rule == "e4_symptomatic" else set())


def test_nobody_with_lupus_is_said_to_have_no_autoimmune_disease() -> None:
    for told_of in facts_of_near_misses("e5_lupus", 30):
        assert {r["certainty"] for r in told_of if r["type"] == "autoimmune_disease"} == {
            "definite"
        }


@pytest.mark.parametrize("rule", ["i5_small", "i5_unsized", "i5_effusion"])
def test_no_lesion_of_the_chest_can_be_measured(rule: str) -> None:
    """Before treatment; later ones may have grown."""
    for told_of in facts_of_near_misses(rule):
        sizes = [
            row.get("size_mm", "")
            for row in told_of
            if row["type"] == "finding"
            and row["site"] in ("lung", "pleura", "mediastinum")
            and "metastasis" in row["nature"]
            and "negated" not in row["certainty"]
            and "trend" not in row
        ]
        assert sizes
        assert rule == "i5_small" or not any(sizes)
        assert all(float(size) <= 10 for size in sizes if size)


@pytest.mark.parametrize("rule", ["i3_adenocarcinoma", "i3_nos", "i3_none"])
def test_no_text_calls_another_histology_squamous(rule: str) -> None:
    codes = {"i3_adenocarcinoma": "8140/3", "i3_nos": "8010/3", "i3_none": ""}
    for told_of in facts_of_near_misses(rule):
        found = {row["value"] for row in told_of if row["type"] == "diagnosis"}
        assert all(value.startswith(codes[rule]) for value in found)
        assert found or rule == "i3_none"


def test_a_kind_of_fact_is_told_in_many_ways() -> None:
    several = {
        "notes": ("performance", "performance_ecog", "response", "stage", "rt_summary", "death",
                  "induction", "concurrent", "plan_pd1", "plan_chemo", "primary_here",
                  "primary_elsewhere", "primary_elsewhere_day", "primary_elsewhere_undated",
                  "exposure_elsewhere", "trial_participant", "trial_declined", "brain_symptomatic",
                  "pneumonitis_before", "autoimmune", "unfit", "histology", "histology_elsewhere",
                  "adverse.neutropenia", "adverse.hypothyroidism", "adverse.pneumonitis",
                  "adverse.rash", "adverse.vomiting", "adverse.radiation", "plan_thoracic_rt",
                  "recurrence"),
        "imaging": ("lung.one", "lung.one_many", "mediastinum.one", "pleura.one",
                    "pleura.effusion", "liver.one", "bone.one", "brain.one", "change.stable",
                    "change.growing", "change.shrinking", "suv", "size", "size_one", "size_node",
                    "nasopharynx.primary", "nasopharynx.recurrence", "nasopharynx.clear",
                    *(f"impression.{sure}.{organ}" for sure in ("definite", "probable")
                      for organ in ("lung", "lung_many", "mediastinum", "pleura", "liver", "bone",
                                    "brain")),
                    "impression.possible.lung", "impression.possible.lung_many"),
        "pathology": ("type.undifferentiated", "type.differentiated", "type.keratinizing",
                      "type.adenocarcinoma", "type.nos", "type.none", "primary", "metastasis"),
        "followup": ("progression", "recurrence", "death"),
    }  # fmt: skip
    few = [
        (name, key, len(told.phrases(name, key)))
        for name, keys in several.items()
        for key in keys
        if len(told.phrases(name, key)) < (5 if key == "death" and name == "followup" else 8)
    ]
    assert few == []
    assert bank.phrases("notes")["editions"]
