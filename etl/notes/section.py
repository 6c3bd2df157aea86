"""The sections of a report: which of its parts a diagnosis may be read from."""

import re
from dataclasses import dataclass

from etl.notes.lexicon import lexicon
from etl.notes.specimen import sites

_AFTER = re.compile(r"[】\])]?\s{0,3}[::\n]|[】\])]")

# A line that names a specimen after microscopy told in a line of its own: 鼻咽顶壁活检:, 【肺】.
_LABEL = re.compile(
    r"\n\s?(?:<p>|[“”\"])?(?:\(?\d{1,2}[.、)]\s?)?(?P<label>[(【\[<][^()【】\[\]<>\n]{1,20}[)】\]>](?=.)|[^,。;:()\n]{1,20}:(?=.))"
)


@dataclass(slots=True)
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
            if word.line["kind"] == "micro":
                marks += _diagnosis(text, word.end)
        elif word.line["form"] == "heading" and _AFTER.match(text, word.end):
            begun = not before or not before.isalnum() or word.line["kind"] == "skip"
            if begun or len(word.line["word"]) > 2:
                marks.append((word.line["kind"], word.start))
    marks.sort(key=lambda mark: mark[1])
    ends = [start for _, start in marks[1:]] + [len(text)]
    return [
        Section(kind, start, end)
        for (kind, start), end in zip(marks, ends, strict=True)
        if end > start
    ]


def _diagnosis(text: str, place: int) -> list[tuple[str, int]]:
    """Where the line after the one of a place names a specimen: a diagnosis begins there."""
    line = text.find("\n", place)
    label = _LABEL.match(text, line) if line >= 0 else None
    if not label or not sites(text, *label.span("label")):
        return []
    return [("main", line + 1)]


def _begins(before: str) -> bool:
    """Whether what stands before a word lets a sentence begin with it."""
    return not before or before in "。;!\n \t,([【"
