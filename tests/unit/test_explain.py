"""Explaining one patient: the shape, and what is said of patients outside the study."""

from contextlib import contextmanager
from datetime import date

import duckdb
import pytest

from etl.errors import NotFoundError, SourceError, UsageError
from etl.settings import Settings
from etl.source import ledger as landed
from etl.source.ledger import Ledger
from etl.source.pseudonym import fingerprint, pseudonym
from etl.study import explain as explaining
from etl.study.explain import as_text, explain, explain_person, explanation
from etl.study.identity import one_person, person_of, persons_of

KEY = "a key that is long enough"
TABLES = {
    "npc_lung_pd1_candidate": [
        {"person_id": 7, "eligible": "review", "index_on": date(2023, 3, 1), "arm": None}
    ],
    "npc_lung_pd1_criterion": [
        {
            "criterion_no": 5,
            "criterion": "i3",
            "answer": "unknown",
            "value": "needs text",
            "found_on": None,
            "date_precision": None,
        },
        {
            "criterion_no": 1,
            "criterion": "p1",
            "answer": "met",
            "value": "Metastasis to lung, by code",
            "found_on": date(2023, 1, 10),
            "date_precision": "day",
        },
    ],
    "npc_lung_pd1_evidence": [
        {
            "criterion": "p1",
            "cdm_table": "person",
            "cdm_id": 7,
            "concept_id": None,
            "concept_name": None,
            "found_on": date(1970, 6, 1),
            "date_precision": "month",
            "value": "birth",
        },
        {
            "criterion": "p1",
            "cdm_table": "measurement",
            "cdm_id": 9011010,
            "concept_id": 36770283,
            "concept_name": "Metastasis to lung",
            "found_on": date(2023, 1, 10),
            "date_precision": "day",
            "value": "by imaging",
        },
        {
            "criterion": "i3",
            "cdm_table": None,
            "cdm_id": None,
            "concept_id": None,
            "concept_name": None,
            "found_on": None,
            "date_precision": None,
            "value": "needs text",
        },
    ],
}


TEXT = {
    "note_id": 9011500,
    "note_title": "胸部CT平扫+增强",
    "note_on": date(2023, 1, 10),
    "span_start": 5,
    "span_end": 12,
    "said": "双肺多发\n转移",
}

COURSE = [
    {
        "started_on": date(2023, 1, 10),
        "ended_on": None,
        "told_on": None,
        "what": "metastasis",
        "said": "Metastasis to lung",
    },
    {
        "started_on": date(2023, 3, 1),
        "ended_on": date(2023, 6, 2),
        "told_on": None,
        "what": "line 2",
        "said": "CISPLATIN+TORIPALIMAB",
    },
    {
        "started_on": date(2020, 6, 1),
        "ended_on": None,
        "told_on": "2020-06",
        "what": "told",
        "said": "Radiotherapy in the history",
    },
]


class Chart:
    """Person 7, as `TABLES` has him."""

    def study(self, table, person_id):
        return TABLES[table] if person_id == 7 else []

    def texts(self, rows):
        return {("measurement", 9011010): TEXT} if ("measurement", 9011010) in set(rows) else {}

    def course(self, person_id):
        return COURSE

    def is_person(self, person_id):
        return person_id in (1, 7)


CHART = Chart()


def test_the_shape_is_the_fixed_one():
    assert explanation(7, CHART) == {
        "person_id": 7,
        "eligible": "review",
        "index_date": "2023-03-01",
        "arm": None,
        "criteria": {
            "p1": {
                "answer": "met",
                "value": "Metastasis to lung, by code",
                "date": "2023-01-10",
                "evidence": [
                    {
                        "table": "person",
                        "id": 7,
                        "concept": None,
                        "date": "1970-06",
                        "value": "birth",
                    },
                    {
                        "table": "measurement",
                        "id": 9011010,
                        "concept": "Metastasis to lung",
                        "date": "2023-01-10",
                        "value": "by imaging",
                        "note": {
                            "id": 9011500,
                            "title": "胸部CT平扫+增强",
                            "date": "2023-01-10",
                            "start": 5,
                            "end": 12,
                            "text": "双肺多发\n转移",
                        },
                    },
                ],
            },
            "i3": {"answer": "unknown", "value": "needs text", "date": None, "evidence": []},
        },
    }


def test_criteria_come_in_the_protocols_order():
    assert list(explanation(7, CHART)["criteria"]) == ["p1", "i3"]


def test_a_person_without_npc_is_not_met_and_no_error():
    explained = explanation(8, CHART)
    assert (explained["eligible"], explained["index_date"]) == ("no", None)
    assert explained["criteria"]["p1"] == {
        "answer": "not met",
        "value": "no NPC diagnosis",
        "date": None,
        "evidence": [],
    }
    assert explained["criteria"]["p2"]["answer"] == "not met"
    assert list(explained["criteria"]) == ["p1", "p2"]


def test_the_text_has_a_line_for_each_criterion():
    text = as_text(explanation(7, CHART))
    assert text.splitlines()[0] == "person 7: eligible review, index date 2023-03-01, arm -"
    assert "p1  met      Metastasis to lung, by code (2023-01-10)" in text
    assert "1970-06     -: birth  [person 7]" in text
    assert "i3  unknown  needs text" in text


