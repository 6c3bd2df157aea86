"""Recurrence and progression told in notes, where and when."""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.specimen import sites
from etl.notes.told import certainty, clause, date_of, planned, sentence

_RECURRENCE = re.compile(r"复发(?!风险|率|转移风险|[^,。;]{0,2}监测|可能性)")
_NO_RECURRENCE = re.compile(
    r"(?:预防|防止|避免|警惕|监测|有无|是否|排除|降低|减少)[^,。;]{0,8}$|风险[^,。;]{0,2}$"
)
_DENIED = re.compile(r"(?:未见|无|未发现|未提示|未再)[^,。;\n见示]{0,16}$")
_PROGRESSION = re.compile(
    r"[疾病肿癌临][病情瘤变症床](?:再次|明显|持续|快速|继续|出现|较前|有所)?(?:进展|恶化)(?!期|可能|风险|时间|缓慢)"
    r"|转移(?:灶|瘤)?(?:较前|明显|再次|又){0,2}(?:增大|长大|增多)|[再又][次度]?(?:出现)?进展|(?:提示|考虑|判定|判断|证实)为?进展|(?:是|有|又)进展了|(?P<site>[灶瘤块节物][^,。;\n]{0,6}进展)"
)
_CAUSE = re.compile(r"(?:死因|死亡原因|原因|死于|疗效|评效|评价|评[估定])[^,。;\n]{0,8}$")
_DIED = re.compile(r"[^,。;\n]{0,24}(?:死亡|去世|病故|离世|过世|逝世)")
_NEW = re.compile(
    r"(?P<verb>出现|新发|新出现|新增|发生|并发|进展为|(?<!初诊)发现)[^,。;:\n]{0,14}?转移(?!癌?可能|[^,。;]{0,2}风险)|[^,。;:\n、及和无未]{1,8}(?:新发|上有|又有)[^,。;:\n]{0,4}转移"
)
_LYMPH = re.compile(r"区域|颈部?|淋巴结")


def recurrence(context: Context, on: date | None) -> Iterator[Fact]:
    """Recurrences, present and denied, at the site told nearest before in the clause."""
    text = context.text
    if "复发" not in text:
        return
    for found in _RECURRENCE.finditer(text):
        first, last = clause(context, found.start())
        before = text[max(first, found.start() - 60) : found.start()]
        sure = certainty(context, *found.span())
        if _DENIED.search(before):
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
        detail = {"date": day} if sure != Certainty.NEGATED else {}
        value = site if sure != Certainty.NEGATED else None
        yield Fact("recurrence", value, (start, found.end()), sure, "recurrence", detail)


def _place(context: Context, first: int, place: int, last: int) -> tuple[str | None, int]:
    """The site of a recurrence, and where its words begin: 局部 is nasopharynx, 区域 the neck."""
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
        if _DIED.match(text, found.end()):
            continue
        value = "disease"
        if found["site"] or found[0].startswith("转移"):
            near = [s for s in sites(text, first, found.end()) if s.name != "nasopharynx"]
            value = near[-1].name if near else "disease"
        yield from _fact(context, on, value, found.start(), found.end())
    for place in _metastases(text):
        new = _NEW.search(text, max(place - 20, 0), place + 2)
        if not new:
            continue
        told = {site.name for site in sites(text, *new.span()) if site.name != "other"}
        for name in sorted(told - {"nasopharynx"}):
            yield from _fact(context, on, name, *new.span())


def _metastases(text: str) -> Iterator[int]:
    """Where 转移 stands."""
    place = text.find("转移")
    while place >= 0:
        yield place
        place = text.find("转移", place + 2)


def _fact(context: Context, on: date | None, value: str, start: int, end: int) -> Iterator[Fact]:
    if context.says("other_person", start, end) or planned(context, start):
        return
    sure = certainty(context, start, end)
    if sure == Certainty.NEGATED:
        return
    _, day = date_of(context, on, start, end, closing=False)
    yield Fact("progression", value, (start, end), sure, "progression", {"date": day})
