"""The CDM's tables as this warehouse has them."""

import subprocess
import sys

import pytest

from etl.warehouse import spec


def test_there_are_39_tables_and_each_is_named_once():
    names = spec.VOCABULARY_TABLES + spec.CDM_TABLES + spec.RESULTS_TABLES
    assert len(set(names)) == len(names) == 39
    assert list(spec.tables()) == list(names)
    assert len(spec.metadata_for().tables) == 39


def test_there_are_432_columns():
    assert sum(len(spec.columns(table)) for table in spec.tables()) == 432


@pytest.mark.parametrize(
    ("table", "column", "kind"),
    [
        ("measurement", "measurement_id", "BIGINT"),
        ("measurement", "person_id", "BIGINT"),
        ("measurement", "visit_occurrence_id", "BIGINT"),
        ("measurement", "measurement_event_id", "BIGINT"),
        ("measurement", "measurement_concept_id", "INTEGER"),
        ("measurement", "meas_event_field_concept_id", "INTEGER"),
        ("measurement", "value_as_number", "DOUBLE"),
        ("measurement", "value_source_value", "VARCHAR"),
        ("measurement", "measurement_date", "DATE"),
        ("measurement", "measurement_datetime", "TIMESTAMP"),
        ("person", "year_of_birth", "INTEGER"),
        ("location", "state", "VARCHAR"),
        ("fact_relationship", "fact_id_1", "BIGINT"),
        ("fact_relationship", "domain_concept_id_1", "INTEGER"),
        ("concept_relationship", "concept_id_1", "INTEGER"),
        ("episode", "episode_number", "INTEGER"),
        ("cohort", "subject_id", "BIGINT"),
        ("cohort", "cohort_definition_id", "INTEGER"),
    ],
)
def test_types_are_wide_enough(table, column, kind):
    assert {c.name: c.duckdb_type for c in spec.columns(table)}[column] == kind


def test_required_columns_are_those_of_the_cdm():
    required = {c.name for c in spec.columns("measurement") if c.required}
    assert required == {
        "measurement_id",
        "person_id",
        "measurement_concept_id",
        "measurement_date",
        "measurement_type_concept_id",
    }


def test_no_id_comes_from_a_sequence():
    for table in spec.tables().values():
        assert all(column.autoincrement is not True for column in table.columns)
        if table.primary_key.columns:
            assert table.autoincrement_column is None


def test_keys_are_only_those_of_the_cdm():
    keyed = {name for name, table in spec.tables().items() if table.primary_key.columns}
    assert all(len(spec.tables()[name].primary_key.columns) == 1 for name in keyed)
    without = spec.WITHOUT_KEY | set(spec.RESULTS_TABLES)
    assert keyed == set(spec.tables()) - without
    for table, column in spec.WITHOUT_FOREIGN_KEY:
        assert not spec.tables()[table].c[column].foreign_keys
    assert sum(len(t.foreign_keys) for t in spec.tables().values()) == 176


def test_no_index_repeats_a_primary_key():
    for table in spec.tables().values():
        key = [column.name for column in table.primary_key]
        assert key not in [[c.name for c in index.columns] for index in table.indexes]
    names = {i.name for i in spec.tables()["measurement"].indexes}
    assert names == {
        "ix_measurement_person_id",
        "ix_measurement_measurement_concept_id",
        "ix_measurement_visit_occurrence_id",
    }


def test_the_schemas_are_the_callers():
    tables = spec.metadata_for("cdm_next", "vocabulary_1a2b3c4d", "results_next").tables
    person = tables["cdm_next.person"]
    assert {k.target_fullname for k in person.c.gender_concept_id.foreign_keys} == {
        "vocabulary_1a2b3c4d.concept.concept_id"
    }
    assert {k.target_fullname for k in person.c.location_id.foreign_keys} == {
        "cdm_next.location.location_id"
    }
    assert "results_next.cohort" in tables


def test_an_unknown_table_is_a_key_error():
    with pytest.raises(KeyError):
        spec.columns("patients")


def test_the_module_imports_without_sqlalchemy():
    code = "import sys, etl.warehouse.spec; assert 'sqlalchemy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
