"""Where a lesion is: the organs named before it, with sides and lobes.

"纵隔4R区及左肺门" names two places at once, "右肺上叶尖段" one; the last of organs that touch
decides ("肺门淋巴结" is no lung).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# In these, a lesion without another word for it is one of the bone.
BONY = frozenset(("bone", "skull_base"))
# What may stand between the names of a group: list signs, station and level numbers, fillers.
_BETWEEN = re.compile(
    r"(?:[\s,、及和与并或/()\-~\d]|以及|[ⅠⅡⅢⅣⅤⅥIVXabABRLSCT]|第|区|组|段|上|中|下|内|部|侧|的|之|份|旁|各|壁|面|处|窝|可?见|水平|站|余|其?部分|散在|多发|多处|多个|多枚|全身|广泛|弥漫"
    r"|间隙|等|皮质|体积){0,24}"
)
_LIST = re.compile(r"[,、及和与并或/+]")
_PART = re.compile(
    r"[上中下]叶|[上中下]肺|[上中下]野|舌|尖|额|顶|颞|枕|小脑|岛叶|基底节|S\d|[CTL]\d{1,2}|Ⅱ|Ⅲ|Ⅳ|Ⅴ|(?<![IV])IV|(?<![A-Za-z])V[ab]?|III|II"
    r"|上极|下极|中部|峡部|肋|髂|股|肩胛|骶|胸骨|髋臼|颅|锁骨(?![上下])|肱|坐骨|耻骨|颌|右前叶|右后叶|左外叶|左内叶|左叶|右叶|翼突|斜坡|岩|蝶|海绵|[一二三四五六七八九十]胸椎"
    r"|[一二三四五六七八九十\d]腰椎|肺门|隆突|[LR]区"
)
# The lobe of the liver that a segment is in.
_WHOLE = {
    "S2": "左叶", "S3": "左叶", "S4": "左叶", "左外叶": "左叶", "左内叶": "左叶", "S5": "右叶",
    "S6": "右叶", "S7": "右叶", "S8": "右叶", "右前叶": "右叶", "右后叶": "右叶",
}  # fmt: skip
# Other organs under another name, or called by a part: 附件 and 卵巢, 贲门 and 胃.
_ORGANS = {
    "附件": "卵", "贲门": "胃", "外周": "前", "移行": "前", "峡部": "甲", "声门": "喉",
    "声带": "喉", "会厌": "喉", "梨状": "下", "环后": "下", "喉咽": "下", "子宫": "宫",
    "内膜": "宫",
}  # fmt: skip
_LOWER = frozenset(("上极", "下极", "中部", "峡部"))
_VERTEBRA = re.compile(r"([胸腰颈骶])(\d{1,2})椎|第?(\d{1,2})([胸腰颈骶])椎")
_LETTER = {"胸": "T", "腰": "L", "颈": "C", "骶": "S"}
_NONE: frozenset[str] = frozenset()
_AFTER = re.compile(r"[(,;。:\n]")
_SPELT = {
    "上肺": "上叶", "中肺": "中叶", "下肺": "下叶", "上野": "上叶", "中野": "中叶", "下野": "下叶",
    "尖": "上叶", "舌": "上叶", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V", "Va": "V", "Vb": "V",
}  # fmt: skip


@dataclass(slots=True)
class Site:
    """One place: `site` and `region` as in a fact, `organ` the word that named it."""

    site: str
    region: str
    side: str | None
    start: int
    end: int
    word: str = ""


@dataclass(slots=True)
class Place:
    """What a finding says of its place: sites of one organ brought together."""

    site: str
    region: str | None
    side: str | None
    start: int
    end: int
    sites: list[Site]


def joined(gap: str) -> bool:
    """Whether what stands between two names lets them be one group."""
    return not gap or (len(gap) <= 24 and _BETWEEN.fullmatch(gap) is not None)


def listed(gap: str) -> bool:
    """Whether what stands between two names makes them two places."""
    return bool(gap) and _LIST.search(gap) is not None


def parts(text: str) -> frozenset[str]:
    """The lobes, segments, levels or bones that a place names."""
    if "椎" in text:
        text = _VERTEBRA.sub(_vertebra, text)
    found = _PART.findall(text)
    return frozenset([_SPELT.get(part, part) for part in found]) if found else _NONE


def _vertebra(found: re.Match[str]) -> str:
    """T11 for 第11胸椎 and 胸11椎体."""
    name, number = (found[1], found[2]) if found[1] else (found[4], found[3])
    return _LETTER[name] + number


def side_of(sites: Iterable[Site]) -> str | None:
    """The side of several sites: both when they differ, None when one has none.

    The walls of the nasopharynx without a side (顶后壁) leave the side of the others.
    """
    sides = {site.side for site in sites if site.side or site.site != "nasopharynx"} or {None}
    if len(sides) == 1:
        return sides.pop()
    if None in sides:
        return None
    return "both"


def within(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether parts name the same place, or one a place in the other: S2 is in the left lobe."""
    if some & others:
        return True
    return bool(some & _wholes(others) or others & _wholes(some))


def _wholes(some: frozenset[str]) -> set[str]:
    return {_WHOLE[part] for part in some if part in _WHOLE}


def _after(text: str, place: int) -> str:
    """The next signs of the same words: what stands in brackets or after a comma is another's."""
    return _AFTER.split(text[place : place + 6], maxsplit=1)[0]


def named(sites: list[Site], text: str) -> frozenset[str]:
    """The parts of an organ; of the many organs that are `other`, the organ."""
    if len(sites) == 1 and sites[0].site != "other":
        return parts(text[sites[0].start : sites[0].end] + _after(text, sites[0].end))
    found: set[str] = set()
    for site in sites:
        if site.site == "other":
            found |= _LOWER & parts(text[site.start : site.end])
            found.add("窦" if "窦" in site.word else _ORGANS.get(site.word[:2], site.word[:1]))
        else:
            found |= parts(text[site.start : site.end] + _after(text, site.end))
    found.discard("")
    return frozenset(found)


def places(sites: list[Site]) -> list[Place]:
    """The sites of a group, those of one organ as one place, in order."""
    if len(sites) == 1:
        one = sites[0]
        return [Place(one.site, one.region or None, one.side, one.start, one.end, sites)]
    by_organ: dict[str, list[Site]] = {}
    for site in sites:
        by_organ.setdefault(site.site, []).append(site)
    return [
        Place(organ, _region(group), side_of(group), group[0].start, group[-1].end, group)
        for organ, group in by_organ.items()
    ]


def _region(sites: list[Site]) -> str | None:
    """The region of several sites of an organ: None where they are of several regions."""
    regions = {site.region for site in sites}
    return (regions.pop() or None) if len(regions) == 1 else None


def nodal(site: Site) -> Site | None:
    """Where the nodes of a place are: of hilum and mediastinum, or of a region; None for others."""
    if site.region == "mediastinum":
        return Site("mediastinum", "", site.side, site.start, site.end)
    if site.region:
        return Site("lymph_node", site.region, site.side, site.start, site.end)
    return None
