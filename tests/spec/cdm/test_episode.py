"""cdm.episode: the disease of a cancer, its extent and its dynamics."""

import pytest


def primaries(given, *rows):
    header = "person_id | category | first_on | condition_id | concept_id | source_value"
    given("stem.primary_cancer", "\n".join([header, *rows]))


NPC = "1 | C11 | 2023-05-06 | 712600 | 44501399 | 8082/3-C11.9"


def test_each_primary_has_a_disease_episode_with_the_id_of_its_condition(given, expect):
    primaries(given, NPC, "1 | C34 | 2024-01-05 | 203000 | 4311499 | C34.9")
    expect(
        "cdm.episode",
        """
        episode_id | person_id | episode_concept_id | episode_start_date | episode_end_date | episode_parent_id | episode_object_concept_id | episode_type_concept_id | episode_source_value
        712600     | 1         | 32533              | 2023-05-06         | -                | -                 | 44501399                  | 32882                   | 8082/3-C11.9
        203000     | 1         | 32533              | 2024-01-05         | -                | -                 | 4311499                   | 32882                   | C34.9
        """,
    )


def evidence(given, *rows):
    header = "event_id | person_id | linked_id | linked_field_concept_id | domain_id | start_at"
    header += " | concept_id | value_as_concept_id"
    given("stem.event", "\n".join([header, *rows]))


def test_the_first_distant_metastasis_begins_the_metastatic_extent(given, expect):
    primaries(given, NPC)
    evidence(
        given,
        "903000 | 1 | 712600 | 1147127 | Measurement | 2024-03-01 | 36770283 | 4181412",
        "105020 | 1 | 712600 | 1147127 | Measurement | 2024-02-09 | 1635142  | -",
    )
    expect(
        "cdm.episode",
        """
        episode_id | episode_concept_id | episode_start_date | episode_end_date | episode_parent_id | episode_object_concept_id
        712600     | 32533              | 2023-05-06         | -                | -                 | 44501399
        105020     | 32944              | 2024-02-09         | -                | 712600            | 1635142
        """,
    )


@pytest.mark.parametrize(
    ("report_on", "is_metastatic"),
    [("2024-04-30", True), ("2024-05-01", False), ("2024-01-01", True), ("2023-12-31", False)],
)
def test_a_diagnosis_code_needs_a_report_within_60_days(given, expect, report_on, is_metastatic):
    primaries(given, NPC)
    header = "event_id | person_id | linked_id | linked_field_concept_id | domain_id | start_at"
    given(
        "stem.event",
        f"""
        {header} | concept_id | vocabulary
        903000 | 1 | 712600 | 1147127 | Measurement | 2024-03-01 | 36770283 | npc_icd10
        411010 | 1 | 712600 | 1147127 | Measurement | {report_on} | 36770544 | npc_metastasis_site
        """,
    )
    supported = ["2024-03-01"] if is_metastatic else []
    expect("stem.metastasis_evidence", "\n".join(["found_on", report_on, *supported]))


def test_a_diagnosis_code_alone_is_no_metastatic_extent(given, expect):
    primaries(given, NPC)
    given(
        "stem.event",
        """
        event_id | person_id | linked_id | linked_field_concept_id | domain_id | start_at | concept_id | vocabulary
        903000 | 1 | 712600 | 1147127 | Measurement | 2024-03-01 | 36770283 | npc_icd10
        """,
    )
    expect("cdm.episode", "episode_concept_id \n 32533")


@pytest.mark.parametrize(
    "row",
    [
        "903000 | 1 | 712600 | 1147127 | Measurement | 2024-03-01 | 36768587 | 4181412",  # a node
        "903000 | 1 | 712600 | 1147127 | Measurement | 2024-03-01 | 36770283 | 4132135",  # absent
        "903000 | 1 | -      | -       | Measurement | 2024-03-01 | 36770283 | 4181412",  # whose?
        "903000 | 1 | 712600 | 1147127 | Measurement | 2024-03-01 | 1635624  | -",  # M0
    ],
)
def test_nodes_exclusions_m0_and_unlinked_findings_are_no_metastatic_extent(given, expect, row):
    primaries(given, NPC)
    evidence(given, row)
    expect("cdm.episode", "episode_concept_id \n 32533")


@pytest.mark.parametrize(
    ("category", "finding", "is_metastatic"),
    [
        ("C11", 2000000307, True),  # axillary nodes of a nasopharyngeal cancer
        ("C50", 2000000307, False),  # of a breast cancer
        ("C20", 2000000309, False),  # pelvic nodes of a rectal cancer
        ("C11", 35225542, True),  # the mediastinum
        ("C34", 35225542, False),  # of a lung cancer
        ("C83", 35225542, False),  # of a lymphoma
        ("C50", 35225542, True),
        ("C34", 36770544, True),  # the liver is distant for all
    ],
)
def test_what_is_regional_for_the_primary_is_no_metastatic_extent(
    given, expect, category, finding, is_metastatic
):
    primaries(given, NPC.replace("C11 ", f"{category} "))
    evidence(
        given, f"903000 | 1 | 712600 | 1147127 | Measurement | 2024-03-01 | {finding} | 4181412"
    )
    extent = ["32944"] if is_metastatic else []
    expect("cdm.episode", "\n".join(["episode_concept_id", "32533", *extent]))


