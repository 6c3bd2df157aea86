"""cdm.metadata: the files that this CDM was made of."""


def test_each_landed_file_is_named_by_table_size_and_hash_never_by_its_own_name(given, expect):
    given(
        "raw.source_file",
        """
        file_no | load_no | table  | name             | sha256 | row_count
        1       | 1       | LIS_JG | 张三_LIS_JG.csv  | ab12   | 1200
        2       | 3       | HZ_ZSY | HZ_ZSY.csv       | cd34   | 40
        """,
    )
    expect(
        "cdm.metadata",
        """
        metadata_id | name                  | value_as_string                  | value_as_number
        1           | source file of load 1 | LIS_JG: 1200 rows, SHA-256 ab12  | 1200.0
        2           | source file of load 3 | HZ_ZSY: 40 rows, SHA-256 cd34    | 40.0
        """,
    )
