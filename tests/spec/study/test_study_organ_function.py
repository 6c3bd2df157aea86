"""Organ function (i6): limits, upper limits of normal, units, clearance."""

import pytest

ANC, PLT, HB, TBIL, ALT, AST = 3013650, 3024929, 3000963, 3006140, 3006923, 3013721
CREATININE, CREATININE_MASS, WEIGHT = 3020564, 3016723, 3025315
COUNT, G_PER_L, G_PER_DL, UMOL, MG_PER_DL, U, KG = 9444, 8636, 8713, 8749, 8840, 8645, 9529
LESS, GREATER = 4171756, 4172704
HEADER = """
    person_id | measurement_id | measurement_concept_id | measurement_date | value_as_number | unit_concept_id | range_high | operator_concept_id
"""
NORMAL = {
    ANC: (3.5, COUNT),
    PLT: (220, COUNT),
    HB: (138, G_PER_L),
    TBIL: (11, UMOL),
    ALT: (22, U),
    AST: (23, U),
    CREATININE: (76, UMOL),
}


@pytest.fixture
def result(given):
    """Give one result: `result(ALT, 101, U, day=..., high=..., operator=...)`."""
    number = iter(range(100, 200))

    def give(concept, amount, unit, day="2023-03-01", high="-", operator="-"):
        given(
            "cdm.measurement",
            HEADER
            + f"1 | {next(number)} | {concept} | {day} | {amount} | {unit} | {high} | {operator}",
        )

    return give


@pytest.fixture
def normal(result):
    """Give normal results of all components but some."""

    def give(*but, day="2023-03-01"):
        for concept, (amount, unit) in NORMAL.items():
            if concept not in but:
                result(concept, amount, unit, day=day)

    return give


@pytest.fixture
def answer_of(specification):
    """The answer of one component."""

    def ask(item):
        specification.run("study.organ_function")
        return specification.con.execute(
            "SELECT answer FROM study.organ_function WHERE item = ?", [item]
        ).fetchone()[0]

    return ask


def test_all_normal_is_met(expect, index_patient, normal):
    normal()
    expect(
        "study.criterion_i6",
        """
        person_id | answer | value                   | found_on
        1         | met    | all components adequate | 2023-03-01
        """,
    )


def test_one_missing_value_is_unknown(expect, index_patient, normal):
    normal(PLT)
    expect(
        "study.criterion_i6",
        """
        person_id | answer  | value
        1         | unknown | plt: no result in the window
        """,
    )


def test_one_failing_component_decides_even_if_others_are_missing(
    expect, index_patient, normal, result
):
    normal(PLT, ANC)
    result(ANC, 1.2, COUNT)
    expect(
        "study.criterion_i6",
        """
        person_id | answer  | value
        1         | not met | anc: 1.20 10*9/L, at least 1.50
        """,
    )


@pytest.mark.parametrize(
    ("item", "concept", "unit", "amount", "answer"),
    [
        ("anc", ANC, COUNT, 1.5, "met"),
        ("anc", ANC, COUNT, 1.49, "not met"),
        ("plt", PLT, COUNT, 100, "met"),
        ("plt", PLT, COUNT, 99, "not met"),
        ("hb", HB, G_PER_L, 90, "met"),
        ("hb", HB, G_PER_L, 89, "not met"),
        ("hb", HB, G_PER_DL, 9.0, "met"),
        ("hb", HB, G_PER_DL, 8.9, "not met"),
        ("tbil", TBIL, UMOL, 39, "met"),  # 1.5 x 26, men
        ("tbil", TBIL, UMOL, 39.1, "not met"),
        ("alt", ALT, U, 125, "met"),  # 2.5 x 50, men
        ("alt", ALT, U, 126, "not met"),
        ("ast", AST, U, 100, "met"),  # 2.5 x 40, men
        ("ast", AST, U, 101, "not met"),
        ("creatinine", CREATININE, UMOL, 145.5, "met"),  # 1.5 x 97, men
        ("creatinine", CREATININE, UMOL, 146, "unknown"),  # and no weight
        ("creatinine", CREATININE_MASS, MG_PER_DL, 1.64, "met"),
        ("creatinine", CREATININE_MASS, MG_PER_DL, 1.65, "unknown"),
        ("tbil", 3024128, MG_PER_DL, 2.28, "met"),  # 38.99 umol/L
        ("tbil", 3024128, MG_PER_DL, 2.29, "not met"),
    ],
)
def test_limits_include_their_number(
    index_patient, result, answer_of, item, concept, unit, amount, answer
):
    result(concept, amount, unit)
    assert answer_of(item) == answer


