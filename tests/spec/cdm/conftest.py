"""What most chapters begin with."""

from collections.abc import Callable

import pytest

Table = Callable[[str, str], None]


@pytest.fixture
def admitted(given: Table) -> None:
    """Patient 1 (EMPI E1, hospital id H1) in visit V1, a stay of May 2023: visit 102000."""
    given("raw.identity", "id_hmac | id_kind | person_id \n E1 | empi | 1 \n H1 | hzid | 1")
    given("raw.HZ_ZSY", "EMPI_ID | HZID | XBDM | CSRQ \n E1 | H1 | 1 | 1975-03")
    given(
        "raw.JZ_JZJL",
        """
        JZLSH | EMPI_ID | HZID | JZLX | RYSJ            | CYSJ
        V1    | E1      | H1   | 3    | 2023/5/6 9:05   | 2023-05-20 10:30:00
        """,
    )
