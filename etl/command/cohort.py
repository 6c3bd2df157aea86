"""`npc-omop cohort`: the study's cohort built again from the published CDM, checked, handed out."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from etl.errors import StaleCohortError, UsageError
from etl.options import AsJson, Home, Warehouse, print_json, settings_for

if TYPE_CHECKING:
    from etl.settings import Settings
    from etl.study.definition import Study

app = typer.Typer(add_completion=False)

StudyFolder = Annotated[
    Path | None,
    typer.Option("--study", help="A study's folder (default: that of npc_lung_pd1)."),
]


@app.callback(invoke_without_command=True)
def cohort(
    context: typer.Context,
    study: StudyFolder = None,
    review: Annotated[
        Path | None,
        typer.Option(help="A signed CSV of decisions; the data home keeps it for the next runs."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether the cohort is stale (exit 14).")
    ] = False,
    home: Home = None,
    warehouse: Warehouse = None,
    as_json: AsJson = False,
) -> None:
    """Build a study's cohort from the published CDM, and print its attrition.

    Readers see the old cohort until the new one is whole. Example: npc-omop cohort --study my_study
    """
    if context.invoked_subcommand is not None:
        return
    settings = settings_for(home, warehouse)
    chosen = study_in(study)
    if check and review is not None:
        raise UsageError("cohort: --check builds nothing: leave --review out")
    if check:
        _check(settings, chosen, as_json)
        return
    _build(settings, chosen, review, as_json)


def _check(settings: "Settings", study: "Study", as_json: bool) -> None:
    from etl.study.provenance import freshness
    from etl.study.review import kept_digest
    from etl.warehouse.server import connect_url

    url = connect_url(settings)
    found = freshness(url, study, settings.mappings, kept_digest(settings, study))
    if as_json:
        print_json({"study": study.name, "stale": found.is_stale, "reasons": found.reasons})
    elif not found.is_stale:
        print(f"study {study.name}: the cohort is what a build would make now")
    if found.is_stale:
        raise StaleCohortError(found.told)


def _build(settings: "Settings", study: "Study", review: Path | None, as_json: bool) -> None:
    from etl.run import held
    from etl.study.cohort import build
    from etl.study.review import keep, kept_review, read_review, with_persons
    from etl.summary import attrition_text
    from etl.warehouse.publish import warehouse_lock
    from etl.warehouse.server import connect_url

    today = date.today()
    with held(settings):
        url = connect_url(settings)
        with warehouse_lock(url):
            given = (
                with_persons(settings, read_review(review, study, today))
                if review is not None
                else kept_review(settings, study, today)
            )
            built = build(url, study, settings.mappings, given)
            if given is not None and review is not None:
                keep(settings, study, given)
    if told := built.conflicts:
        print(f"note: {told}", file=sys.stderr)
    if as_json:
        print_json(built.as_dict())
        return
    if built.attrition:
        print(attrition_text(built.attrition), end="\n\n")
    for table, rows in sorted(built.published.items()):
        print(f"{table}: {rows:,} rows")
    print(f"Built from CDM {built.load_id} in {built.seconds:.1f} s.")


def study_in(folder: Path | None) -> "Study":
    """The study of a folder, npc_lung_pd1 without one; UsageError where there is none."""
    from etl.study.definition import Study

    if folder is None:
        return Study()
    if not (folder / "settings.yaml").is_file():
        raise UsageError(f"{folder}: no study here: it needs a settings.yaml and study/*.sql")
    return Study(folder)


def warn_if_stale(settings: "Settings", study: "Study") -> None:
    """Say on the error stream that the published cohort is stale; nothing where it is not."""
    from etl.errors import NotFoundError
    from etl.study.provenance import freshness
    from etl.study.review import kept_digest
    from etl.warehouse.server import connect_url

    try:
        url = connect_url(settings)
        found = freshness(url, study, settings.mappings, kept_digest(settings, study))
    except NotFoundError:
        return
    if found.is_stale:
        print(f"note: {found.told}", file=sys.stderr)


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="A new or empty folder.")],
    study: StudyFolder = None,
    home: Home = None,
    warehouse: Warehouse = None,
    as_json: AsJson = False,
) -> None:
    """Write the study's tables as CSV and Parquet, with a data dictionary.

    Example: npc-omop cohort export --out analysis
    """
    from etl.study.export import export as write
    from etl.warehouse.server import connect_url

    settings = settings_for(home, warehouse)
    chosen = study_in(study)
    written = write(connect_url(settings), chosen, out)
    warn_if_stale(settings, chosen)
    if as_json:
        print_json(written)
        return
    for table, rows in written.items():
        print(f"{table}: {rows:,} rows")
    print(f"Written to {out}; it holds patients' data, readable by you only.")