def test_a_texts_evidence_shows_its_words_note_and_place():
    text = as_text(explanation(7, CHART))
    assert "“双肺多发 转移”  胸部CT平扫+增强 of 2023-01-10, note 9011500 characters 5-12" in text


def test_the_course_is_a_line_an_event_with_the_index_among_them():
    lines = as_text(explanation(7, CHART), [*COURSE, COURSE[0]]).splitlines()
    assert [line.rstrip() for line in lines[2:6]] == [
        "2020-06                   told          Radiotherapy in the history",
        "2023-01-10                metastasis    Metastasis to lung",
        "2023-03-01 to 2023-06-02  line 2        CISPLATIN+TORIPALIMAB",
        "2023-03-01                INDEX         first PD-1 inhibitor with chemotherapy",
    ]
    assert lines[6] == ""


@pytest.fixture
def settings(tmp_path):
    """A data home that knows four ids."""
    settings = Settings(home=tmp_path, key=KEY, _env_file=None)
    folder = settings.landing / "identity"
    folder.mkdir(parents=True)
    known = [
        ("E001", "empi", 1, None),
        ("0000000022", "hzid", 1, None),
        ("B9", "bah", 2, None),
        ("EX", "empi", None, "merge cycle"),
    ]
    rows = ", ".join(
        f"('{pseudonym(KEY.encode(), plain)}', '{kind}', 'r', {person or 'NULL'},"
        f" {repr(error) if error else 'NULL'})"
        for plain, kind, person, error in known
    )
    with duckdb.connect() as con:
        con.execute(
            "COPY (SELECT id_hmac, id_kind, root_empi, CAST(person_id AS INTEGER) AS person_id,"
            " CAST(merge_error AS VARCHAR) AS merge_error FROM (VALUES "
            f"{rows}) AS t(id_hmac, id_kind, root_empi, person_id, merge_error))"
            f" TO '{folder / 'load_0001.parquet'}' (FORMAT parquet)"
        )
    ledger = Ledger(
        identity_path="identity/load_0001.parquet", key_fingerprint=fingerprint(KEY.encode())
    )
    landed.ledger_path(settings).write_text(ledger.model_dump_json(), encoding="utf-8")
    return settings


@pytest.mark.parametrize(
    ("hospital_id", "person"),
    [("E001", 1), (" e001 ", 1), ("Ｅ００１", 1), ("22", 1), ("0000000022", 1), ("B9", 2)],
)
def test_any_hospital_id_names_the_person(settings, hospital_id, person):
    assert person_of(settings, hospital_id) == person


def test_an_unknown_id_is_an_error_that_does_not_repeat_it(settings):
    with pytest.raises(NotFoundError) as caught:
        person_of(settings, "E404")
    assert "E404" not in str(caught.value)


def test_an_empty_id_is_a_usage_error(settings):
    with pytest.raises(UsageError):
        person_of(settings, "  ")


def test_before_anything_is_landed_nobody_is_known(tmp_path):
    with pytest.raises(NotFoundError, match="nothing has been landed"):
        person_of(Settings(home=tmp_path, key=KEY, _env_file=None), "E001")


def test_another_key_is_an_error(settings):
    other = settings.model_copy(update={"key": Settings(key="quite another long key").key})
    with pytest.raises(SourceError, match="key"):
        person_of(other, "E001")


@pytest.fixture
def published(monkeypatch):
    """The warehouse of these tests."""

    @contextmanager
    def chart(url):
        yield CHART

    monkeypatch.setattr(explaining, "published_chart", chart)
    monkeypatch.setattr("etl.warehouse.server.connect_url", lambda settings: "postgresql://")


def test_explain_reads_the_published_tables(settings, published):
    explained, course = explain(settings, "E001")
    assert explained["person_id"] == 1
    assert course == COURSE


def test_a_person_of_the_cdm_is_explained_by_number(settings, published):
    assert explain_person(settings, 7)[0]["eligible"] == "review"
    assert explain_person(settings, 1)[0]["eligible"] == "no"
    with pytest.raises(NotFoundError, match="no person of the CDM"):
        explain_person(settings, 404)


def test_a_patient_lost_in_a_merge_circle_is_outside(settings):
    explained, course = explain(settings, "EX")
    assert explained["person_id"] is None
    assert explained["criteria"]["p1"]["value"] == "master index entries merge in a circle"
    assert course == []


def test_pseudonyms_of_the_landing_are_known_with_their_kind(settings):
    known, stranger = pseudonym(KEY.encode(), "E001"), "0" * 32
    assert persons_of(settings, {known, stranger}) == {known: [("empi", 1)]}


def test_a_master_index_id_speaks_before_a_record_number():
    assert one_person([("bah", 5), ("empi", 3)]) == 3


def test_an_id_of_several_patients_is_an_error():
    with pytest.raises(NotFoundError, match="several"):
        one_person([("bah", 5), ("bah", 3)])
