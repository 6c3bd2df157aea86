"""Pathology reports: the specimens, one diagnosis for each, and supplements that supersede."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.morphology import Piece, Reading, pieces, read
from etl.notes.section import Section, sections
from etl.notes.specimen import Site, sites

# Sections by how much they say about the diagnosis; the first that hold one are read.
_GROUPS = (("main", "supplement", "stain"), ("earlier",), ("specimen",), ("micro",))
_SUPPLEMENT = re.compile(
    r"病?理?补充(?:病理)?(?:报告|诊断|意见|说明|病理|单)|追加(?:报告|诊断)|更正(?:报告|诊断)|修[正订](?:报告|诊断)"
)
_SUPPLEMENTED = ("补充", "追加", "更正", "修正", "修订")
_ITEM = re.compile(
    r"[A-F](?:[.、:)]|\s(?=[\u4e00-\u9fff]))|\(?[①-⑳]|\(?\d{1,2}(?:号|#|[.、)](?!\d))|\([一二三四五六七八九]\)"
)
_NO_SPECIMEN_AFTER = re.compile(
    r"癌(?!组织|灶|结节)|\s?:\s?第?\d{1,2}[RL]?组|恶性|原发|[^,。;:()]{0,3}来源|转移|结核|镜|科|(?:放疗|化疗)(?!后(?:组织|再|活检|黏膜|肿物|新生物|取|左|右|顶))|[^,。;:()]{0,10}切缘(?:均|为)?(?:阴性|未见|净|干净|\(-\))"
    r"|[^,。;:()]{0,2}(?:可能|情况|检查|受累|受侵|侵犯)|炎[,。;]?$|功能"
)
_NO_SPECIMEN_BEFORE = re.compile(
    r"(?:\+|组\)|转移性|非|考虑|符合|支持|提示|倾向|检查|[累侵]及[^,。;]{0,4}|侵犯[^,。;]{0,4}|突破|浸润[至到]?|来自|来源于|结合|排除|除外|距|转移\(|来源\(|考虑\(|符合\()\Z"
)
_TISSUE = re.compile(
    r"(?:[,\s]{1,2}|[^,。;\n]{0,10}?)(?:活检|穿刺|切除|切检|清扫|标本|组织|送检|细胞学|沉渣|咬检|钳|刷检|涂片|结节|肿物"
    r"|新生物|肿块|包块|占位|黏膜|淋巴结|[:)】>\]]|[癌瘤]|慢性炎|炎性|内见|未见|查见|病变|抽取|灌洗|\d块|条索|FNA|TBNA|TBLB|EBUS|针吸|切缘|再取|[1-9]\d?/\d{1,2}|[\"”」])"
)
# 右胸锁乳突肌深面淋巴结: where a node lies.
_BESIDE = re.compile(
    r"(?:^|[,。;:\n\s(])[\u4e00-\u9fff]{1,9}(?:深面|旁|周围|后方|前方|表面|内侧|外侧)$"
)
# 送检组织(右侧咽隐窝,分装): brackets that say what the tissue is.
_NAMED = re.compile(
    r"(?:组织|标本|活检|样本|材料|物)\($|(?:组织|标本|活检|样本|材料|物)\([^()]{1,16}、$"
)
_OF_TISSUE = re.compile("组织|活检|取材|肿物|新生物|结节|肿块|包块|清扫|灌洗")
_SIDE = re.compile(r"(?:[,;:。\n]|^)\s?(?P<side>[左右])侧?\s?[-:]")
_BEGINS = re.compile(
    r"(?:^|[,。;:\n\s()\[\]【】<>《》、①-⑳.\"“”「」]|第\d{1,2}|小儿|[放化]疗后|术后|同侧|对侧|患侧|送检为?|标本|部位|引导下|材料|外院|我院|取|经皮|镜|组|根治性|选择性)$"
)

# The number or letter of a specimen right before its place: 1.鼻咽左侧壁, A鼻咽顶后壁.
_KEY = re.compile(
    r"(?:^|(?<=[\s,;:。、(]))\(?(?P<key>[A-F]|[①-⑳]|\d{1,2}(?=[号#.、):]))[号#.、):]{0,2}\s?[((]?\Z"
)
_KEYED = re.compile(r"\(?([A-F]|[①-⑳]|\d{1,2})")
_HEAD = re.compile(r"[^,。;:\n\d]{2,10}[】\])]?\s?:?\s?")
# Words of one diagnosis: more than any report has.
_MOST = 300


@dataclass
class Block:
    """What one section says of one specimen."""

    site: Site | None
    pieces: list[Piece] = field(default_factory=list)
    reading: Reading | None = None


def pathology(context: Context, on: date | None) -> Iterator[Fact]:
    """Specimens, diagnoses and supplements of a report; markers are `marker.marker`'s."""
    parts = sections(context.text)
    yield from _supplements(context.text, parts)
    placed = [_placed(context, part) for part in parts]
    for site in distinct([site for found in placed for site in found]):
        detail = site.detail(context.text)
        span = site.start, site.end
        yield Fact("specimen", site.name, span, Certainty.DEFINITE, "pathology", detail)
    labels = _labels(context, parts)
    for group in _GROUPS:
        blocks = [
            block
            for part, found in zip(parts, placed, strict=True)
            if part.kind in group
            for block in _blocks(context, part, found, labels)
        ]
        if readings := merged(context, blocks):
            yield from (fact(site, reading, "pathology") for site, reading in readings)
            return


