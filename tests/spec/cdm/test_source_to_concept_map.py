"""cdm.source_to_concept_map: the curated maps, for readers of the CDM."""


def test_every_target_of_a_code_is_one_row(given, expect):
    given(
        "vocabulary.code_map",
        """
        source_vocabulary_id | source_code | source_name      | target_no | concept_id | vocabulary_id
        npc_icd10            | C77.1       | 胸腔内淋巴结转移 | 0         | 36768587   | Cancer Modifier
        npc_icd10            | C77.1       | 胸腔内淋巴结转移 | 1         | 35225542   | Cancer Modifier
        npc_icd10            | Z51.1       | 化学治疗疗程     | 0         | 0          | None
        """,
    )
    expect(
        "cdm.source_to_concept_map",
        """
        source_vocabulary_id | source_code | source_code_description | target_concept_id | target_vocabulary_id
        npc_icd10            | C77.1       | 胸腔内淋巴结转移        | 36768587          | Cancer Modifier
        npc_icd10            | C77.1       | 胸腔内淋巴结转移        | 35225542          | Cancer Modifier
        npc_icd10            | Z51.1       | 化学治疗疗程            | 0                 | None
        """,
    )