@pytest.mark.parametrize(
    ("item", "concept", "amount", "high", "answer"),
    [
        ("alt", ALT, 100, 40, "met"),
        ("alt", ALT, 101, 40, "not met"),
        ("tbil", TBIL, 34.5, 23, "met"),
        ("tbil", TBIL, 35, 23, "not met"),
        ("tbil", TBIL, 25.65, 17.1, "met"),
    ],
)
def test_the_own_range_speaks_before_the_sex(
    index_patient, result, answer_of, item, concept, amount, high, answer
):
    result(concept, amount, U if item == "alt" else UMOL, high=high)
    assert answer_of(item) == answer


def test_a_result_with_its_own_range_needs_no_known_unit(index_patient, result, answer_of):
    result(ALT, 99, 0, high=40)
    assert answer_of("alt") == "met"


def test_an_unknown_unit_without_a_range_is_unknown(expect, index_patient, normal, result):
    normal(HB)
    result(HB, 138, 0)
    expect("study.criterion_i6", "answer | value\nunknown | hb: unit not known")


@pytest.mark.parametrize(
    ("item", "concept", "unit", "amount", "answer"),
    [
        ("tbil", TBIL, UMOL, 31.5, "met"),  # 1.5 x 21
        ("tbil", TBIL, UMOL, 31.6, "not met"),
        ("alt", ALT, U, 100, "met"),  # 2.5 x 40
        ("alt", ALT, U, 101, "not met"),
        ("ast", AST, U, 87.5, "met"),  # 2.5 x 35
        ("ast", AST, U, 88, "not met"),
        ("creatinine", CREATININE, UMOL, 109.5, "met"),  # 1.5 x 73
        ("creatinine", CREATININE, UMOL, 110, "unknown"),  # and no weight
    ],
)
def test_women_have_their_own_limits(
    specification, index_patient, result, answer_of, item, concept, unit, amount, answer
):
    specification.con.execute("UPDATE cdm.person SET gender_concept_id = 8532")
    result(concept, amount, unit)
    assert answer_of(item) == answer


def test_without_sex_and_range_the_limit_is_unknown(
    specification, index_patient, result, answer_of
):
    specification.con.execute("UPDATE cdm.person SET gender_concept_id = 0")
    result(ALT, 22, U)
    assert answer_of("alt") == "unknown"


@pytest.mark.parametrize(
    ("found_on", "amount", "answer"),
    [
        ("2023-03-01", 250, "met"),
        ("2023-03-01", 251, "not met"),
        ("2022-03-01", 250, "met"),
        ("2023-03-02", 250, "not met"),  # a later liver metastasis excuses nothing
    ],
)
def test_liver_metastases_allow_five_times_the_limit(
    given, index_patient, result, answer_of, found_on, amount, answer
):
    given(
        "cdm.measurement",
        f"""
        person_id | measurement_id | measurement_concept_id | measurement_date | measurement_type_concept_id
        1         | 50             | 36770544               | {found_on}       | 32841
        """,
    )
    result(ALT, amount, U)
    assert answer_of("alt") == answer


