"""How fast are the text rules? `python -m tests.corpus.speed [--rounds N]`.

Texts a second of one core, per kind, at 500 characters: the processor time that the whole reports
of the development corpus take, the median of several rounds, told for a text of that length. First
with every sentence read before (in a hospital most are), then with all sentences new.
"""

import argparse
import json
import statistics
import time
from datetime import date
from pathlib import Path

from etl.notes import scopes, sign
from etl.notes.extract import KINDS, extract

LENGTH = 500
# Shorter texts are told by what any text costs, not by their words.
SHORTEST = 150
_ON = date(2020, 1, 1)


def texts(kind: str) -> list[str]:
    """The whole reports of a kind in the development corpus."""
    files = sorted((Path(__file__).parent / "development").glob(f"{kind}*.jsonl"))
    lines = [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]
    return [line["text"] for line in lines if len(line["text"]) >= SHORTEST]


def texts_per_second(kind: str, some: list[str], rounds: int, new: bool = False) -> float:
    """Texts of 500 characters that one core reads in a second: the median of some rounds."""
    seconds = []
    for number in range(rounds + 1):
        if new:
            scopes.kept.cache_clear()
            sign.kept.cache_clear()
        start = time.process_time()
        for text in some:
            extract(kind, text, _ON)
        if number:  # the first round loads the words
            seconds.append(time.process_time() - start)
    return sum(map(len, some)) / LENGTH / statistics.median(seconds)


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args(arguments).rounds
    print(f"{'kind':12}{'texts':>6}{'mean length':>13}{'a second, at 500':>18}{'all new':>10}")
    for kind in KINDS:
        some = texts(kind)
        known, new = (texts_per_second(kind, some, rounds, new) for new in (False, True))
        print(
            f"{kind:12}{len(some):6}{sum(map(len, some)) / len(some):13.0f}{known:18.0f}{new:10.0f}"
        )


if __name__ == "__main__":
    main()
