"""npc-omop: charts of a cancer hospital to a published OMOP CDM 5.4, and the study cohort.

The way of the data, and where each part lives:

    source/       contracts, readers, pseudonyms: files to raw.*            (mappings/sources)
    vocabulary/   starter vocabulary and code_map                           (mappings/concepts)
    engine/       the plan read from the SQL files, and DuckDB that runs it
    sql/          one file, one SELECT, one table: stage.*, stem.*, cdm.*
    quality/      the ledger, the unmapped report, the trace
    notes/        what the charts say in words: text to facts                    (mappings/text)
    warehouse/    PostgreSQL: server, spec, load, publish
    study/        criteria, evidence and cohort                             (mappings/codelists)
    specification/ docs/etl-specification.md, from contracts, SQL and spec tests
    synthetic/    the invented hospital
    command/      one function a command of npc-omop
    load_id.py    what a load is called, and what makes it another one
    run.py        one run, from landing to the cohort
    __main__.py   the command line: which commands there are, and what an error says
"""
