"""cdm.cdm_source: one row that says what this CDM is."""


def test_its_dates_are_those_of_the_extract_so_that_a_rerun_is_the_same(given, expect):
    given("stage.extract", "extract_on \n 2024-06-30")
    expect(
        "cdm.cdm_source",
        """
        source_release_date | cdm_release_date | cdm_version | cdm_version_concept_id
        2024-06-30          | 2024-06-30       | 5.4         | 756265
        """,
    )


def test_it_names_the_vocabulary_that_was_loaded(given, expect):
    given("stage.extract", "extract_on \n 2024-06-30")
    given(
        "vocabulary.vocabulary",
        """
        vocabulary_id | vocabulary_version
        None          | v5.0 27-FEB-26
        SNOMED        | 2025-02-01
        """,
    )
    expect("cdm.cdm_source", "vocabulary_version \n v5.0 27-FEB-26")
