"""Earlier checkpoint inhibitor (e1) and earlier chemotherapy for metastatic disease (e3)."""

import pytest

HEADER = """
    person_id | drug_exposure_id | drug_concept_id | drug_exposure_start_date | drug_type_concept_id
"""
GEMCITABINE, CISPLATIN, DOCETAXEL = 1314924, 1397599, 1315942


@pytest.fixture
def earlier(given):
    """Give one more administration."""
    number = iter(range(100, 200))

    def give(drug, day, kind=32818):
        given("cdm.drug_exposure", HEADER + f"1 | {next(number)} | {drug} | {day} | {kind}")

    return give


@pytest.mark.parametrize(
    "drug",
    [747052, 35200783, 42629079, 40238188, 2000000026, 2000000024],
    ids=["PD-1", "cemiplimab", "PD-L1", "CTLA-4", "bispecific", "local PD-L1"],
)
def test_any_checkpoint_inhibitor_the_day_before_counts(expect, index_patient, earlier, drug):
    earlier(drug, "2022-02-01")
    expect("study.criterion_e1", "person_id | answer | found_on\n1 | met | 2022-02-01")


def test_on_the_index_date_itself_it_is_not_earlier(expect, index_patient, earlier):
    earlier(36853469, "2023-03-01")
    expect("study.criterion_e1", "answer | value\nnot met | none on record")


def test_the_day_before_the_index_is_earlier(expect, index_patient, earlier):
    earlier(42629079, "2023-02-28")
    expect("study.criterion_e1", "answer | value\nmet | atezolizumab")


def test_a_prescribed_checkpoint_inhibitor_was_not_given(expect, index_patient, earlier):
    earlier(42629079, "2023-02-01", kind=32838)
    expect("study.criterion_e1", "answer\nnot met")


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2023-01-09", "not met"),  # before the first distant metastasis
        ("2023-01-10", "met"),
        ("2023-02-15", "met"),  # index - 14 days
        ("2023-02-16", "not met"),
    ],
)
def test_other_chemotherapy_between_metastasis_and_14_days_before_the_index(
    expect, index_patient, earlier, day, answer
):
    earlier(DOCETAXEL, day)
    expect("study.criterion_e3", f"person_id | answer\n1 | {answer}")


def test_the_first_distant_metastasis_may_be_in_another_organ(
    given, expect, index_patient, earlier
):
    given(
        "cdm.measurement",
        """
        person_id | measurement_id | measurement_concept_id | measurement_date | measurement_type_concept_id
        1         | 51             | 36769301               | 2022-06-01       | 32841
        """,
    )
    earlier(DOCETAXEL, "2022-06-05")
    expect("study.criterion_e3", "answer | value | found_on\nmet | docetaxel | 2022-06-05")


def test_nodes_of_unknown_site_are_no_distant_metastasis(given, expect, index_patient, earlier):
    given(
        "cdm.measurement",
        """
        person_id | measurement_id | measurement_concept_id | measurement_date | measurement_type_concept_id
        1         | 51             | 36768587               | 2022-06-01       | 32841
        """,
    )
    earlier(DOCETAXEL, "2022-06-05")
    expect("study.criterion_e3", "answer\nnot met")


@pytest.mark.parametrize(("day", "answer"), [("2023-02-01", "not met"), ("2023-01-31", "met")])
def test_the_same_regimen_from_28_days_before_the_index_is_allowed(
    expect, index_patient, earlier, day, answer
):
    earlier(GEMCITABINE, day)
    earlier(CISPLATIN, day)
    expect("study.criterion_e3", f"answer | found_on\n{answer} | {day}")


def test_an_allowed_first_cycle_is_flagged(expect, index_patient, earlier):
    earlier(GEMCITABINE, "2023-02-08")
    expect(
        "study.criterion_e3",
        """
        answer  | value
        not met | flagged: first cycle of the same regimen (gemcitabine)
        """,
    )


def test_another_drug_beside_the_same_regimen_is_not_allowed(expect, index_patient, earlier):
    earlier(GEMCITABINE, "2023-02-08")
    earlier(DOCETAXEL, "2023-02-08")
    expect("study.criterion_e3", "answer | value\nmet | docetaxel, gemcitabine")


def test_an_earlier_cycle_of_the_same_regimen_makes_it_no_first_cycle(
    expect, index_patient, earlier
):
    earlier(GEMCITABINE, "2023-01-15")
    earlier(GEMCITABINE, "2023-02-08")
    expect("study.criterion_e3", "answer\nmet")


def test_the_setting_forbids_the_first_cycle(expect, setting, index_patient, earlier):
    setting(same_regimen_allowed=False)
    earlier(GEMCITABINE, "2023-02-08")
    expect("study.criterion_e3", "answer\nmet")


def test_chemotherapy_that_alone_makes_the_index_is_its_own_regimen(
    specification, expect, index_patient, earlier
):
    specification.con.execute("DELETE FROM cdm.drug_exposure WHERE drug_exposure_id IN (14, 15)")
    earlier(DOCETAXEL, "2023-02-15")
    expect(
        "study.criterion_e3",
        """
        answer  | value
        not met | flagged: first cycle of the same regimen (docetaxel)
        """,
    )


def test_a_drug_given_only_14_days_before_is_no_part_of_the_index_regimen(
    expect, index_patient, earlier
):
    earlier(DOCETAXEL, "2023-02-15")
    expect("study.index_regimen", "ingredient\ngemcitabine\ncisplatin")
