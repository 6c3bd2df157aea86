"""What several commands take and give: their shared options, settings and JSON."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from etl.errors import UsageError

if TYPE_CHECKING:
    from etl.settings import Settings

Home = Annotated[
    Path | None,
    typer.Option(help="The data home (default .npc-omop, or NPC_OMOP_HOME).", show_default=False),
]
Warehouse = Annotated[
    str | None,
    typer.Option(
        help="postgresql://… of versions 15 to 18; without it the embedded server.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def settings_for(home: Path | None = None, warehouse: str | None = None) -> "Settings":
    """The settings, with what the command line says above the environment."""
    from etl.settings import Settings

    given: dict[str, Any] = {}
    if home is not None:
        given["home"] = home
    if warehouse is not None:
        given["warehouse"] = warehouse
    return Settings(**given)


def print_json(value: object) -> None:
    """Print JSON for scripts: UTF-8, dates as text."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


@contextmanager
def writing(path: Path) -> Iterator[TextIO]:
    """Open a file that the user named for writing; UsageError where that cannot be."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}: name a file you can write to") from None