def test_liver_metastases_excuse_no_bilirubin(given, index_patient, result, answer_of):
    given(
        "cdm.measurement",
        """
        person_id | measurement_id | measurement_concept_id | measurement_date
        1         | 50             | 36770544               | 2023-01-01
        """,
    )
    result(TBIL, 50, UMOL)
    assert answer_of("tbil") == "not met"


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2023-02-01", "met"),
        ("2023-01-31", "unknown"),
        ("2023-03-04", "met"),
        ("2023-03-05", "unknown"),
    ],
)
def test_a_sample_counts_from_28_days_before_to_3_days_after(
    index_patient, result, answer_of, day, answer
):
    result(PLT, 200, COUNT, day=day)
    assert answer_of("plt") == answer


def test_a_value_after_the_index_is_used_only_where_there_is_none_before(
    index_patient, result, answer_of
):
    result(PLT, 80, COUNT, day="2023-02-10")
    result(PLT, 200, COUNT, day="2023-03-02")
    assert answer_of("plt") == "not met"


def test_the_latest_value_before_the_index_is_used(index_patient, result, answer_of):
    result(PLT, 80, COUNT, day="2023-02-10")
    result(PLT, 120, COUNT, day="2023-02-28")
    assert answer_of("plt") == "met"


@pytest.mark.parametrize(("weight", "answer"), [(80, "met"), (70, "not met"), (None, "unknown")])
def test_creatinine_above_its_limit_is_judged_by_the_clearance(
    index_patient, result, answer_of, weight, answer
):
    # A man of 52: (140 - 52) x kg / (72 x 159.12 / 88.4 mg/dL) = 54.3 at 80 kg, 47.5 at 70 kg.
    result(CREATININE, 159.12, UMOL)
    if weight:
        result(WEIGHT, weight, KG, day="2023-02-28")
    assert answer_of("creatinine") == answer


@pytest.mark.parametrize(("kg", "answer"), [(72, "met"), (71.9, "not met")])
def test_a_clearance_of_50_is_enough(specification, index_patient, result, answer_of, kg, answer):
    # Born in March 1983, 40 years: 100 x 72 / (72 x 2.0 mg/dL) = 50.
    specification.con.execute("UPDATE cdm.person SET year_of_birth = 1983, month_of_birth = 3")
    result(CREATININE_MASS, 2.0, MG_PER_DL)
    result(WEIGHT, kg, KG)
    assert answer_of("creatinine") == answer


def test_a_womans_clearance_is_lower(specification, index_patient, result, answer_of):
    specification.con.execute("UPDATE cdm.person SET gender_concept_id = 8532")
    result(CREATININE, 159.12, UMOL)
    result(WEIGHT, 80, KG)
    assert answer_of("creatinine") == "not met"  # 54.3 x 0.85


def test_without_creatinine_the_kidney_is_unknown(index_patient, result, answer_of):
    result(WEIGHT, 70, KG)
    assert answer_of("creatinine") == "unknown"


@pytest.mark.parametrize(
    ("item", "concept", "unit", "amount", "operator", "answer"),
    [
        ("anc", ANC, COUNT, 0.5, LESS, "not met"),
        ("anc", ANC, COUNT, 2.0, LESS, "unknown"),
        ("plt", PLT, COUNT, 1000, GREATER, "met"),
        ("plt", PLT, COUNT, 50, GREATER, "unknown"),
        ("tbil", TBIL, UMOL, 2, LESS, "met"),
        ("alt", ALT, U, 500, GREATER, "not met"),
        ("alt", ALT, U, 500, LESS, "unknown"),
        ("alt", ALT, U, 5, GREATER, "unknown"),
    ],
)
def test_a_result_below_or_above_a_number_decides_only_where_it_can(
    index_patient, result, answer_of, item, concept, unit, amount, operator, answer
):
    result(concept, amount, unit, operator=operator)
    assert answer_of(item) == answer


def test_cells_per_microlitre_are_converted(index_patient, result, answer_of):
    result(ANC, 1400, 8647)
    assert answer_of("anc") == "not met"


@pytest.mark.parametrize("amount", [-1, 1e12])
def test_an_impossible_number_is_no_result(index_patient, result, answer_of, amount):
    result(PLT, 80, COUNT, day="2023-02-10")
    result(PLT, amount, COUNT)
    assert answer_of("plt") == "not met"
