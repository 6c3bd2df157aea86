"""How planted facts are compared with those that the rules find."""

from typing import Any

from tests.corpus.planted_match import Answer, compare, matches

NODULE = {"type": "finding", "value": "nodule", "site": "lung", "nature": "metastasis"}


def planted(**more: str) -> dict[str, Any]:
    return {**NODULE, "certainty": "probable", "size_mm": "18x15", **more}


def found(**more: Any) -> dict[str, Any]:
    return {**NODULE, "certainty": "definite", "size_mm": [15, 18], **more}


def count(facts: list[dict[str, Any]], read: list[dict[str, Any]], kind: str = "imaging") -> Answer:
    answer = Answer()
    compare(kind, "text", facts, read, answer)
    return answer


def test_probable_and_definite_are_one_class_and_sizes_have_no_order() -> None:
    answer = count([planted()], [found()])
    assert answer.counts["imaging finding"].f1 == 1
    assert answer.counts["imaging finding: size_mm"].f1 == 1
    assert not matches(planted(), found(certainty="possible"))
    assert matches(planted(certainty="possible|definite"), found(certainty="possible"))


def test_a_lesion_told_as_two_is_invented_but_a_note_may_say_a_thing_twice() -> None:
    assert count([planted()], [found(), found()]).counts["imaging finding"].invented == 1
    kps = {"type": "kps", "value": 80, "certainty": "definite"}
    answer = count([{**kps, "value": "80"}], [kps, kps], "note")
    assert (answer.counts["note kps"].right, answer.counts["note kps"].invented) == (1, 0)


def test_an_optional_fact_is_neither_missed_nor_invented() -> None:
    assert count([planted(optional="1")], []).errors == []
    assert count([planted(optional="1")], [found()]).errors == []


def test_what_nobody_planted_is_invented_unless_it_is_a_denial_of_no_weight() -> None:
    assert count([], [found(certainty="negated")]).counts["imaging finding (negated)"].invented == 1
    fever = {"type": "adverse_event", "value": "fever", "certainty": "negated"}
    assert count([], [fever], "note").errors == []


def test_an_empty_column_accepts_everything_and_a_told_one_nothing_else() -> None:
    therapy = {"type": "radiotherapy", "value": "nasopharynx", "certainty": "definite"}
    read = {**therapy, "dose_gy": 70.0, "fractions": 33, "date": "2021-03"}
    assert matches(therapy, read)
    assert matches({**therapy, "value": "", "dose_gy": "70", "date": "2021-03|2021-02"}, read)
    assert not matches({**therapy, "dose_gy": "66"}, read)
    assert not matches({**therapy, "date": "2021"}, read)


def test_a_tumour_free_specimen_is_told_by_its_behaviour() -> None:
    free = {
        "type": "diagnosis",
        "value": "",
        "behaviour": "no_tumour|benign",
        "certainty": "definite",
    }
    assert matches(free, {**free, "value": None, "behaviour": "benign"})
    assert not matches(free, {**free, "value": "8072/3", "behaviour": "malignant"})
