"""cdm.visit_detail: the stay in a department."""


def test_a_stay_is_one_detail_and_other_visits_have_none(given, expect):
    given("raw.identity", "id_hmac | id_kind | person_id \n E1 | empi | 1")
    given("raw.HZ_ZSY", "EMPI_ID | HZID | CSRQ \n E1 | H1 | 1975-03")
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | JZLX | RYSJ                | CYSJ                | JZKSDM | JZKSMC
        V1    | E1      | 1    | 2023-05-01 08:00:00 | -                   | 0305   | 头颈放疗科
        V2    | E1      | 3    | 2023-05-06 09:05:00 | 2023-05-09 10:30:00 | 0305   | 头颈放疗科
        """,
    )
    expect(
        "cdm.visit_detail",
        """
        visit_detail_id | visit_occurrence_id | visit_detail_concept_id | visit_detail_start_date | visit_detail_end_date | care_site_id | visit_detail_source_value
        202003          | 202000              | 9201                    | 2023-05-06              | 2023-05-09            | 102001       | 头颈放疗科
        """,
    )
