"""Recurrence and progression told in notes, where and when."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.specimen import sites
from etl.notes.told import clause, date_of, planned, sentence

_RECURRENCE = re.compile(r"复发(?!风险|率|转移风险|[^,。;]{0,2}监测|可能性)")
_NO_RECURRENCE = re.compile(r"(?:预防|防止|避免|警惕|监测|有无|是否|排除|降低|减少)[^,。;]{0,8}$|风险[^,。;]{0,2}$")
_PROGRESSION = re.compile(
    r"(?:疾病|病情|肿瘤|病变|癌症|临床)(?:再次|明显|持续|快速|继续|出现|较前|有所)?(?:进展|恶化)(?!期|可能|风险|时间|缓慢)|(?<![缓可])出现进展"
    r"|(?P<site>(?:病灶|转移灶|转移瘤|肿块|结节|肿物)[^,。;\n]{0,6}进展)"
)
_CAUSE = re.compile(r"(?:死因|死亡原因|原因|死于|疗效|评效|评价|评[估定])[^,。;\n]{0,8}$")
_NEW = re.compile(r"(?P<verb>出现|新发|新出现|新增|发生|并发|进展为)[^,。;:\n]{0,14}?转移(?!癌?可能|[^,。;]{0,2}风险)|[^,。;:\n、及和]{1,8}新发[^,。;:\n]{0,4}转移")
_LYMPH = re.compile(r"区域|颈部?|淋巴结")


def recurrence(context: Context, on: date | None) -> Iterator[Fact]:
    """Recurrences, present and denied, at the site told nearest before in the clause."""
    text = context.text
    for found in _RECURRENCE.finditer(text):
        first, last = clause(context, found.start())
        before = text[first : found.start()]
        sure = context.certainty(*found.span())
        if context.says("other_person", *found.span()) or _NO_RECURRENCE.search(before):
            continue
        if sure != Certainty.NEGATED and planned(context, found.start()):
            continue
        site, start = _place(context, first, found.start(), last)
        _, day = date_of(context, on, start, found.end(), closing=False)
        detail = {"date": day} if sure != Certainty.NEGATED else {}
        value = site if sure != Certainty.NEGATED else None
        yield Fact("recurrence", value, (start, found.end()), sure, "recurrence", detail)


def _place(context: Context, first: int, place: int, last: int) -> tuple[str | None, int]:
    """The site of a recurrence and where its words begin; 局部 is the nasopharynx, 区域 the neck."""
    text = context.text
    before = [site for site in sites(text, first, place) if site.name != "other"]
    words = text[first:place]
    if before:
        site = before[-1]
        local = re.search(r"局部|原位", text[site.end : place])
        if site.name == "nasopharynx" or not local:
            region = re.search(r"区域", text[site.end : place])
            return ("lymph_node" if region else site.name), site.start
    if local := re.search(r"(?:局部|原位|区域|局部区域)[^,。;]{0,4}$", words):
        site_name = "lymph_node" if local[0].startswith("区域") else "nasopharynx"
        return site_name, first + local.start()
    after = [s for s in sites(text, place, min(last, place + 14)) if s.name != "other"]
    if after:
        return after[0].name, place
    start, end = sentence(context, place)
    return ("nasopharynx" if "鼻咽" in text[start:end] else None), place


def progression(context: Context, on: date | None) -> Iterator[Fact]:
    """Progression as such, and each new metastasis, with its date."""
    text = context.text
    for found in _PROGRESSION.finditer(text):
        first, _ = clause(context, found.start())
        if _CAUSE.search(text, max(first, found.start() - 14), found.start()):
            continue
        value = "disease"
        if found["site"]:
            near = [s for s in sites(text, first, found.end()) if s.name != "nasopharynx"]
            value = near[-1].name if near else "disease"
        yield from _fact(context, on, value, found.start(), found.end())
    for found in _NEW.finditer(text):
        told = {site.name for site in sites(text, *found.span()) if site.name != "other"}
        for name in sorted(told - {"nasopharynx"}):
            yield from _fact(context, on, name, found.start(), found.end())


def _fact(context: Context, on: date | None, value: str, start: int, end: int) -> Iterator[Fact]:
    if context.says("other_person", start, end) or planned(context, start):
        return
    sure = context.certainty(start, end)
    if sure == Certainty.NEGATED:
        return
    _, day = date_of(context, on, start, end, closing=False)
    yield Fact("progression", value, (start, end), sure, "progression", {"date": day})
