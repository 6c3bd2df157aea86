"""cdm.care_site: the departments of the hospital."""

VISITS = """
    row_id | visit_key | department_code | department_name | start_at            | reject_reason
    11     | V1        | 0305            | 放疗一科        | 2018-01-02 08:00:00 | -
    12     | V2        | 0305            | 头颈放疗科      | 2021-03-04 08:00:00 | -
    13     | V3        | 0305            | -               | 2022-03-04 08:00:00 | -
    14     | V4        | 0401            | 胸外科          | 2020-03-04 08:00:00 | -
    15     | V5        | 0999            | 体检科          | 2020-03-04 08:00:00 | no start
    16     | V6        | -               | 门诊            | 2020-03-04 08:00:00 | -
"""


def test_a_department_code_is_one_care_site_under_its_latest_name(given, expect):
    given("stage.visit", VISITS)
    expect(
        "cdm.care_site",
        """
        care_site_id | care_site_name | care_site_source_value | place_of_service_concept_id
        1102001      | 头颈放疗科     | 0305                   | 38004515
        1402001      | 胸外科         | 0401                   | 38004515
        """,
    )
