"""`npc-omop mappings`: what reviewers decided comes back into the maps."""

from pathlib import Path
from typing import Annotated

import typer

from etl.options import AsJson, Home, print_json, settings_for

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def mappings() -> None:
    """The curated maps: take in what reviewers approved."""


@app.command("import-usagi")
def import_usagi(
    file: Annotated[Path, typer.Argument(help="What Usagi saved.")],
    source_vocabulary: Annotated[
        str | None,
        typer.Option("--map", help="The map, where the codes do not name it (npc_icd10:E87.6)."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also replace lines that somebody has reviewed.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Take the approved lines of Usagi's file into mappings/concepts, all of them or none.

    Checked against the vocabulary in use. Example: npc-omop mappings import-usagi reviewed.csv
    """
    import tempfile
    from dataclasses import asdict

    from etl.engine.duckdb import connect
    from etl.vocabulary.kept import current, link
    from etl.vocabulary.starter import write_starter
    from etl.vocabulary.usagi.take_in import import_usagi as take_in

    settings = settings_for(home)
    with tempfile.TemporaryDirectory() as scratch, connect(settings) as con:
        # A lake of its own: a run may be at work in the other one.
        lake = Path(scratch) / "lake"
        vocabulary = current(settings)
        if vocabulary is None:
            write_starter(lake, settings.mappings, con)
        else:
            link(vocabulary, lake)
        taken = take_in(file, settings.mappings, lake, con, source_vocabulary, replace)
    if as_json:
        print_json(asdict(taken))
        return
    for name, lines in taken.written.items():
        print(f"mappings/concepts/{name}.csv: {lines} lines, in place of {taken.replaced[name]}")
    print(
        "Read them over (git diff), then run."
        if taken.written
        else f"{file.name}: no line is APPROVED, nothing is taken: approve them in Usagi"
    )
