"""cdm.provider: a department, for no doctor's name or number survives landing."""


def test_a_provider_is_a_department_with_its_specialty(given, expect):
    given(
        "stage.visit",
        """
        row_id | visit_key | department_code | department_name | start_at
        11     | V1        | 0305            | 放疗一科        | 2018-01-02 08:00:00
        12     | V2        | 0305            | 头颈放疗科      | 2021-03-04 08:00:00
        14     | V4        | 0777            | 某某特色科      | 2020-03-04 08:00:00
        """,
    )
    expect(
        "cdm.provider",
        """
        provider_id | care_site_id | specialty_concept_id | provider_source_value | specialty_source_value
        1102002     | 1102001      | 38004509             | 0305                  | 头颈放疗科
        1402002     | 1402001      | 0                    | 0777                  | 某某特色科
        """,
    )


def test_a_provider_has_neither_name_nor_sex_nor_year_of_birth(given, expect):
    given(
        "stage.visit",
        "row_id | visit_key | department_code | start_at \n 11 | V1 | 0305 | 2018-01-02 08:00:00",
    )
    expect("cdm.provider", "provider_name | year_of_birth | gender_concept_id \n - | - | -")