def responses(given, *rows):
    header = "source_no | row_id | position | person_id | linked_id | start_at | vocabulary | code"
    given(
        "stem.tumour_annex",
        "\n".join(
            [header, *(f"5 | {r[0]} | 4 | 1 | {r[2]} | {r[1]} | npc_stage | {r[3]}" for r in rows)]
        ),
    )


def test_a_stretch_of_equal_responses_is_one_dynamic_of_the_disease(given, expect):
    primaries(given, NPC)
    responses(
        given,
        (1, "2024-01-05", 712600, "RECIST:PR"),
        (2, "2024-02-05", 712600, "RECIST:PR"),
        (3, "2024-03-05", 712600, "RECIST:PD"),
        (4, "2024-04-05", 712600, "RECIST:PR"),
    )
    expect(
        "cdm.episode",
        """
        episode_id | episode_concept_id | episode_start_date | episode_end_date | episode_parent_id | episode_object_concept_id
        712600     | 32533              | 2023-05-06         | -                | -                 | 44501399
        105040     | 32947              | 2024-01-05         | 2024-02-05       | 712600            | 1633368
        305040     | 32949              | 2024-03-05         | 2024-03-05       | 712600            | 1633597
        405040     | 32947              | 2024-04-05         | 2024-04-05       | 712600            | 1633368
        """,
    )


@pytest.mark.parametrize("code", ["RECIST:NE", "RECIST:MR", "AJCC8:T3"])
def test_what_is_not_evaluable_is_no_dynamic(given, expect, code):
    responses(given, (1, "2024-01-05", 712600, code))
    expect("cdm.episode", "episode_id")


def test_a_response_without_a_known_cancer_is_no_dynamic(given, expect):
    responses(given, (1, "2024-01-05", "-", "RECIST:PD"))
    expect("cdm.episode", "episode_id")


@pytest.mark.usefixtures("admitted")
def test_a_resection_told_by_theatre_and_front_page_is_one_surgery(given, expect):
    given(
        "raw.ZD_ZDJL",
        "JZLSH | ZDLB | ZDBM | ZDMC | ZDSJ \n V1 | 3 | C34.900 | 肺恶性肿瘤 | 2023-05-06",
    )
    given(
        "raw.SS_MZ",
        """
        JZLSH | SSBM        | SSMC               | SSKSSJ              | SSZT
        V1    | 32.4100     | 胸腔镜下肺叶切除术 | 2023-05-08 08:30:00 | 3
        V1    | 33.2600x001 | CT引导下肺穿刺活检 | 2023-05-07 08:30:00 | 3
        V1    | 32.5900     | 全肺切除术         | 2023-05-09 08:30:00 | 2
        """,
    )
    given(
        "raw.BA_SY",
        "BAH | ZYCS | JZLSH | SSJCZBM1 | SSJCZRQ1 \n B1 | 1 | V1 | 32.4100 | 2023-05-08",
    )
    expect(
        "cdm.episode",
        """
        episode_id | episode_concept_id | episode_start_date | episode_parent_id | episode_object_concept_id | episode_source_value
        103000     | 32533              | 2023-05-06         | -                 | 443392                    | C34.9
        104410     | 32939              | 2023-05-08         | 103000            | 4070879                   | lobectomy of lung
        """,
    )
    expect("stem.cancer_surgery", "event_id | surgery_id \n 104410 | 104410 \n 117000 | 104410")


@pytest.mark.usefixtures("admitted")
@pytest.mark.parametrize(
    ("code", "name", "concept"),
    [
        ("32.2400x001", "CT引导下肺病损射频消融术", 2000000346),
        ("32.2001", "胸腔镜下肺楔形切除术", 40485447),
        ("32.2200", "肺容量减少术", None),
        ("32.2100", "肺大疱折叠术", None),
        ("29.3200", "咽憩室切除术", None),
    ],
)
def test_an_ablation_is_a_cancer_surgery_and_an_operation_on_emphysema_none(
    given, expect, code, name, concept
):
    given(
        "raw.ZD_ZDJL",
        "JZLSH | ZDLB | ZDBM | ZDMC | ZDSJ \n V1 | 3 | C34.900 | 肺恶性肿瘤 | 2023-05-06",
    )
    given(
        "raw.SS_MZ",
        f"JZLSH | SSBM | SSMC | SSKSSJ | SSZT \n V1 | {code} | {name} | 2023-05-08 | 3",
    )
    surgery = [f"32939 | {concept}"] if concept else []
    header = "episode_concept_id | episode_object_concept_id"
    expect("cdm.episode", "\n".join([header, "32533 | 443392", *surgery]))


@pytest.mark.usefixtures("admitted")
def test_a_resection_of_a_patient_without_cancer_is_no_cancer_surgery(given, expect):
    given("raw.SS_MZ", "JZLSH | SSBM | SSKSSJ | SSZT \n V1 | 06.4x00 | 2023-05-08 | 3")
    expect("cdm.episode", "episode_id")