def fact(site: Site | None, reading: Reading, rule: str) -> Fact:
    """A diagnosis as a fact; the site is the specimen's."""
    detail = {
        "behaviour": reading.behaviour,
        "keratinizing": reading.keratinizing,
        "differentiation": reading.differentiation,
        "npc_metastasis": _metastasis(site, reading),
        "site": site.name if site else None,
        "side": site.side if site else None,
    }
    return Fact("diagnosis", reading.value, reading.span, reading.certainty, rule, detail)


def _metastasis(site: Site | None, reading: Reading) -> bool | None:
    """Whether it is one of the nasopharyngeal carcinoma: told, or non-keratinizing elsewhere."""
    if site and site.name == "nasopharynx":
        return None
    elsewhere = site is not None and site.name not in ("skull_base", "other")
    if elsewhere and reading.value == "8072/3" and reading.certainty >= Certainty.PROBABLE:
        return True
    return reading.npc_metastasis


def distinct(found: list[Site]) -> list[Site]:
    """The sites told, each once: a mention that tells less is one with that which tells more."""
    kept: list[Site] = []
    for site in found:
        place = next((n for n, other in enumerate(kept) if other.same(site)), None)
        if place is None:
            kept.append(site)
        elif bool(site.side) + bool(site.region) > bool(kept[place].side) + bool(
            kept[place].region
        ):
            kept[place] = site
    return kept


def merged(context: Context, blocks: list[Block]) -> list[tuple[Site | None, Reading]]:
    """One reading for each specimen: what is told twice of one, in two sections, is one."""
    kept: list[Block] = []
    for block in blocks:
        block.reading = read(context, block.pieces)
        if not block.reading:
            continue
        if other := _partner(kept, block):
            other.site = other.site or block.site
            if len(other.pieces) < _MOST:
                other.pieces += block.pieces
                other.reading = read(context, other.pieces)
        else:
            kept.append(block)
    return [(block.site, block.reading) for block in kept if block.reading]


def _partner(kept: list[Block], block: Block) -> Block | None:
    """The block of the same specimen: of those that may be, the one that says the same."""
    new = block.reading
    may = [b for b in kept if not b.site or not block.site or b.site.same(block.site)]
    same = [b for b in may if b.reading and new and b.reading.value == new.value]
    alike = [b for b in may if b.reading and new and b.reading.behaviour == new.behaviour]
    exact = [b for b in may if b.site and block.site and b.site.side == block.site.side]
    return next(iter([b for b in same if b in alike] or alike or exact), None)


