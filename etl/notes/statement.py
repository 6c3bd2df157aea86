"""Whether a clause only names things, or says something of its own.

"无发热,咳嗽,咳痰" denies all three; in "未闻及啰音,心律齐,腹软" only the first clause denies.
The words that decide are in `mappings/text/statement.csv`: `says` and `holds` make a statement
wherever they stand, `begins` and `ends` at that place, `none` are names that hold such a word; what
`says` introduces is a new statement within a clause as well.
"""

import re

from etl.notes.lexicon import lexicon

_LONGEST = 40
_NUMBER = re.compile(r"\d")
_LIST = re.compile(r"等(?:不适|症状|表现|情况|病史|病|疾病|史|征象?|改变)?\s*$|病?史\s*$")
_PROPERTY = re.compile(
    r"(?:明显|明确|确切|显著|异常|肿大|增大|增粗|增厚|增宽|扩大|扩张|狭窄|受累|受侵|破坏|缺损|缺如|受压|移位|偏移"
    r"|变形|变窄|改变|变化|强化|增高|升高|怒张|畸形|梗阻|中断|粘连|受限|下降|减退|减轻|加重|充盈|及|或|、|征象?)+"
)


def bare(clause: str) -> bool:
    """Whether a clause is but a list of names."""
    if ends_list(clause):
        return True
    if len(clause) > _LONGEST or not clause.strip() or _NUMBER.search(clause):
        return False
    clause = clause.strip()
    for word in lexicon("statement").find(clause):
        place = word.line["class"]
        if (
            place in ("holds", "says")
            or (place == "begins" and word.start == 0)
            or (place == "ends" and word.end == len(clause))
        ):
            return False
    return True


def ends_list(clause: str) -> bool:
    """Whether a clause ends a list: 咳痰等不适, 结核病史."""
    return len(clause) <= _LONGEST and _LIST.search(clause) is not None


def property_only(words: str) -> bool:
    """Whether a denial's object is a property of what stands before it: 淋巴结未见肿大."""
    return len(words) <= _LONGEST and _PROPERTY.fullmatch(words) is not None


def restart(before: str) -> int:
    """Where the last statement before a place ends; 0 where there is none."""
    words = lexicon("statement").find(before)
    return max((word.end for word in words if word.line["class"] == "says"), default=0)
