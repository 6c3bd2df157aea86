"""A text as the rules read it: one character for one, so that a span is a span of the original."""

import functools
import re
from collections.abc import Iterator

import opencc

# What is written for another character often enough to matter, longest first.
_MISSPELT = {
    "粘膜": "黏膜",
    "鼻烟": "鼻咽",
    "纵膈": "纵隔",
    "末见": "未见",
    "经线": "径线",
    "短经": "短径",
    "长经": "长径",
    "直经": "直径",
    "癅": "癌",
}
_MISSPELT_FORM = re.compile("|".join(_MISSPELT))
# It begins with a set of characters, which is what makes the search for it fast.
_END = re.compile(
    r"[。;!\n.①-⑳\d(](?:(?<=[。;!\n])[。;!\n]*"
    # A half-width full stop after a character.
    r"|(?<=[\u4e00-\u9fff)]\.)(?!\d)"
    # An enumeration begins a new item: ① or `2.` or `(3)`, but not a decimal point, nor 第4、5肋.
    r"|(?P<item>(?<=[①-⑳])|(?<=[\s,:]\d)\d?[.、](?!\d)"
    r"|(?<=[\s,:]\d)(?<![A-Za-z]\s\d)\d?\)(?!\d)|(?<=[\s,、:]\()\d{1,2}\)(?!\d)"
    r"|(?<=[\u4e00-\u9fff)]\d)\d?\.(?=[\u4e00-\u9fff])))"
)


@functools.cache
def _characters() -> str:
    """What to write for each character.

    Traditional to simplified, full-width to half-width, control characters to spaces.

    Superscripts and circled digits stay: Unicode's NFKC would make 10⁹ into 109, ①1.8 into 11.8.
    """
    table: dict[int, str] = {}
    ideographs = [chr(code) for code in range(0x4E00, 0xA000)]
    simplified = opencc.OpenCC("t2s").convert("\n".join(ideographs)).split("\n")
    for old, new in zip(ideographs, simplified, strict=True):
        if old != new and len(new) == 1:
            table[ord(old)] = new
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= dict.fromkeys((*range(10), 11, 12, *range(14, 32), 127, 160, 12288), " ")
    table |= {ord("\r"): "\n", ord("〜"): "~", ord("∼"): "~", ord("—"): "-", ord("–"): "-"}
    return "".join(table.get(code, chr(code)) for code in range(0x10000))


def normal(text: str) -> str:
    """The text in simplified characters and half-width signs, exactly as long as before."""
    plain = text.translate(_characters()).replace("_x000D_", " " * 7)
    return _MISSPELT_FORM.sub(lambda found: _MISSPELT[found[0]], plain)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of a normal text: up to a full stop, line end or list number."""
    start = 0
    for end in _END.finditer(text):
        stop = end.start()
        if text[start:stop].strip():
            yield start, stop
        start = stop if end["item"] is not None else end.end()
    if text[start:].strip():
        yield start, len(text)