def _supplements(text: str, parts: list[Section]) -> Iterator[Fact]:
    told = any(word in text for word in _SUPPLEMENTED)
    if told and (found := _SUPPLEMENT.search(text)):
        yield Fact("supplement", True, found.span(), Certainty.DEFINITE, "supplement")


def _specimens(context: Context, part: Section) -> Iterator[Site]:
    """The sites of a section that tissue came from."""
    if part.kind in ("skip", "gross", "micro"):
        return
    text = context.text
    for site in sites(text, part.start, part.end):
        if _NO_SPECIMEN_AFTER.match(text, site.end, min(site.end + 10, part.end)):
            continue
        if _NO_SPECIMEN_BEFORE.search(text, max(site.start - 8, 0), site.start):
            continue
        if context.says("hypothetical", site.start, site.end):
            continue
        begins = _BEGINS.search(text, max(site.start - 3, 0), site.start)
        if site.name == "lymph_node" and not begins:
            begins = _BESIDE.search(text, max(site.start - 14, part.start), site.start)
        tissue = _OF_TISSUE.search(text, site.start, site.end) or _TISSUE.match(
            text, site.end, part.end
        )
        named = _NAMED.search(text, max(site.start - 24, part.start), site.start)
        if part.kind == "specimen" or named or (begins and tissue):
            yield site


def _placed(context: Context, part: Section) -> list[Site]:
    """The specimens of a section, and the sides of them that it tells apart."""
    told = list(_specimens(context, part))
    return [*told, *_sides(context, part, told)] if told else told


def _sides(context: Context, part: Section, told: list[Site]) -> Iterator[Site]:
    """左侧-..., 右侧:...: the sides of the specimen named before, each by itself."""
    last: Site | None = None
    for found in _SIDE.finditer(context.text, part.start, part.end):
        last = next((s for s in reversed(told) if s.end <= found.start()), last)
        if last and not last.side:
            side = "left" if found["side"] == "左" else "right"
            yield last._replace(start=found.start("side"), end=found.end("side") + 1, side=side)


def _labels(context: Context, parts: list[Section]) -> dict[str, Site]:
    """The specimens by their number or letter, where they are listed before the diagnoses."""
    found: dict[str, Site] = {}
    for part in parts:
        if part.kind != "specimen":
            continue
        for site in sites(context.text, part.start, part.end):
            key = _KEY.search(context.text, max(site.start - 6, part.start), site.start)
            if key:
                found.setdefault(key["key"], site)
    return found if len(found) > 1 else {}


def _blocks(
    context: Context, part: Section, placed: list[Site], labels: dict[str, Site]
) -> Iterator[Block]:
    """The stretches of a section that are about one specimen each."""
    marks: list[tuple[int, Site | None]] = []
    text = context.text
    head = _HEAD.match(text, part.start, part.end) if labels else None
    starts = [head.end()] if head else []
    for start, _ in context.sentences[context.sentence(part.start) :]:
        if start >= part.end:
            break
        if start >= part.start:
            starts.append(start)
    for start in starts:
        if _ITEM.match(text, start):
            key = _KEYED.match(text, start) if labels else None
            marks.append((start, labels.get(key[1]) if key else None))
    marks += [(_opening(text, site), site) for site in placed]
    marks.sort(key=lambda mark: mark[0])
    block, start = Block(None), part.start
    for place, site in marks:
        listed = site is not None and site.start != place and site.end <= part.start
        if site and not listed and (not block.site or block.site.same(site)):
            if not block.site or (site.side and not block.site.side):
                block.site = site
            continue
        block.pieces += pieces(context, start, place, part.kind == "supplement")
        yield block
        block, start = Block(site), place
    block.pieces += pieces(context, start, part.end, part.kind == "supplement")
    yield block


def _opening(text: str, site: Site) -> int:
    return site.start - 1 if text[site.start - 1 : site.start] in tuple("([【<《") else site.start
