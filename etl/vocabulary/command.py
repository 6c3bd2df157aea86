"""`npc-omop vocabulary ...`: the commands around the standard concepts."""

from pathlib import Path
from typing import Annotated

import typer

from etl.options import AsJson, Home, Warehouse, print_json, settings_for

app = typer.Typer(
    help="Load an Athena download, check the maps against it, measure.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def load(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The unpacked download.")],
    home: Home = None,
    warehouse: Warehouse = None,
    as_json: AsJson = False,
) -> None:
    """Check an Athena download and make it the vocabulary of the next run.

    A broken download is one line and exit 12, and the vocabulary in use stays. The published CDM
    keeps the vocabulary that it was built with. Example: npc-omop vocabulary load athena
    """
    from dataclasses import asdict

    from etl.progress import Reporter
    from etl.vocabulary.athena.load import load as load_vocabulary
    from etl.vocabulary.check.check import check, summary

    settings = settings_for(home, warehouse)
    phases: dict[str, float] = {}
    with Reporter(quiet=as_json) as progress:

        def tell(name: str, rows: int, seconds: float) -> None:
            progress(name, rows, seconds)
            phases[name] = seconds

        kept = load_vocabulary(folder, settings, tell)
    if as_json:
        phases = {name: seconds for name, seconds in phases.items() if seconds}
        print_json(asdict(kept) | {"seconds": phases})
        return
    for notice in kept.notices:
        print(f"note: {notice}")
    print(
        f"vocabulary {kept.version} ({kept.digest}) is in use: {kept.rows['concept']:,} concepts.\n"
        "The next run uses it."
    )
    findings = summary(check(settings))
    if stops := findings["stops_run"]:
        print(f"{stops} lines of the maps stop that run: see `npc-omop vocabulary check`.")


@app.command()
def check(
    csv: Annotated[Path | None, typer.Option(help="Write all findings here.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List the lines of maps and codelists that no longer agree with the vocabulary; exit 13 then.

    Each with what is there now, its replacement by "Maps to", and the rows and patients of the
    last run. Example: npc-omop vocabulary check --csv stale.csv
    """
    from dataclasses import asdict

    from etl.errors import StaleMappingError
    from etl.options import writing
    from etl.vocabulary.check.check import check as check_lines
    from etl.vocabulary.check.check import summary, write_csv
    from etl.vocabulary.check.findings import as_text

    findings = check_lines(settings_for(home))
    if csv:
        with writing(csv) as out:
            write_csv(findings, out)
    if as_json:
        print_json(summary(findings) | {"lines": [asdict(finding) for finding in findings]})
    else:
        print(as_text(findings))
    if findings:
        stops = summary(findings)["stops_run"]
        raise StaleMappingError(
            f"{len(findings)} findings"
            + (f", {stops} lines stop the next run" if stops else ", none of them stops a run")
            + ": correct the lines in mappings/"
        )


@app.command()
def use(
    which: Annotated[str, typer.Argument(metavar="starter|previous|DIGEST")],
    home: Home = None,
) -> None:
    """Go back to the starter vocabulary or to one that is still kept; the next run uses it.

    Example: npc-omop vocabulary use previous
    """
    from etl.vocabulary.athena.load import use as put_in_use

    print(f"vocabulary {put_in_use(which, settings_for(home))} is in use: the next run takes it")


@app.command()
def bench(
    concepts: Annotated[
        int, typer.Option(min=2000, help="Concepts of the invented download; 7000000 is real.")
    ] = 140_000,
    home: Home = None,
    warehouse: Warehouse = None,
) -> None:
    """Measure the load of an invented download; prints JSON and leaves nothing behind.

    A real size takes some minutes, and 25 GB of disk for that time. On a server named by URL a
    vocabulary that awaits its first run gives way, and that run loads it again.
    Example: npc-omop vocabulary bench --concepts 7000000
    """
    from etl.vocabulary.athena.bench import bench as measure

    print_json(measure(settings_for(home, warehouse), concepts))
