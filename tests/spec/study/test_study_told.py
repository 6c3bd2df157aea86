"""What notes tell of the past: checkpoint inhibitor (e1), recurrence (e2), trial (e8), dates as told."""

import pytest

CHECKPOINT, LOCAL, REGIONAL, OTHER_SITE, TRIAL = (
    2000000046,
    2000000041,
    2000000042,
    2000000364,
    2000000050,
)
SCREENED_OUT, DECLINED, OBSERVATIONAL, ELSEWHERE = 2000000394, 2000000393, 2000000395, 2000000398
INDEX = "2023-03-01"


@pytest.fixture
def told(given):
    """Give one thing told: `told(CHECKPOINT, "2020", noted=..., elsewhere=True)`."""
    number = iter(range(800, 900))

    def give(concept, date="-", noted="2023-02-20", elsewhere=False, kind=32858):
        given(
            "cdm.observation",
            f"""
            person_id | observation_id | observation_concept_id | observation_date | observation_type_concept_id | value_as_string | value_as_concept_id
            1         | {next(number)} | {concept}              | {noted}          | {kind}                      | {date}          | {ELSEWHERE if elsewhere else "-"}
            """,
        )

    return give


@pytest.fixture
def said(given):
    """Give one finding that a report calls possible or denies."""
    number = iter(range(500, 600))

    def give(concept, day, certainty):
        one = next(number)
        given("cdm.note", f"note_id | person_id | note_date\n{one} | 1 | {day}")
        given(
            "cdm.note_nlp",
            f"""
            note_nlp_id | note_id | note_nlp_concept_id | nlp_date | term_exists                              | term_modifiers
            {one}       | {one}   | {concept}           | {day}    | {"N" if certainty == "negated" else "Y"} | finding=lesion certainty={certainty}
            """,
        )

    return give


@pytest.mark.parametrize(
    ("date", "begins", "from_", "to", "precision"),
    [
        ("2021", "2021-01-01", "2021-01-01", "2021-12-31", "year"),
        ("2020-02", "2020-02-01", "2020-02-01", "2020-02-29", "month"),
        ("2021-12", "2021-12-01", "2021-12-01", "2021-12-31", "month"),
        ("2021-03-05", "2021-03-05", "2021-03-05", "2021-03-05", "day"),
        ("2019-01/2019-06", "2019-01-01", "2019-06-01", "2019-06-30", "month"),
        ("-", "-", "-", "-", "-"),
    ],
)
def test_a_date_told_is_an_interval(
    expect, index_patient, told, date, begins, from_, to, precision
):
    told(CHECKPOINT, date)
    expect(
        "study.told_history",
        f"""
        begins_from | ends_from | ends_to | date_precision
        {begins}    | {from_}   | {to}    | {precision}
        """,
    )


@pytest.mark.parametrize(
    ("date", "noted", "elsewhere", "answer"),
    [
        ("2020", "2023-02-20", True, "met"),
        ("2023", "2023-02-20", True, "met"),  # told before the index, so it was before it
        ("-", "2023-02-28", False, "met"),
        ("-", "2023-03-01", False, "not met"),  # the index treatment itself
        ("2023-02-28", "2023-05-01", False, "met"),
        ("2023-03-01", "2023-05-01", True, "not met"),
        ("2023-03", "2023-05-01", True, "not met"),
        ("2023", "2023-05-01", False, "not met"),  # here the administrations are on record
        ("2023", "2023-05-01", True, "unknown"),
    ],
)
def test_a_checkpoint_inhibitor_told_before_the_index(
    expect, index_patient, told, date, noted, elsewhere, answer
):
    told(CHECKPOINT, date, noted, elsewhere)
    expect("study.criterion_e1", f"answer\n{answer}")


def test_a_year_told_keeps_its_precision(expect, index_patient, told):
    told(CHECKPOINT, "2020", elsewhere=True)
    expect(
        "study.npc_lung_pd1_answer",
        "\n".join(
            ["criterion | found_on | date_precision", "e1 | 2020-01-01 | year"]
            + [f"{c} | {d} | {p}" for c, d, p in REST]
        ),
    )


REST = [
    ("p1", "2023-01-10", "day"),
    ("p2", INDEX, "day"),
    ("i1", INDEX, "day"),
    *[(c, "-", "-") for c in ("i2", "i3", "i4", "i5", "i6")],
    *[(c, "-", "-") for c in ("e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9")],
]


