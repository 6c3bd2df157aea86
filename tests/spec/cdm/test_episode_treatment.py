"""cdm.episode: lines of systemic treatment and their cycles."""

import pytest


@pytest.fixture
def treated(given):
    """Give exposures, each `day ingredient[/agent[/kind]]`, of person 1; ids count from 107000."""

    def give(*rows, progressed=(), irradiated=()):
        header = "event_id | person_id | visit_id | given_on | end_on | ingredient | agent | kind"
        lines = []
        for number, row in enumerate(rows, 1):
            day, drug = row.split(" ")
            name, agent, kind = [*drug.split("/"), "", ""][:3]
            agent = agent or name
            kind = kind or ("CHECKPOINT" if agent == "[PD1]" else "CYTOTOXIC")
            first, _, last = day.partition("..")
            event = f"{number}07000 | 1 | 102000 | {first} | {last or first}"
            lines.append(f"{event} | {name} | {agent} | {kind}")
        given("stem.anticancer_exposure", "\n".join([header, *lines]))
        annex = [f"1 | {day} | RECIST:PD" for day in progressed]
        given("stem.tumour_annex", "\n".join(["person_id | start_at | code", *annex]))
        given("stem.visit_primary", "visit_id | condition_id \n 102000 | 103000")
        courses = [f"1 | {day}" for day in irradiated]
        given("stem.rt_course", "\n".join(["person_id | start_at", *courses]))

    return give


LINES = "line_no | start_on | end_on | source_value"
GP = ("2023-01-02 GEMCITABINE", "2023-01-02 CISPLATIN/[PLATINUM]")


def test_a_line_is_an_episode_with_its_number_regimen_and_parent_and_its_cycles(treated, expect):
    treated(
        *GP,
        "2023-01-09 GEMCITABINE",
        "2023-01-23 GEMCITABINE",
        "2023-01-23 CISPLATIN/[PLATINUM]",
    )
    expect(
        "cdm.episode",
        """
        episode_id | episode_concept_id | episode_start_date | episode_end_date | episode_parent_id | episode_number | episode_source_value
        107000     | 32531              | 2023-01-02         | 2023-01-23       | 103000            | 1              | CISPLATIN+GEMCITABINE
        107700     | 32532              | 2023-01-02         | 2023-01-09       | 107000            | 1              | CISPLATIN+GEMCITABINE
        407700     | 32532              | 2023-01-23         | 2023-01-23       | 107000            | 2              | CISPLATIN+GEMCITABINE
        """,
    )


def test_a_drug_added_after_four_weeks_begins_a_new_line(treated, expect):
    treated(*GP, "2023-01-30 CETUXIMAB", "2023-01-30 GEMCITABINE")
    expect(
        "stem.treatment_line",
        f"{LINES} \n 1 | 2023-01-02 | 2023-01-30 | CETUXIMAB+CISPLATIN+GEMCITABINE",
    )


def test_a_drug_added_on_the_29th_day_begins_a_new_line(treated, expect):
    treated(*GP, "2023-01-31 CETUXIMAB", "2023-01-31 GEMCITABINE")
    expect(
        "stem.treatment_line",
        f"""
        {LINES}
        1 | 2023-01-02 | 2023-01-02 | CISPLATIN+GEMCITABINE
        2 | 2023-01-31 | 2023-01-31 | CETUXIMAB+GEMCITABINE
        """,
    )


def test_maintenance_with_a_drug_of_the_line_is_the_same_line(treated, expect):
    treated(
        *GP,
        "2023-01-02 TORIPALIMAB/[PD1]",
        "2023-02-20 TORIPALIMAB/[PD1]",
        "2023-05-20 TORIPALIMAB/[PD1]",
    )
    expect(
        "stem.treatment_line",
        f"{LINES} \n 1 | 2023-01-02 | 2023-05-20 | CISPLATIN+GEMCITABINE+TORIPALIMAB",
    )


@pytest.mark.parametrize("exchanged", ["NEDAPLATIN/[PLATINUM]", "CARBOPLATIN/[PLATINUM]"])
def test_one_platinum_for_another_is_the_same_line(treated, expect, exchanged):
    treated(*GP, f"2023-02-20 {exchanged}", "2023-02-20 GEMCITABINE")
    expect("stem.treatment_line", f"{LINES} \n 1 | 2023-01-02 | 2023-02-20 | CISPLATIN+GEMCITABINE")


def test_one_pd_1_antibody_for_another_is_the_same_line(treated, expect):
    treated("2023-01-02 TORIPALIMAB/[PD1]", "2023-02-20 TISLELIZUMAB/[PD1]")
    expect("stem.treatment_line", "line_no | source_value \n 1 | TORIPALIMAB")


