"""The command line: `npc-omop COMMAND`."""

import sys
from typing import NoReturn

import typer

from etl.command import load, question, warehouse
from etl.command.cohort import app as cohort_app
from etl.errors import EtlError
from etl.notes.command import text
from etl.vocabulary.command import app as vocabulary_app
from etl.vocabulary.usagi.command import app as mappings_app

app = typer.Typer(
    help="Charts of a cancer hospital to a published OMOP CDM 5.4, and the cohort read off it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    load.generate,
    load.run,
    load.demo,
    load.bench,
    question.plan,
    question.reconcile,
    question.unmapped,
    question.coverage,
    question.trace,
    question.explain,
    text,
    warehouse.rollback,
    warehouse.url,
    warehouse.stop,
):
    app.command()(command)
app.add_typer(cohort_app, name="cohort")
app.add_typer(vocabulary_app, name="vocabulary")
app.add_typer(mappings_app, name="mappings")


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
    except OSError as error:
        what = f"{error.filename or 'the disk'}: {error.strerror or error}"
        print(f"error: {what}: check its room and rights", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
