"""What a report is a report of: modality and contrast, where the text names it as its own."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact

_NAMES = (
    ("PET/CT", r"PET\s?[/\-]?\s?CT|PETCT|PET(?=[示检显:/]|/MR)"),
    ("bone_scan", r"(?:全身)?骨显像(?!剂)|骨扫描|骨ECT|全身骨静态显像|(?<![A-Z])ECT"),
    ("CT", r"(?<![A-Za-z])CT(?![A-Za-z值])|电脑断层|计算机断层"),
    ("MR", r"(?<![A-Za-z])MR[I]?(?![A-Za-z])|磁共振|核磁"),
    ("US", r"彩色多普勒|彩超|超声|B超"),
    ("XR", r"胸片|X线|DR(?=检查|正|胸|片)|平片|X光|正侧位片"),
)
_NAME = re.compile(
    "(?=[PCMEXBD全骨电计磁核彩超胸平正])(?:"
    + "|".join(f"(?P<m{i}>{form})" for i, (_, form) in enumerate(_NAMES))
    + ")"
)
_VALUES = {f"m{number}": value for number, (value, _) in enumerate(_NAMES)}
# Another examination: compared with, advised, or quoted.
_OTHERS = re.compile(
    r"(?:对比|比较|对照|较|与|建议|请|结合|参考|必要时|行|(?<![后年月癌])复查|\d[日月年]|\d{4}[-./]\d|前|原|上次|旧"
    r"|进一步|外院|我院|示|定期|随访)[^。;\n]{0,12}$"
)
_TITLE = re.compile(r"(?:检查|项目|部位|方法|名称|类型|技术|序列)[^。;\n]{0,14}$")
_OWN = re.compile(
    r"[)\s]*(?:平扫|增强|检查|显像|扫描|示|显示|:|胸部|头|颈|腹|盆|全身|鼻咽|\(|,|\+|报告|正|断层"
    r"|冠状|见|$|\n)"
)
_CONTRAST = re.compile(
    r"(?<!未)(?<!未行)增强|三期|动脉期|门脉期|延迟期|强化扫描|显影剂|造影剂|C\+|Gd-?DTPA|碘海醇|碘佛醇"
)
_PLAIN = re.compile(r"平扫|低剂量|高分辨")
_ENHANCED = re.compile(r"(?<![未议行])增强(?:扫|后|示|见|呈)|强化")
_HEADING = re.compile(
    r"检查(?:部位|项目|方法|名称|类型)[】\]]?[:\s]?([^。;\n]{0,20}?(?:平扫|增强)(?:[+及]增强)?)"
)
_SEQUENCE = re.compile(r"T[12]WI|DWI|FLAIR")
_NUMBERED = re.compile(r"^\s*\d+排$")
_SCANNED = ("CT", "MR")


def examination(context: Context, on: date | None) -> Iterator[Fact]:
    """The examination of a report, once; nothing where only others are named."""
    text = context.text
    best: tuple[int, re.Match[str]] | None = None
    for seen, found in enumerate(_NAME.finditer(text)):
        if seen == 60:
            break
        before = text[max(found.start() - 24, 0) : found.start()]
        titled = _TITLE.search(before) is not None
        alone = _line_start(text, found.start())
        if not titled and _OTHERS.search(before) and not (alone and _NUMBERED.search(before)):
            continue
        own = _OWN.match(text, found.end()) is not None
        rank = 3 * titled + 2 * alone + own
        if found.lastgroup == "m0" and (titled or alone or own):
            # A PET/CT names its parts as well.
            rank += 4
        if rank and (best is None or rank > best[0]):
            best = rank, found
    if best is None:
        yield from _untold(text)
        return
    found = best[1]
    value = _VALUES[found.lastgroup or "m2"]
    line_end = text.find("\n", found.end())
    line = text[found.start() : min(line_end if line_end >= 0 else len(text), found.end() + 30)]
    before = text[max(found.start() - 12, 0) : found.start()].rpartition("\n")[2]
    contrast: bool | None = None
    if value in _SCANNED:
        if _CONTRAST.search(before + line.split("。")[0]):
            contrast = True
        elif _PLAIN.search(before + line) and not _ENHANCED.search(text, found.end()):
            contrast = False
        elif _ENHANCED.search(text, found.end()):
            contrast = True
    yield _fact(value, found.span(), contrast)


def _untold(text: str) -> Iterator[Fact]:
    """检查部位:胸部(平扫+增强): a CT, or an MR where the text speaks of its sequences."""
    heading = _HEADING.search(text)
    if heading:
        value = "MR" if _SEQUENCE.search(text) else "CT"
        contrast = _CONTRAST.search(heading[0]) is not None
        yield _fact(value, heading.span(1), contrast)


def _fact(value: str, span: tuple[int, int], contrast: bool | None) -> Fact:
    detail = {"contrast": contrast}
    return Fact("examination", value, span, Certainty.DEFINITE, "imaging.examination", detail)


def _line_start(text: str, place: int) -> bool:
    """Whether a name stands in the first words of a line, as a heading does."""
    line = text.rfind("\n", max(place - 40, 0), place)
    before = text[line + 1 if line >= 0 else max(place - 40, 0) : place]
    return len(before) <= 12 and not re.search(r"[。;,\d]", before) and (line >= 0 or place <= 12)
