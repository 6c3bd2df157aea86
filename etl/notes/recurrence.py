"""Recurrence told in notes, present or denied, where and when."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.specimen import Site, sites
from etl.notes.told import certainty, clause, date_of, planned, sentence

_RECURRENCE = re.compile(
    r"(?<=次)复发(?:时间|日期)?|复发(?!风险|率|转移风险|[^,。;]{0,2}监测|可能性|时间|日期)|再发(?!性|育)"
)
# Of another illness: 带状疱疹复发, 房颤复发.
_ILLNESS = re.compile(
    r"(?:炎|疹|颤动?|哮喘|结核|溃疡|癫痫|痛|症状|症|心衰|痛风|咳嗽|出血|感染|积液|水肿|息肉|结石|抑郁|发热)(?:再次|反复)?$"
)
_TUMOUR = re.compile("癌|瘤|肿|鼻咽|淋巴结|颅底|转移")
_STUDIED = re.compile(r"[^,。;]{0,10}(?:登记|研究|试验|队列)")
# 第二次复发2020年11月(鼻咽): when and where stand after it.
_THEN = re.compile(r"\s?[:为于是]?\s?(?=\d{2,4}[年./-])")
_THERE = re.compile(r"[^,。;()]{0,12}\(([^()]{1,12})\)")
_RESTAGED = re.compile(r"rT(?P<t>[0-4])[a-d]?\s?N")
_BACK = 40
_FORM = re.compile(r"复发\s?(?:转移)?[:]\s?(?:无|否|未)")
_BED = re.compile(r"(?:瘤床|原发[灶部]位?|原位|鼻咽)[^,。;]{0,6}$")
_CONCLUDED = re.compile(
    r"[\s,]*(?:故|仍|均|首先|病理|活检|穿刺)?(?:考虑|符合|提示|证实|诊断|明确|倾向|系|为|示|是)"
)
_AND = re.compile(r"[部区]?(?:及|和|、|与|伴)(?:同侧|对侧)?")
_WHEN = re.compile(r"复发(?:时间|日期)[:为]?")
_NO_RECURRENCE = re.compile(
    r"(?:交代|告知)[^,。;]{0,4}$|(?:担心|担忧|怕|预防|防止|避免|警惕|监测|有无|是否|(?<![不能以未])排除|降低|减少)[^,。;]{0,8}$|风险[^,。;]{0,2}$"
)
_DENIED = re.compile(r"(?:未见|无|未发现|未提示|未再)[^,。;\n见示]{0,16}$")


def recurrence(context: Context, on: date | None) -> Iterator[Fact]:
    """Recurrences, present and denied, at the site told nearest before in the clause."""
    text = context.text
    if "复发" not in text and "再发" not in text:
        return
    known: str | None = None
    for found in _RECURRENCE.finditer(text):
        first, last = clause(context, found.start())
        before = text[max(first, found.start() - 60) : found.start()]
        sure = certainty(context, *found.span())
        if _DENIED.search(before):
            sure = Certainty.NEGATED
        if found[0] == "再发" and not _TUMOUR.search(before):
            continue
        if _ILLNESS.search(before):
            continue
        if _STUDIED.match(text, found.end()):
            continue
        if _FORM.match(text, found.start()):
            sure = Certainty.NEGATED
        if context.says("other_person", *found.span()) or _NO_RECURRENCE.search(before):
            continue
        if sure != Certainty.NEGATED and planned(context, found.start()):
            continue
        site, start = _place(context, first, found.start(), last)
        _, day = date_of(context, on, start, found.end(), closing=False)
        if not day and text[found.end() : found.end() + 1] == ":":
            _, day = date_of(context, on, found.end() + 12, found.end() + 13, closing=False)
            site = _place(context, found.end(), found.end() + 1, found.end() + 24)[0] or site
        if _THEN.match(text, found.end()):
            _, after = date_of(context, on, found.start(), found.end() + 12, closing=False)
            day = after or day
            if there := _THERE.match(text, found.end()):
                site = next((s.name for s in sites(text, *there.span(1))), site)
        site = site or known
        known = site if sure != Certainty.NEGATED else known
        if not day and (told := _WHEN.search(text, found.end(), found.end() + 24)):
            _, day = date_of(context, on, told.end() + 11, told.end() + 12, closing=False)
        detail = {"date": day} if sure != Certainty.NEGATED else {}
        span = start, found.end()
        yield Fact("recurrence", site, span, sure, "recurrence", detail)
        if also := _beside(text, first, start):
            yield Fact("recurrence", also.name, (also.start, span[1]), sure, "recurrence", detail)


def _beside(text: str, first: int, place: int) -> Site | None:
    """鼻咽及颈部复发: the site that is told with the one at a place."""
    before = [site for site in sites(text, first, place) if site.name != "other"]
    linked = before and _AND.fullmatch(text, before[-1].end, place)
    return before[-1] if linked else None


def _place(context: Context, first: int, place: int, last: int) -> tuple[str | None, int]:
    """The site of a recurrence, and where its words begin: 局部 is nasopharynx, 区域 the neck."""
    text = context.text
    before = [site for site in sites(text, first, place) if site.name != "other"]
    words = text[first:place]
    if not before and _CONCLUDED.match(words):
        # 右颈淋巴结肿大,考虑复发: of what the clause before names.
        begin = max(sentence(context, place)[0], first - _BACK)
        known = ("nasopharynx", "lymph_node", "skull_base")
        before = [site for site in sites(text, begin, first) if site.name in known]
    if before:
        site = before[-1]
        local = re.search(r"局部|原位", text[site.end : place])
        if site.name == "nasopharynx" or not local:
            region = re.search(r"区域(?!性)", text[site.end : place])
            return ("lymph_node" if region else site.name), site.start
    if bed := _BED.search(words):
        return "nasopharynx", first + bed.start()
    if local := re.search(r"(?:局部|原位|区域|局部区域)[^,。;]{0,4}$", words):
        site_name = "lymph_node" if local[0].startswith("区域") else "nasopharynx"
        return site_name, first + local.start()
    after = [s for s in sites(text, place, min(last, place + 14)) if s.name != "other"]
    if after:
        return after[0].name, place
    start, end = sentence(context, place)
    if restaged := _RESTAGED.search(text, start, place):
        return ("lymph_node" if restaged["t"] == "0" else "nasopharynx"), place
    return ("nasopharynx" if "鼻咽" in text[start:end] else None), place
