-- One row per fact about this load that a reader of the CDM needs: the files that it holds.
SELECT
    file_no                                       AS metadata_id,
    0                                             AS metadata_concept_id,
    32817                                         AS metadata_type_concept_id,  -- EHR
    'source file of load ' || load_no             AS name,
    "table" || ': ' || row_count || ' rows, SHA-256 ' || sha256 AS value_as_string,
    CAST(row_count AS DOUBLE)                     AS value_as_number
FROM raw.source_file
