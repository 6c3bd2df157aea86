"""npc-omop: charts of a cancer hospital to a published OMOP CDM 5.4, and the study cohort.

The way of the data, and where each part lives:

    source/       contracts, readers, pseudonyms: files to raw.*            (mappings/sources)
    vocabulary/   starter vocabulary and code_map                           (mappings/concepts)
    engine/       the plan read from the SQL files, and DuckDB that runs it
    sql/          one file, one SELECT, one table: stage.*, stem.*, cdm.*
    quality/      the ledger, the unmapped report, the trace
    warehouse/    PostgreSQL: server, spec, load, publish
    study/        criteria, evidence and cohort                             (mappings/codelists)
    synthetic/    the invented hospital
    run.py        one run, from landing to the cohort
    __main__.py   the command line
"""
