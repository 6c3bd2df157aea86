"""The command line: `npc-omop COMMAND`. Heavy libraries are imported where they are used."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from etl.errors import EtlError, UsageError
from etl.options import AsJson, Home, Warehouse, print_json, settings_for

app = typer.Typer(
    help="Charts of a cancer hospital to a published OMOP CDM 5.4, and the cohort read off it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command()
def generate(
    patients: Annotated[int, typer.Option(min=1, help="How many patients.")],
    out: Annotated[Path, typer.Option(help="A new or empty folder.")],
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    mess: Annotated[float, typer.Option(min=0, max=1, help="How messy, 0 to 1.")] = 0.5,
    format: Annotated[str, typer.Option(help="csv, csv.gz or parquet.")] = "csv",
    encoding: Annotated[str, typer.Option(help="gb18030 or utf-8.")] = "utf-8",
) -> None:
    """Invent a hospital: all 18 tables, and what is true in DIR/_truth.

    Example: npc-omop generate --patients 2000 --seed 1 --out hospital
    """
    from etl.synthetic.generate import generate as generate_hospital

    generate_hospital(patients, seed, out, mess, format, encoding)


@app.command()
def run(
    source: Annotated[Path | None, typer.Option(help="The folder of the hospital's files.")] = None,
    only: Annotated[
        str | None, typer.Option(help="Run one step again, such as cdm.person; publishes nothing.")
    ] = None,
    home: Home = None,
    warehouse: Warehouse = None,
    as_json: AsJson = False,
) -> None:
    """Land, transform, load, check, publish, and read off the cohort.

    Exits 0 only when the CDM is published. Example: npc-omop run --source hospital
    """
    from etl import run as runs
    from etl.progress import Reporter

    settings = settings_for(home, warehouse)
    with Reporter(quiet=as_json) as progress:
        if only:
            contracts = runs.contracts_of(settings)
            with runs.held(settings):
                con = runs.open_lake(settings, contracts)
                runs.transform(con, settings, contracts, progress, only)
            return
        if source is None:
            raise UsageError("run: name the hospital's folder with --source DIR")
        summary = runs.run(source, settings, progress)
    if as_json:
        print_json(summary)
    else:
        from etl.summary import summary_text

        print(summary_text(settings, summary))


@app.command()
def demo(
    patients: Annotated[int, typer.Option(min=1, help="How many patients.")] = 2000,
    seed: Annotated[int, typer.Option(help="Same seed, same hospital.")] = 1,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Generate a hospital, run everything, and show what came out.

    Example: npc-omop demo --patients 2000
    """
    from etl.demo import demo as run_demo

    run_demo(settings_for(home, warehouse), patients, seed)


@app.command()
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


@app.command()
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


@app.command()
def unmapped(
    out: Annotated[Path | None, typer.Option(help="Write here instead of the screen.")] = None,
    home: Home = None,
) -> None:
    """List the codes without a standard concept, most rows first, as CSV.

    Example: npc-omop unmapped --out unmapped.csv
    """
    from etl.quality import unmapped as report
    from etl.run import contracts_of, finished, open_lake

    settings = settings_for(home)
    finished(settings)
    rows = report.unmapped(open_lake(settings, contracts_of(settings)), settings.lake)
    if out is None:
        report.write_csv(rows, sys.stdout)
        return
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            report.write_csv(rows, file)
    except OSError as error:
        raise UsageError(f"{out}: {error.strerror}: name a file you can write to") from None


@app.command()
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
    con = open_lake(settings, contracts)
    found = find(con, settings.lake, contracts, table.removeprefix("cdm."), row_id)
    print_json(found) if as_json else print(trace_text(found))


@app.command()
def explain(
    hospital_id: Annotated[str, typer.Option(help="An EMPI_ID, HZID or BAH of the hospital.")],
    home: Home = None,
    warehouse: Warehouse = None,
    as_json: AsJson = False,
) -> None:
    """Say why a patient is in the cohort or not, criterion by criterion.

    Example: npc-omop explain --hospital-id E000012345 --json
    """
    from etl.study.explain import as_text
    from etl.study.explain import explain as answer

    found = answer(settings_for(home, warehouse), hospital_id)
    print_json(found) if as_json else print(as_text(found))


@app.command()
def rollback(home: Home = None, warehouse: Warehouse = None) -> None:
    """Put the previous CDM and its study tables back in place.

    Example: npc-omop rollback
    """
    from etl.run import held
    from etl.warehouse.publish import rollback as put_back
    from etl.warehouse.server import connect_url

    settings = settings_for(home, warehouse)
    with held(settings):
        put_back(connect_url(settings))
    print("the previous CDM is published again; a second rollback undoes this one")


@app.command()
def url(home: Home = None, warehouse: Warehouse = None) -> None:
    """Print where the warehouse listens; starts the embedded server if need be.

    Example: psql "$(npc-omop url)" -c "select count(*) from cdm.person"
    """
    from etl.warehouse.server import connect_url

    print(connect_url(settings_for(home, warehouse)))


@app.command()
def stop(home: Home = None) -> None:
    """Stop the embedded server. Its data stays.

    Example: npc-omop stop
    """
    from etl.warehouse.server import stop as stop_server

    print("stopped" if stop_server(settings_for(home)) else "no embedded server runs here")


@app.command()
def bench(
    patients: Annotated[int, typer.Option(min=1, help="How many patients.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Same seed, same hospital.")] = 1,
    home: Home = None,
    warehouse: Warehouse = None,
    as_json: AsJson = False,
) -> None:
    """Measure a run against the least work that PostgreSQL needs for the same rows.

    Example: npc-omop bench --patients 10000 --json
    """
    from etl.bench import bench as measure
    from etl.summary import bench_text

    found = measure(settings_for(home, warehouse), patients, seed)
    print_json(found) if as_json else print(bench_text(found))


def interrupted() -> NoReturn:
    """Say what Ctrl-C left behind: nothing."""
    print("error: interrupted: nothing was published; the same command goes on", file=sys.stderr)
    sys.exit(130)


def main() -> None:
    """Run a command; a user's mistake is one line and an exit code, never a traceback."""
    try:
        app()
    except SystemExit as ended:
        if ended.code == 130:  # typer's own answer to Ctrl-C says nothing
            interrupted()
        raise
    except EtlError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        interrupted()
    except RuntimeError as error:
        # What DuckDB makes of Ctrl-C while a query runs.
        if "interrupted" not in str(error).lower():
            raise
        interrupted()
    except BrokenPipeError:
        sys.exit(141)


if __name__ == "__main__":
    main()
