"""Numbers as charts write them: 3, 三, 十二, 两, Ⅲ, III."""

import re

_DIGITS = dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_DIGITS |= {"元": 1, "○": 0, "O": 0, "两": 2}
_ROMAN = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_ROMAN |= {"ⅰ": 1, "ⅱ": 2, "ⅲ": 3, "ⅳ": 4, "ⅴ": 5, "Ⅵ": 6, "l": 1, "ll": 2, "lll": 3, "lV": 4}
_ROMAN |= {"ⅠⅠ": 2, "ⅠⅡ": 3, "ⅠⅤ": 4, "VI": 6}
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)")

# What a rule writes into its pattern for an integer of one to three digits.
INTEGER = r"(?:\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"


def integer(written: str) -> int | None:
    """The integer that is written; None for anything else."""
    if written.isascii() and written.isdigit():
        return int(written)
    if written in _ROMAN:
        return _ROMAN[written]
    if tens := _TENS.fullmatch(written):
        return _DIGITS.get(tens[1], 1) * 10 + _DIGITS.get(tens[2], 0)
    digits = [_DIGITS.get(sign) for sign in written]
    if not digits or None in digits:
        return None
    return int("".join(map(str, digits)))
