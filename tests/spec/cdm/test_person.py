"""cdm.person: who the patients are, and which of two contradicting records speaks."""


def identify(given, *empi_and_person):
    rows = "\n".join(f"{empi} | empi | {person}" for empi, person in empi_and_person)
    given("raw.identity", f"id_hmac | id_kind | person_id\n{rows}")


def test_a_birth_is_known_by_month_never_by_day(given, expect):
    identify(given, ("E1", 1))
    given("raw.HZ_ZSY", "EMPI_ID | HZID | XBDM | CSRQ \n E1 | H1 | 1 | 1975-03")
    expect(
        "cdm.person",
        """
        person_id | year_of_birth | month_of_birth | day_of_birth | birth_datetime
        1         | 1975          | 3              | -            | 1975-03-01 00:00:00
        """,
    )


def test_where_only_the_year_is_known_no_month_is_invented(given, expect):
    identify(given, ("E1", 1))
    given("raw.HZ_ZSY", "EMPI_ID | HZID | CSRQ \n E1 | H1 | 1975")
    expect(
        "cdm.person",
        """
        year_of_birth | month_of_birth | birth_datetime
        1975          | -              | -
        """,
    )


def test_sex_is_read_in_every_spelling_and_an_unknown_one_is_concept_0(given, expect):
    codes = ["1", "2", "男", "女", "M", "F", "0", "9"]
    identify(given, *((f"E{n}", n) for n in range(1, 10)))
    rows = "\n".join(f"E{n} | H{n} | {code} | 1975-03" for n, code in enumerate([*codes, "-"], 1))
    given("raw.HZ_ZSY", f"EMPI_ID | HZID | XBDM | CSRQ\n{rows}")
    expect(
        "cdm.person",
        """
        person_id | gender_concept_id | gender_source_value
        1         | 8507              | 1
        2         | 8532              | 2
        3         | 8507              | 男
        4         | 8532              | 女
        5         | 8507              | M
        6         | 8532              | F
        7         | 0                 | 0
        8         | 0                 | 9
        9         | 0                 | -
        """,
    )


def test_a_right_id_card_number_decides_sex_and_month_of_birth(given, expect):
    identify(given, ("E1", 1))
    given(
        "raw.HZ_ZSY",
        """
        EMPI_ID | HZID | XBDM | CSRQ    | SFZH_XB | SFZH_CSNY
        E1      | H1   | 2    | 1975-03 | 1       | 1974-12
        """,
    )
    expect(
        "cdm.person",
        """
        gender_concept_id | year_of_birth | month_of_birth
        8507              | 1974          | 12
        """,
    )


def test_1900_stands_for_no_birth_date(given, expect):
    identify(given, ("E1", 1), ("E2", 2))
    given(
        "raw.HZ_ZSY",
        """
        EMPI_ID | HZID | CSRQ    | SFZH_CSNY
        E1      | H1   | 1900-01 | -
        E2      | H2   | 1900-01 | 1968-07
        """,
    )
    expect("cdm.person", "person_id | year_of_birth \n 2 | 1968")
    expect("stage.person", "person_id | reject_reason \n 1 | no year of birth \n 2 | -")


def test_a_person_without_a_year_of_birth_is_rejected_and_the_visits_with_it(given, expect):
    identify(given, ("E1", 1))
    given("raw.HZ_ZSY", "EMPI_ID | HZID | XBDM \n E1 | H1 | 1")
    given("raw.JZ_JZJL", "JZLSH | EMPI_ID | JZLX | RYSJ \n V1 | E1 | 1 | 2023-05-06 08:00:00")
    expect("cdm.person", "person_id")
    expect("cdm.visit_occurrence", "visit_occurrence_id")
    expect(
        "stage.visit",
        """
        visit_key | reject_reason
        V1        | patient rejected: no year of birth
        """,
    )


def test_several_hospital_ids_are_one_person(given, expect):
    identify(given, ("E1", 1))
    given(
        "raw.HZ_ZSY",
        """
        EMPI_ID | HZID      | XBDM | CSRQ
        E1      | H1        | 1    | 1975-03
        E1      | R20210123 | 1    | 1975-03
        """,
    )
    expect("cdm.person", "person_id \n 1")


def test_of_merged_entries_the_live_one_speaks_and_the_others_fill_in(given, expect):
    identify(given, ("E1", 1), ("E2", 1), ("E3", 1))
    given(
        "raw.HZ_ZSY",
        """
        EMPI_ID | HZID | XBDM | CSRQ    | MZDM | XZQHDM | HBZT | HBDZ | GXSJ
        E1      | H1   | 2    | 1970-01 | 07   | 510104 | 1    | E2   | 2024-06-30 23:10:05
        E2      | H2   | 2    | 1970-01 | -    | -      | 1    | E3   | 2024-06-30 23:10:05
        E3      | H3   | 1    | 1971-02 | -    | -      | 0    | -    | 2020-01-01 00:00:00
        """,
    )
    expect(
        "cdm.person",
        """
        person_id | gender_concept_id | year_of_birth | month_of_birth | race_source_value | location_id
        1         | 8507              | 1971          | 2              | 07                | 510104
        """,
    )


def test_of_two_live_entries_the_one_updated_last_speaks(given, expect):
    identify(given, ("E1", 1))
    given(
        "raw.HZ_ZSY",
        """
        EMPI_ID | HZID | CSRQ    | GXSJ
        E1      | H1   | 1970-01 | 2019-01-01 00:00:00
        E1      | H2   | 1971-02 | 2021-01-01 00:00:00
        """,
    )
    expect("cdm.person", "person_id | year_of_birth | month_of_birth \n 1 | 1971 | 2")


def test_entries_that_merge_in_a_circle_are_rejected(given, expect):
    given(
        "raw.identity",
        """
        id_hmac | id_kind | person_id | merge_error
        E1      | empi    | 1         | merged in a circle
        E2      | empi    | 1         | merged in a circle
        """,
    )
    given("raw.HZ_ZSY", "EMPI_ID | HZID | CSRQ \n E1 | H1 | 1970-01 \n E2 | H2 | 1970-01")
    expect("cdm.person", "person_id")
    expect("stage.person", "person_id | reject_reason \n 1 | merged in a circle")


def test_every_chinese_ethnic_group_is_of_chinese_race_and_its_name_is_kept(given, expect):
    identify(given, ("E1", 1), ("E2", 2), ("E3", 3), ("E4", 4))
    given(
        "raw.HZ_ZSY",
        """
        EMPI_ID | HZID | CSRQ    | MZDM
        E1      | H1   | 1975-03 | 01
        E2      | H2   | 1975-03 | 汉
        E3      | H3   | 1975-03 | 07
        E4      | H4   | 1975-03 | -
        """,
    )
    expect(
        "cdm.person",
        """
        person_id | race_concept_id | race_source_value | ethnicity_concept_id
        1         | 38003579        | 01                | 0
        2         | 38003579        | 汉                | 0
        3         | 38003579        | 07                | 0
        4         | 0               | -                 | 0
        """,
    )


def test_only_current_rows_make_a_person(given, expect):
    identify(given, ("E1", 1), ("E2", 2))
    given(
        "raw.HZ_ZSY",
        """
        EMPI_ID | HZID | CSRQ    | fate
        E1      | H1   | 1975-03 | superseded
        E1      | H1   | 1976-04 | current
        E2      | H2   | 1980-01 | rejected
        """,
    )
    expect("cdm.person", "person_id | year_of_birth \n 1 | 1976")
