"""Commands that load: from an invented hospital to a published CDM, and how fast."""

from pathlib import Path
from typing import Annotated

import typer

from etl.errors import UsageError
from etl.options import AsJson, Home, Warehouse, print_json, settings_for


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
            with runs.held(settings), runs.open_lake(settings, contracts) as con:
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
