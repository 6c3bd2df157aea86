"""Measurable lesion (i5). The index patient's lung metastasis of 2023-01-10 lies before the window."""

import pytest

LUNG, MEDIASTINUM, PLEURA, LIVER = 36770283, 35225542, 35226258, 36770544
CHEST_CONTRAST, CT_CONTRAST, PET_CT, PLAIN = 4327032, 4013967, 36685442, 4058335
LONGEST, SHORT_AXIS, LESS = 3046581, 2000000360, 4171756


@pytest.fixture
def lesion(given):
    """Give one lesion: `lesion(LUNG, "nodule", 10)`; a node's size is its short axis."""
    number = iter(range(100, 900, 10))

    def give(
        organ,
        kind,
        mm="-",
        day="2023-02-20",
        exam=CHEST_CONTRAST,
        operator="-",
        item=None,
        trend=None,
    ):
        one = next(number)
        item = item or (SHORT_AXIS if kind == "node" else LONGEST)
        given(
            "cdm.measurement",
            f"""
            person_id | measurement_id | measurement_concept_id | measurement_date | measurement_type_concept_id | value_source_value
            1         | {one}          | {organ}                | {day}            | 32841                       | {kind}
            """,
        )
        if mm != "-":
            given(
                "cdm.measurement",
                f"""
                person_id | measurement_id | measurement_concept_id | measurement_date | value_as_number | operator_concept_id | measurement_event_id | meas_event_field_concept_id
                1         | {one + 1}      | {item}                 | {day}            | {mm}            | {operator}          | {one}                | 1147138
                """,
            )
        if trend:
            given(
                "cdm.observation",
                f"""
                person_id | observation_id | observation_concept_id | observation_date | value_as_string | observation_event_id | obs_event_field_concept_id
                1         | {one + 2}      | 2000000362             | {day}            | {trend}         | {one}                | 1147138
                """,
            )
        given(
            "cdm.procedure_occurrence",
            f"procedure_occurrence_id | person_id | procedure_concept_id\n{one + 3} | 1 | {exam}",
        )
        given(
            "cdm.fact_relationship",
            f"""
            domain_concept_id_1 | fact_id_1 | domain_concept_id_2 | fact_id_2 | relationship_concept_id
            21                  | {one}     | 10                  | {one + 3} | 44818800
            10                  | {one + 3} | 21                  | {one}     | 44818898
            """,
        )

    return give


@pytest.mark.parametrize(
    ("organ", "kind", "mm", "answer"),
    [
        (LUNG, "nodule", 10, "met"),
        (LUNG, "nodule", 9.9, "not met"),
        (PLEURA, "mass", 10, "met"),
        (MEDIASTINUM, "node", 15, "met"),
        (MEDIASTINUM, "node", 14.9, "not met"),
        (PLEURA, "effusion", "-", "not met"),
        (PLEURA, "thickening", 30, "not met"),
        (LUNG, "nodule", "-", "unknown"),
        (LIVER, "mass", 40, "unknown"),
    ],
)
def test_size_kind_and_organ_decide(expect, index_patient, lesion, organ, kind, mm, answer):
    lesion(organ, kind, mm)
    expect("study.criterion_i5", f"person_id | answer\n1 | {answer}")


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2023-01-18", "met"),
        ("2023-01-17", "unknown"),
        ("2023-03-15", "met"),
        ("2023-03-16", "unknown"),
    ],
)
def test_the_examination_is_near_the_index(expect, index_patient, lesion, day, answer):
    lesion(LUNG, "nodule", 20, day=day)
    expect("study.criterion_i5", f"answer\n{answer}")


@pytest.mark.parametrize(
    ("exam", "answer"),
    [(PET_CT, "met"), (CT_CONTRAST, "met"), (CHEST_CONTRAST, "met"), (PLAIN, "unknown")],
)
def test_only_pet_ct_and_contrast_ct_count(expect, index_patient, lesion, exam, answer):
    lesion(LUNG, "nodule", 20, exam=exam)
    expect("study.criterion_i5", f"answer\n{answer}")


def test_one_measurable_lesion_is_enough(expect, index_patient, lesion):
    lesion(LUNG, "nodule", 5)
    lesion(LUNG, "nodule")
    lesion(MEDIASTINUM, "node", 18)
    expect("study.criterion_i5", "answer | value\nmet | 18.0 mm")


def test_a_lesion_without_a_size_may_be_measurable(expect, index_patient, lesion):
    lesion(LUNG, "nodule", 5)
    lesion(PLEURA, "effusion")
    lesion(LUNG, "nodule")
    expect("study.criterion_i5", "answer | value\nunknown | lesion without a size")


def test_a_nodes_longest_diameter_says_nothing(expect, index_patient, lesion):
    lesion(MEDIASTINUM, "node", 30, item=LONGEST)
    expect("study.criterion_i5", "answer\nunknown")


@pytest.mark.parametrize(("mm", "answer"), [(10, "not met"), (12, "unknown")])
def test_less_than_a_size_is_below_it(expect, index_patient, lesion, mm, answer):
    lesion(LUNG, "nodule", mm, operator=LESS)
    expect("study.criterion_i5", f"answer\n{answer}")


def test_a_lesion_that_has_disappeared_is_none(expect, index_patient, lesion):
    lesion(LUNG, "nodule", 20, trend="gone")
    expect("study.criterion_i5", "answer\nunknown")


def test_no_examination_is_unknown(expect, index_patient):
    expect(
        "study.criterion_i5",
        """
        answer  | value
        unknown | no lesion on PET/CT or contrast CT in the window
        """,
    )
