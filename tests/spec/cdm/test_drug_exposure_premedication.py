"""cdm.drug_exposure and cdm.observation: premedication is marked, never taken for a treatment."""

import pytest

pytestmark = pytest.mark.usefixtures("admitted")


def give(given, *rows):
    """Executed drug orders: name, dose in mg, day of May 2023."""
    orders, executions = [], []
    for number, (name, dose, day) in enumerate(rows, 1):
        orders.append(f"O{number} | V1 | 西药 | {name} | {dose} | mg")
        executions.append(f"O{number} | 2023-05-{day:02d} 10:00:00 | 1")
    given("raw.YZ_YZJL", "\n".join(["YZH | JZLSH | YZLB | YZMC | YCJL | JLDW", *orders]))
    given("raw.YZ_ZXJL", "\n".join(["YZH | SJZXSJ | ZXZT", *executions]))


def test_premedication_is_an_observation_that_points_at_its_exposure(given, expect):
    give(
        given,
        ("地塞米松磷酸钠注射液", 5, 7),
        ("盐酸苯海拉明注射液", 40, 7),
        ("西咪替丁注射液", 300, 7),
        ("紫杉醇注射液", 270, 7),
    )
    expect(
        "cdm.observation",
        """
        observation_id | observation_concept_id | observation_date | observation_event_id | obs_event_field_concept_id | observation_type_concept_id | observation_source_value
        107010         | 2000000240             | 2023-05-07       | 107000               | 1147094                    | 32880                       | 地塞米松磷酸钠注射液
        207010         | 2000000240             | 2023-05-07       | 207000               | 1147094                    | 32880                       | 盐酸苯海拉明注射液
        307010         | 2000000240             | 2023-05-07       | 307000               | 1147094                    | 32880                       | 西咪替丁注射液
        """,
    )
    expect(
        "cdm.drug_exposure",
        "drug_exposure_id | quantity \n 107000 | 5.0 \n 207000 | 40.0 \n 307000 | 300.0"
        " \n 407000 | 270.0",
    )


@pytest.mark.parametrize(
    ("day", "marked"), [(6, True), (7, True), (10, True), (5, False), (11, False)]
)
def test_it_is_given_from_the_day_before_to_three_days_after_a_chemotherapy(
    given, expect, day, marked
):
    give(given, ("昂丹司琼注射液", 8, day), ("顺铂注射液", 130, 7))
    expect("stem.premedication", "row_id \n 1" if marked else "row_id")


def test_without_an_antineoplastic_drug_there_is_no_premedication(given, expect):
    give(given, ("地塞米松磷酸钠注射液", 5, 7), ("盐酸昂丹司琼注射液", 8, 7))
    expect("stem.premedication", "row_id")


@pytest.mark.parametrize(
    ("name", "dose", "marked"),
    [
        ("地塞米松磷酸钠注射液", 20, True),
        ("地塞米松磷酸钠注射液", 40, False),
        ("注射用甲泼尼龙琥珀酸钠", 40, True),
        ("注射用甲泼尼龙琥珀酸钠", 120, False),
    ],
)
def test_more_than_20_mg_dexamethasone_a_day_or_its_equal_is_a_treatment(
    given, expect, name, dose, marked
):
    give(given, (name, dose, 7), ("特瑞普利单抗注射液", 240, 7))
    expect("stem.premedication", "row_id \n 1" if marked else "row_id")


def test_a_steroid_of_seven_days_on_end_is_a_treatment_even_around_a_chemotherapy(given, expect):
    give(
        given,
        ("顺铂注射液", 130, 7),
        *[("地塞米松磷酸钠注射液", 5, day) for day in range(6, 13)],
    )
    expect("stem.premedication", "row_id")


PRODUCTS = """
row_id | person_id | visit_id | start_at   | vocabulary | code         | quantity | quantity_unit_text
1      | 1         | 7        | 2023-05-07 | npc_drug   | 地塞米松:5MG | 5        | mg
2      | 1         | 7        | 2023-05-07 | npc_drug   | 顺铂:30MG    | 130      | mg
3      | 1         | 8        | 2023-06-07 | npc_drug   | 地塞米松:5MG | 40       | mg
4      | 1         | 8        | 2023-06-07 | npc_drug   | 顺铂:30MG    | 130      | mg
5      | 1         | 9        | 2023-07-07 | npc_drug   | 地塞米松:5MG | 5        | mg
"""


def test_a_product_is_of_its_ingredients_class(given, expect):
    given("stem.order_execution", PRODUCTS)
    given(
        "vocabulary.code_map",
        """
        source_vocabulary_id | source_code | target_no | concept_id
        npc_drug             | 地塞米松:5MG | 0        | 40000001
        npc_drug             | 顺铂:30MG    | 0        | 40000002
        """,
    )
    given(
        "vocabulary.concept_ancestor",
        """
        ancestor_concept_id | descendant_concept_id
        1518254             | 40000001
        1397599             | 40000002
        """,
    )
    expect("stem.premedication", "row_id \n 1")
