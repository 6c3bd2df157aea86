"""Whose a record is: identifiers, merges, visit numbers, order and report numbers."""


def test_an_identifier_of_several_patients_names_nobody(given, expect):
    given(
        "raw.identity",
        """
        id_hmac | id_kind | person_id
        B1      | bah     | 1
        B1      | bah     | 2
        B2      | bah     | 2
        """,
    )
    expect(
        "stage.identity",
        """
        id_hmac | person_id | reject_reason
        B1      | -         | identifier of several patients
        B2      | 2         | -
        """,
    )


def test_one_number_may_be_two_kinds_of_identifier(given, expect):
    given("raw.identity", "id_hmac | id_kind | person_id \n X1 | empi | 1 \n X1 | hzid | 2")
    expect("stage.identity", "id_kind | person_id \n empi | 1 \n hzid | 2")


def test_a_visit_is_linked_by_the_index_number_first_then_by_the_hospital_id(given, expect):
    given(
        "raw.identity",
        """
        id_hmac | id_kind | person_id
        E1      | empi    | 1
        H2      | hzid    | 2
        H3      | hzid    | 3
        H3      | hzid    | 4
        E2      | empi    | 2
        """,
    )
    given("raw.HZ_ZSY", "EMPI_ID | HZID | CSRQ \n E1 | H1 | 1975-03 \n E2 | H2 | 1980-01")
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | HZID | RYSJ
        V1    | E1      | H2   | 2023-05-06
        V2    | -       | H2   | 2023-05-06
        V3    | -       | H3   | 2023-05-06
        V4    | -       | -    | 2023-05-06
        """,
    )
    expect(
        "stage.visit",
        """
        visit_key | person_id | reject_reason
        V1        | 1         | -
        V2        | 2         | -
        V3        | -         | identifier of several patients
        V4        | -         | no such patient
        """,
    )


def test_a_patient_known_by_an_identifier_only_is_rejected_with_the_visits(given, expect):
    given("raw.identity", "id_hmac | id_kind | person_id \n E2 | empi | 2")
    given(
        "raw.HZ_ZSY",
        "EMPI_ID | HZID | CSRQ | fate | reject_reason \n E2 | H2 | - | rejected | bad date",
    )
    given("raw.JZ_JZJL", "JZLSH | EMPI_ID | RYSJ \n V1 | E2 | 2023-05-06")
    expect("cdm.person", "person_id")
    expect(
        "stage.visit",
        """
        visit_key | reject_reason
        V1        | patient rejected: no valid master index row
        """,
    )


def test_a_radiotherapy_number_is_one_of_the_persons_ids(given, expect):
    given(
        "raw.identity",
        "id_hmac | id_kind | person_id \n E1 | empi | 1 \n R20210123 | hzid | 1",
    )
    given("raw.HZ_ZSY", "EMPI_ID | HZID | CSRQ \n E1 | R20210123 | 1975-03")
    given("raw.FL_JH", "JHID | HZID \n P1 | R20210123 \n P2 | R20999999")
    expect(
        "stage.rt_plan",
        "plan_key | person_id | reject_reason \n P1 | 1 | - \n P2 | - | no such patient",
    )


def test_a_visit_number_says_why_its_visit_is_not_there(given, expect):
    given("raw.identity", "id_hmac | id_kind | person_id \n E1 | empi | 1")
    given("raw.HZ_ZSY", "EMPI_ID | HZID | CSRQ \n E1 | H1 | 1975-03")
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | RYSJ       | CYSJ       | fate     | reject_reason
        V1    | E1      | 2023-05-06 | 2023-05-09 | current  | -
        V2    | E1      | 2023-05-06 | -          | void     | -
        V3    | E1      | 2023-02-30 | -          | rejected | bad date
        V4    | E1      | 2023-05-06 | 2023-05-01 | current  | -
        """,
    )
    expect(
        "stage.visit_link",
        """
        visit_key | visit_id | person_id | reject_reason
        V1        | 102000   | 1         | -
        V2        | -        | -         | visit cancelled
        V3        | -        | -         | visit rejected: bad date
        V4        | 402000   | 1         | visit rejected: discharge before admission
        """,
    )


def test_an_order_number_says_why_its_order_is_not_there(given, expect):
    given("stage.visit_link", "visit_key | visit_id | person_id \n V1 | 102000 | 1")
    given(
        "raw.YZ_YZJL",
        """
        YZH | JZLSH | YZMC | fate     | reject_reason
        O1  | V1    | 顺铂 | current  | -
        O2  | V1    | 顺铂 | void     | -
        O3  | V1    | 顺铂 | rejected | bad number
        O4  | V9    | 顺铂 | current  | -
        """,
    )
    expect(
        "stage.order_link",
        """
        order_key | reject_reason
        O1        | -
        O2        | order voided
        O3        | order rejected: bad number
        O4        | order rejected: no such visit
        """,
    )


def test_the_extract_reaches_to_the_latest_visit_and_without_visits_to_the_latest_update(
    given, expect
):
    given("raw.HZ_ZSY", "EMPI_ID | GXSJ \n E1 | 2024-07-01 23:10:05 \n E2 | 2024-06-01 00:00:00")
    expect("stage.extract", "extract_on \n 2024-07-01")
    given(
        "raw.JZ_JZJL",
        "JZLSH | RYSJ | fate \n V1 | 2024-06-30 | current \n V2 | 2024-08-30 | rejected",
    )
    expect("stage.extract", "extract_on \n 2024-06-30")


def test_the_stated_day_of_the_extract_wins(given, expect):
    given("raw.extract", "stated_on\n2024-06-30")
    given("raw.JZ_JZJL", "JZLSH | RYSJ\nV1 | 2024-07-01")
    expect("stage.extract", "extract_on\n2024-06-30")


def test_a_visit_dated_after_its_own_landing_does_not_move_the_extract(given, expect):
    given("raw.source_file", "file_no | landed_at\n1 | 2024-07-02 03:00:00")
    given("raw.JZ_JZJL", "JZLSH | RYSJ\nV1 | 2024-07-01\nV2 | 2042-07-01")
    expect("stage.extract", "extract_on\n2024-07-01")
