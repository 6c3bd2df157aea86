"""cdm.location: the county, nothing finer."""


def test_persons_of_one_county_share_its_location(given, expect):
    given(
        "raw.identity",
        "id_hmac | id_kind | person_id \n E1 | empi | 1 \n E2 | empi | 2 \n E3 | empi | 3",
    )
    given(
        "raw.HZ_ZSY",
        """
        EMPI_ID | HZID | CSRQ    | XZQHDM
        E1      | H1   | 1975-03 | 510104
        E2      | H2   | 1980-01 | 510104
        E3      | H3   | 1982-01 | 四川
        """,
    )
    expect(
        "cdm.location",
        """
        location_id | location_source_value | country_source_value
        510104      | 510104                | CN
        """,
    )
    expect("cdm.person", "person_id | location_id \n 1 | 510104 \n 2 | 510104 \n 3 | -")


def test_the_county_of_a_rejected_person_is_not_listed(given, expect):
    given("raw.identity", "id_hmac | id_kind | person_id \n E1 | empi | 1")
    given("raw.HZ_ZSY", "EMPI_ID | HZID | XZQHDM \n E1 | H1 | 510104")
    expect("cdm.location", "location_id")
