"""Commands that answer: what runs, what became of every row, and why."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from etl.errors import UsageError
from etl.options import AsJson, Home, Warehouse, print_json, settings_for, writing


def plan(
    table: Annotated[str | None, typer.Argument(help="Only what this table needs.")] = None,
    column: Annotated[
        str | None, typer.Option(help="Where this column of TABLE comes from.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every step against its tables, and print them in order, or a column's lineage.

    Example: npc-omop plan cdm.measurement --column value_as_number
    """
    from etl.engine.duckdb import check_steps
    from etl.engine.given import given_tables
    from etl.engine.lineage import column_lineage
    from etl.engine.plan import needed
    from etl.run import contracts_of
    from etl.run import plan as all_steps

    contracts = contracts_of(settings_for())
    steps = all_steps(contracts)
    if column:
        if table is None:
            raise UsageError("plan: --column goes with a table, such as cdm.measurement")
        found = column_lineage(steps, table, column, given_tables(contracts))
        print_json(found) if as_json else print("\n".join(found))
        return
    check_steps(steps, given_tables(contracts))
    chosen = needed(steps, table) if table else steps
    if as_json:
        print_json([{"table": step.table, "reads": step.reads} for step in chosen])
    else:
        for step in chosen:
            print(f"{step.table:<32} ← {', '.join(step.reads)}")


def reconcile(home: Home = None, warehouse: Warehouse = None, as_json: AsJson = False) -> None:
    """Show what became of every row; exit 10 where the ledger does not add up.

    Example: npc-omop reconcile
    """
    from etl.quality.reconcile import require_balance
    from etl.run import ledger_of
    from etl.summary import ledger_text

    ledger = ledger_of(settings_for(home, warehouse))
    print_json(ledger.as_dict()) if as_json else print(ledger_text(ledger))
    require_balance(ledger)


def unmapped(
    out: Annotated[Path | None, typer.Option(help="Write here instead of the screen.")] = None,
    usagi: Annotated[
        Path | None, typer.Option(help="Write the list here in the form that Usagi imports.")
    ] = None,
    home: Home = None,
) -> None:
    """List the codes without a standard concept, most rows first, as CSV.

    With --usagi the codes on a local concept too: they want one of the vocabulary's.
    Example: npc-omop unmapped --usagi for_usagi.csv
    """
    from etl.quality import unmapped as report
    from etl.run import contracts_of, finished, open_lake
    from etl.vocabulary.usagi.export import usagi_sources, write_usagi

    settings = settings_for(home)
    finished(settings)
    with open_lake(settings, contracts_of(settings)) as con:
        if usagi is not None:
            sources = usagi_sources(con, settings.lake, settings.mappings)
            with writing(usagi) as file:
                write_usagi(sources, file)
            return
        rows = report.unmapped(con, settings.lake)
    if out is None:
        report.write_csv(rows, sys.stdout)
        return
    with writing(out) as file:
        report.write_csv(rows, file)


def coverage(home: Home = None, as_json: AsJson = False) -> None:
    """Show how many coded rows have a standard concept, by source vocabulary and domain.

    The warehouse keeps it for every load in quality.coverage. Example: npc-omop coverage
    """
    from etl.quality.coverage import report
    from etl.quality.coverage_text import coverage_text
    from etl.run import contracts_of, finished, open_lake

    settings = settings_for(home)
    finished(settings)
    with open_lake(settings, contracts_of(settings)) as con:
        found = report(con, settings.lake)
    print_json(found) if as_json else print(coverage_text(found))


def trace(
    table: Annotated[str, typer.Argument(help="A CDM table, such as measurement.")],
    row_id: Annotated[int, typer.Argument(help="The row's id.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Go from a CDM row back to the hospital's file and record, identifiers masked.

    Example: npc-omop trace measurement 123456710000
    """
    from etl.quality.trace import trace as find
    from etl.run import contracts_of, finished, open_lake
    from etl.summary import trace_text

    settings = settings_for(home)
    finished(settings)
    contracts = contracts_of(settings)
    with open_lake(settings, contracts) as con:
        found = find(con, settings.lake, contracts, table.removeprefix("cdm."), row_id)
    print_json(found) if as_json else print(trace_text(found))


def explain(
    person: Annotated[int | None, typer.Argument(help="A person_id of the CDM.")] = None,
    hospital_id: Annotated[
        str | None, typer.Option(help="An EMPI_ID, HZID or BAH of the hospital.")
    ] = None,
    home: Home = None,
    warehouse: Warehouse = None,
    as_json: AsJson = False,
) -> None:
    """Say why a patient is in the cohort or not: the course, and criterion by criterion.

    Example: npc-omop explain --hospital-id E000012345 --json
    """
    from etl.command.cohort import study_in, warn_if_stale
    from etl.study.explain import as_text, explain_person
    from etl.study.explain import explain as answer

    settings = settings_for(home, warehouse)
    if person is not None and hospital_id is None:
        found, course = explain_person(settings, person)
    elif hospital_id is not None and person is None:
        found, course = answer(settings, hospital_id)
    else:
        raise UsageError("explain: name one patient, by PERSON or by --hospital-id")
    print_json(found) if as_json else print(as_text(found, course))
    warn_if_stale(settings, study_in(None))
