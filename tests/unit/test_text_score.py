"""The text score: a perfect answer is 1, a miss lowers recall, an invention precision."""

from copy import deepcopy
from typing import Any

import pytest

from tests.corpus.score import Answer, Score, main, read, score, table

RECORD: dict[str, Any] = {
    "id": "x-1",
    "kind": "imaging",
    "text": "右肺下叶结节，约18mm×15mm，考虑转移。左侧胸腔少量积液。肝未见转移。",
    "facts": [
        {"type": "finding", "value": "nodule", "nature": "metastasis", "site": "lung",
         "size_mm": [18, 15], "span": [0, 21], "certainty": "probable"},
        {"type": "finding", "value": "effusion", "nature": "unclear", "site": "pleura",
         "side": "left", "span": [22, 30], "certainty": "definite"},
        {"type": "finding", "value": "lesion", "nature": "metastasis", "site": "liver",
         "span": [31, 36], "certainty": "negated"},
    ],
}  # fmt: skip


def _asked(change: Answer, record: dict[str, Any] = RECORD) -> Score:
    return score([record], lambda line: change(deepcopy(line)))


def test_a_perfect_answer_scores_one() -> None:
    total = _asked(lambda line: line["facts"])
    assert {c.f1 for c in [*total.kinds.values(), *total.attributes.values()]} == {1.0}
    assert total.errors == []


def test_a_missing_fact_lowers_recall_alone() -> None:
    found = _asked(lambda line: line["facts"][1:]).kinds["finding"]
    assert (found.precision, found.recall) == (1.0, 0.5)


def test_an_invented_fact_lowers_precision_alone() -> None:
    extra = {"type": "finding", "value": "node", "nature": "metastasis", "site": "mediastinum",
             "span": [0, 4], "certainty": "definite"}  # fmt: skip
    found = _asked(lambda line: [*line["facts"], extra]).kinds["finding"]
    assert (found.precision, found.recall) == (2 / 3, 1.0)


def test_a_lesion_told_twice_is_an_invention() -> None:
    total = _asked(lambda line: [*line["facts"], line["facts"][0]])
    assert total.kinds["finding"].invented == 1


def test_definite_and_probable_are_one_class_and_possible_is_another() -> None:
    def said(certainty: str) -> int:
        def change(line: dict[str, Any]) -> list[dict[str, Any]]:
            line["facts"][0]["certainty"] = certainty
            return line["facts"]  # type: ignore[no-any-return]

        return _asked(change).kinds["finding"].right

    assert (said("definite"), said("probable"), said("possible"), said("negated")) == (2, 2, 1, 1)


def test_a_negated_finding_has_a_row_of_its_own() -> None:
    total = _asked(lambda line: line["facts"][:2])
    assert total.kinds["finding (negated)"].missed == 1
    assert total.kinds["finding"].f1 == 1.0


def test_a_size_counts_within_half_a_millimetre_even_where_the_nature_is_wrong() -> None:
    def change(line: dict[str, Any]) -> list[dict[str, Any]]:
        line["facts"][0] |= {"nature": "benign", "size_mm": [15.4, 18]}
        return line["facts"]  # type: ignore[no-any-return]

    total = _asked(change)
    assert total.kinds["finding"].right == 1
    assert total.attributes["size"].f1 == 1.0


def test_an_optional_fact_is_neither_missed_nor_invented() -> None:
    record = deepcopy(RECORD)
    record["facts"][1]["optional"] = True
    assert _asked(lambda line: line["facts"], record).kinds["finding"].f1 == 1.0
    assert _asked(lambda line: line["facts"][:1], record).kinds["finding"].f1 == 1.0


def test_the_date_of_a_death_is_right_at_its_own_precision_only() -> None:
    gold = {"type": "death", "value": True, "date": "2023-05", "span": [0, 4],
            "certainty": "definite"}  # fmt: skip
    record = {"id": "n", "kind": "note", "text": "2023年5月去世", "facts": [gold]}
    assert _asked(lambda line: line["facts"], record).kinds["death"].f1 == 1.0
    wrong = _asked(lambda line: [line["facts"][0] | {"date": "2023-05-01"}], record).kinds["death"]
    assert (wrong.precision, wrong.recall) == (0.0, 0.0)


def test_a_symptom_in_other_words_is_right_where_the_gold_fact_says_so() -> None:
    gold = {"type": "cns_symptom", "value": "头疼", "value_also": ["头痛"], "span": [4, 6],
            "certainty": "definite"}  # fmt: skip
    record = {"id": "n", "kind": "note", "text": "夜间反复头疼", "facts": [gold]}
    assert _asked(lambda line: [line["facts"][0] | {"value": "头痛"}], record).errors == []
    assert _asked(lambda line: [line["facts"][0] | {"value": "抽搐"}], record).errors != []


@pytest.mark.parametrize(
    ("certainty", "right"), [("definite", 0), ("probable", 1), ("possible", 1), ("negated", 0)]
)
def test_terms_are_judged_three_ways(certainty: str, right: int) -> None:
    term = {"type": "term", "value": "转移", "span": [2, 4], "certainty": "possible"}
    record = {"id": "t", "kind": "imaging", "text": "可疑转移", "terms": ["转移"], "facts": [term]}
    total = _asked(lambda line: [term | {"certainty": certainty}], record)
    assert (total.terms, total.terms_right) == (1, right)


@pytest.mark.parametrize("half", ["development", "held_out"])
def test_the_corpus_answers_itself(half: str) -> None:
    total = score(read(half), lambda line: deepcopy(line["facts"]))
    assert total.errors == []
    assert total.terms_right == total.terms


def test_every_gold_span_is_inside_its_text() -> None:
    for line in read("both"):
        for fact in line["facts"]:
            for start, end in fact.get("spans", [fact["span"]]):
                assert 0 <= start < end <= len(line["text"]), line["id"]


def test_ids_and_texts_are_there_once() -> None:
    lines = read("both")
    for name in ("id", "text"):
        assert len({line[name] for line in lines}) == len(lines)


def test_the_table_prints_every_kind_and_the_means(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tests.corpus.score._extract", lambda line: line["facts"][1:])
    main(["--half", "development", "--misses"])
    printed = capsys.readouterr().out
    assert "macro F1" in printed
    assert "missed finding" in printed
    assert "SUVmax" in table(score(read("both"), lambda line: line["facts"]))