@pytest.mark.parametrize(("again", "lines"), [("2023-04-02", 1), ("2023-04-03", 2)])
def test_more_than_90_days_without_the_drug_begin_a_new_line(treated, expect, again, lines):
    treated(*GP, f"{again} GEMCITABINE", f"{again} CISPLATIN/[PLATINUM]")
    expect("stem.treatment_line", "\n".join(["line_no", *(str(n) for n in range(1, lines + 1))]))


def test_the_gap_is_counted_from_the_end_of_a_prescription(treated, expect):
    treated(
        "2023-01-02..2023-01-31 CAPECITABINE/[FLUOROPYRIMIDINE]",
        "2023-04-30 CAPECITABINE/[FLUOROPYRIMIDINE]",
    )
    expect("stem.treatment_line", "line_no \n 1")


def test_the_same_drugs_again_after_progression_are_a_new_line(treated, expect):
    treated(*GP, "2023-02-20 GEMCITABINE", progressed=["2023-02-10"])
    expect(
        "stem.treatment_line",
        "line_no | source_value \n 1 | CISPLATIN+GEMCITABINE \n 2 | GEMCITABINE",
    )


def test_treatment_that_goes_on_beyond_progression_is_the_same_line(treated, expect):
    treated(*GP, "2023-01-23 GEMCITABINE", progressed=["2023-01-20"])
    expect("stem.treatment_line", "line_no \n 1")


def test_the_ids_do_not_follow_the_order_of_the_rows(treated, expect):
    treated("2023-01-23 GEMCITABINE", "2023-01-02 GEMCITABINE", "2023-01-02 CISPLATIN/[PLATINUM]")
    expect("stem.treatment_line", "line_id | start_on \n 207000 | 2023-01-02")


@pytest.mark.parametrize(
    ("drugs", "concept"),
    [
        (["CISPLATIN/[PLATINUM]", "FLUOROURACIL/[FLUOROPYRIMIDINE]"], 35803676),  # HemOnc: CF
        (["PEMBROLIZUMAB/[PD1]"], 35803678),  # HemOnc: pembrolizumab monotherapy
    ],
)
def test_the_regimen_is_hemoncs_where_its_id_is_verified(treated, expect, drugs, concept):
    treated(*(f"2023-01-02 {drug}" for drug in drugs))
    expect("stem.treatment_line", f"concept_id \n {concept}")


@pytest.mark.parametrize(
    ("drugs", "code"),
    [
        (["GEMCITABINE", "CISPLATIN/[PLATINUM]"], "regimen_gp"),
        (["GEMCITABINE", "CISPLATIN/[PLATINUM]", "PENPULIMAB/[PD1]"], "regimen_gp_pd1"),
        (["TISLELIZUMAB/[PD1]"], "regimen_pd1"),
        (["IRINOTECAN", "RALTITREXED"], "regimen_cytotoxic"),
        (["IRINOTECAN", "SINTILIMAB/[PD1]"], "regimen_cytotoxic_checkpoint"),
        (["GEMCITABINE", "NIMOTUZUMAB/NIMOTUZUMAB/TARGETED"], "regimen_targeted"),
    ],
)
def test_a_regimen_without_a_verified_id_is_a_local_concept(specification, treated, drugs, code):
    treated(*(f"2023-01-02 {drug}" for drug in drugs))
    specification.run("stem.treatment_line")
    found = specification.con.execute(
        "SELECT concept.concept_code FROM stem.treatment_line AS line"
        " INNER JOIN vocabulary.concept AS concept USING (concept_id)"
    ).fetchall()
    assert found == [(code,)]


def test_cisplatin_beside_radiotherapy_is_chemoradiation(treated, expect):
    treated("2023-01-02 CISPLATIN/[PLATINUM]", irradiated=["2023-01-05"])
    expect("stem.treatment_line", "concept_id | source_value \n 35804144 | CISPLATIN+RT")


@pytest.mark.usefixtures("admitted")
def test_only_a_cancer_patients_exposures_make_a_line(given, expect):
    given(
        "raw.YZ_YZJL",
        "YZH | JZLSH | YZLB | YZMC | YCJL | JLDW \n O1 | V1 | 西药 | 环磷酰胺 | 0.4 | g",
    )
    given("raw.YZ_ZXJL", "YZH | SJZXSJ | ZXZT \n O1 | 2023-05-07 09:00:00 | 1")
    expect("cdm.episode", "episode_id")
    given(
        "raw.ZD_ZDJL",
        "JZLSH | ZDLB | ZDBM | ZDMC | ZDSJ \n V1 | 3 | C11.900 | 鼻咽恶性肿瘤 | 2023-05-06",
    )
    expect(
        "cdm.episode",
        """
        episode_id | episode_concept_id | episode_parent_id | episode_source_value
        103000     | 32533              | -                 | C11.9
        107000     | 32531              | 103000            | CYCLOPHOSPHAMIDE
        107700     | 32532              | 107000            | CYCLOPHOSPHAMIDE
        """,
    )
