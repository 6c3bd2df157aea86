"""The sections of a report: which of its parts a diagnosis may be read from."""

import re
from dataclasses import dataclass

from etl.notes.lexicon import lexicon

_AFTER = re.compile(r"[】\])]?\s{0,3}[::\n]|[】\])]")


@dataclass(frozen=True)
class Section:
    """A part of a text: its kind (mappings/text/section.csv) and span, heading included."""

    kind: str
    start: int
    end: int


def sections(text: str) -> list[Section]:
    """The sections of a normal text in order; what stands before the first heading is `main`."""
    marks: list[tuple[str, int]] = [("main", 0)]
    for word in lexicon("section").find(text):
        before = text[word.start - 1 : word.start]
        if word.line["form"] == "words" and _begins(before):
            marks.append((word.line["kind"], word.start))
        elif word.line["form"] == "heading" and _AFTER.match(text, word.end):
            begun = not before or not before.isalnum() or word.line["kind"] == "skip"
            if begun or len(word.line["word"]) > 2:
                marks.append((word.line["kind"], word.start))
    ends = [start for _, start in marks[1:]] + [len(text)]
    return [
        Section(kind, start, end)
        for (kind, start), end in zip(marks, ends, strict=True)
        if end > start
    ]


def _begins(before: str) -> bool:
    """Whether what stands before a word lets a sentence begin with it."""
    return not before or before in "。;!\n \t,([【"
