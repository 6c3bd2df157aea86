"""cdm.fact_relationship: what a report found, and the specimen or examination it was found in."""


def test_a_finding_of_pathology_and_its_specimen_point_at_each_other(given, expect):
    given(
        "stem.event",
        """
        event_id | source_no | row_id | domain_id
        712000   | 12        | 7      | Specimen
        712010   | 12        | 7      | Measurement
        812000   | 12        | 8      | Specimen
        812600   | 12        | 8      | Condition
        912000   | 12        | 9      | Specimen
        """,
    )
    expect(
        "cdm.fact_relationship",
        """
        domain_concept_id_1 | fact_id_1 | domain_concept_id_2 | fact_id_2 | relationship_concept_id
        21                  | 712010    | 36                  | 712000    | 44818756
        36                  | 712000    | 21                  | 712010    | 44818854
        19                  | 812600    | 36                  | 812000    | 44818756
        36                  | 812000    | 19                  | 812600    | 44818854
        """,
    )


def test_a_lesion_and_the_examination_that_shows_it_point_at_each_other(given, expect):
    given(
        "stem.event",
        """
        event_id | source_no | row_id | domain_id   | linked_id | linked_field_concept_id
        711000   | 11        | 7      | Procedure   | -         | -
        711010   | 11        | 7      | Measurement | 103000    | 1147127
        711020   | 11        | 7      | Measurement | 711010    | 1147138
        711070   | 11        | 7      | Observation | -         | -
        """,
    )
    expect(
        "cdm.fact_relationship",
        """
        domain_concept_id_1 | fact_id_1 | domain_concept_id_2 | fact_id_2 | relationship_concept_id
        21                  | 711010    | 10                  | 711000    | 44818800
        10                  | 711000    | 21                  | 711010    | 44818898
        27                  | 711070    | 10                  | 711000    | 44818800
        10                  | 711000    | 27                  | 711070    | 44818898
        """,
    )


def test_laboratory_results_and_other_sources_are_not_linked(given, expect):
    given(
        "stem.event",
        """
        event_id | source_no | row_id | domain_id
        709000   | 9         | 7      | Specimen
        710000   | 10        | 7      | Measurement
        704600   | 4         | 7      | Condition
        """,
    )
    expect("cdm.fact_relationship", "fact_id_1")
