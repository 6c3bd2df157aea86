"""What a run says while it works: a bar on a terminal, plain lines elsewhere; never a value."""

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Reporter:
    """Tells of each finished piece of work and keeps its seconds by layer."""

    def __init__(self, quiet: bool = False) -> None:
        self.console = Console(stderr=True, highlight=False)
        self.quiet = quiet
        self.seconds: dict[str, float] = {}
        self.rows: dict[str, int] = {}
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        if self.console.is_terminal and not self.quiet:
            self._bar = Progress(
                TextColumn("{task.description:<32}"),
                BarColumn(),
                TextColumn("{task.completed}/{task.total}"),
                TimeElapsedColumn(),
                console=self.console,
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("starting", total=None)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def expect(self, pieces: int) -> None:
        """Say how many pieces of work there will be."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, total=pieces)

    def __call__(self, name: str, rows: int, seconds: float) -> None:
        """One piece of work is done: `layer.table`, its rows and seconds."""
        layer = name.split(".")[0]
        if seconds:
            self.seconds[layer] = self.seconds.get(layer, 0.0) + seconds
        if self.quiet:
            return
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=name, advance=1)
        else:
            amount = f"{rows:>12,} rows" if rows else ""
            took = f"{seconds:>8.2f} s" if seconds else ""
            print(f"{name:<36}{amount:<17}{took}".rstrip(), file=sys.stderr, flush=True)

    def note(self, text: str) -> None:
        """Say something that the reader should know, such as a table not handed over."""
        if not self.quiet:
            self.console.print(text, markup=False)