@pytest.mark.parametrize("concept", [LOCAL, REGIONAL])
@pytest.mark.parametrize(
    ("date", "noted", "kind", "answer"),
    [
        ("-", "2023-03-01", 32841, "met"),
        ("-", "2023-03-02", 32841, "not met"),
        ("2019-05", "2023-06-01", 32858, "met"),
        ("-", "2023-02-01", 32858, "met"),
        ("-", "2023-06-01", 32858, "not met"),
        ("2023-03", "2023-06-01", 32858, "unknown"),
        ("2023-04", "2023-06-01", 32858, "not met"),
    ],
)
def test_recurrence_on_or_before_the_index(
    expect, index_patient, told, concept, date, noted, kind, answer
):
    told(concept, date, noted, kind=kind)
    expect("study.criterion_e2", f"answer\n{answer}")


def test_recurrence_of_another_site_is_none(expect, index_patient, told):
    told(OTHER_SITE)
    expect("study.criterion_e2", "answer | value\nnot met | none on record")


@pytest.mark.parametrize(("day", "answer"), [(INDEX, "unknown"), ("2023-03-02", "not met")])
def test_a_possible_recurrence_is_unknown(expect, index_patient, said, day, answer):
    said(LOCAL, day, "possible")
    expect("study.criterion_e2", f"answer\n{answer}")


@pytest.mark.parametrize(
    ("denied_on", "answer"),
    [("2022-06-02", "not met"), ("2022-05-31", "unknown"), ("2023-03-02", "unknown")],
)
def test_what_was_possible_and_then_denied_is_resolved(
    expect, index_patient, said, denied_on, answer
):
    said(LOCAL, "2022-06-01", "possible")
    said(LOCAL, denied_on, "negated")
    expect("study.criterion_e2", f"answer\n{answer}")


def test_the_setting_limits_how_long_ago(expect, index_patient, told, setting):
    setting(recurrence_window_days=365)
    told(LOCAL, "-", "2021-06-01", kind=32841)
    expect("study.criterion_e2", "answer\nnot met")


@pytest.mark.parametrize(
    ("date", "noted", "answer"),
    [
        ("2022-08-01/2022-12-01", "2023-02-20", "met"),
        ("2022-08-01/2022-11-30", "2023-02-20", "not met"),
        ("2022-12-15", "2023-02-20", "met"),
        ("2022-08-01", "2023-02-20", "unknown"),  # its end is not told
        ("-", "2023-02-20", "unknown"),
        ("-", "2023-03-02", "not met"),
        ("2023-03-01", "2023-04-01", "not met"),  # the index therapy itself
        ("2023-03-02", "2023-04-01", "not met"),
    ],
)
def test_a_trial_within_90_days_before_the_index(expect, index_patient, told, date, noted, answer):
    told(TRIAL, date, noted)
    expect("study.criterion_e8", f"answer\n{answer}")


@pytest.mark.parametrize("concept", [SCREENED_OUT, DECLINED, OBSERVATIONAL])
def test_who_took_no_part_in_a_drug_trial(expect, index_patient, told, concept):
    told(concept)
    expect("study.criterion_e8", "answer | value\nnot met | none on record")


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2022-12-01", "met"),
        ("2022-11-30", "not met"),
        ("2023-02-28", "met"),
        (INDEX, "not met"),
    ],
)
def test_a_blinded_drug_is_a_trial(given, expect, index_patient, day, answer):
    given(
        "cdm.drug_exposure",
        f"""
        person_id | drug_exposure_id | drug_concept_id | drug_exposure_start_date | drug_type_concept_id
        1         | 91               | 2000000151      | {day}                    | 32818
        """,
    )
    expect("study.criterion_e8", f"answer\n{answer}")


def test_the_setting_counts_the_index_therapys_own_trial(expect, index_patient, told, setting):
    setting(index_trial_counts=True)
    told(TRIAL, INDEX)
    expect("study.criterion_e8", "answer\nmet")


@pytest.mark.parametrize(
    ("date", "elsewhere", "answer"),
    [
        ("2023-01-10", True, "met"),
        ("2023-01-09", True, "not met"),  # before the first distant metastasis
        ("2023-01", True, "unknown"),
        ("2023-02-15", True, "met"),
        ("2023-02-16", True, "not met"),
        ("-", True, "not met"),  # the primary treatment's
        ("2023-01-20", False, "not met"),  # here the administrations are on record
    ],
)
def test_chemotherapy_elsewhere_for_metastatic_disease(
    expect, index_patient, told, date, elsewhere, answer
):
    told(2000000045, date, "2023-02-28", elsewhere)
    expect("study.criterion_e3", f"answer\n{answer}")


@pytest.mark.parametrize(
    ("date", "noted", "answer"),
    [("-", INDEX, "met"), ("2023", INDEX, "met"), ("-", "2023-05-01", "unknown")],
)
def test_a_checkpoint_inhibitor_elsewhere_told_on_the_index_day_is_earlier(
    expect, index_patient, told, date, noted, answer
):
    told(CHECKPOINT, date, noted, elsewhere=True)
    expect("study.criterion_e1", f"answer\n{answer}")
