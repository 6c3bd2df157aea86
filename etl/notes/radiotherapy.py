"""Radiotherapy told in text: courses given, with dose, fractions, site and end, or the end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from etl.notes.context import Context
from etl.notes.dose import Dose, doses
from etl.notes.fact import Certainty, Fact
from etl.notes.specimen import Site, sites
from etl.notes.told import clause, date_of, denied, elsewhere, planned, sentence

_WORD = re.compile(
    r"放疗|放射治疗|IMRT|VMAT|TOMO|SBRT|SABR|SRS|照射|照光|烤电|电疗|放化疗|调强|伽马刀|γ刀|射波刀|再程|质子|近距离|后装|照了光|粒子植入|起止时间"
)
# The word names the therapy and tells of none: 放疗后, 放疗科, 放疗反应.
_NO_WORD = re.compile(
    r"\s?(?:后(?![,、]?[^,。;]{0,12}结束)|前|期间|中(?!心医院)|科|过程|反应|所致|相关|区|野|机|计划|技术|性|指征|禁忌|敏感"
    r"|增敏|小结|小?组|中心|定位|术后|脑病|[^,。;]{0,2}病?史|[”\"][^,。;]{0,4}(?:研究|试验))"
)
_STILL = re.compile(r"后?[^,。;]{0,4}结束|\(")
_VERB = re.compile(r"行|予|接受|完成|给予|开始|结束|进行|末次|实施|采用|于|在|起|外院|医院")
# 2020年11月伽马刀: a date and the therapy, and nothing that says it is only spoken of.
_DATED = re.compile(r"(?:\d\s?[年月日号]?|年|月)[,、:]?[^,。;:\d]{0,8}$")
# 外院鼻咽癌放疗后: past, and given there; 外院MR示放疗后改变 is what an examination shows.
_SINCE = re.compile(r"后(?![^,。;]{0,3}(?:改变|反应|表现|状态|复查))")
_SHOWN = re.compile(r"示|见|CT|MR|PET|病理|考虑|符合")
# 有鼻咽癌放疗史.
_HISTORY = re.compile(r"(?:治疗)?病?史(?![料])")
_OVER = re.compile(r"已[^,。;]{0,10}(?:结束|完成)|放疗结束")
# What is irradiated, where an earlier clause names it: T8椎体转移, 脑转移灶.
_LESION = re.compile(
    r"[^,。;\n]{0,8}(?:转移|残留|灶|骨质破坏|疼痛|肿块|占位|放疗|放射治疗|照射|SBRT|SABR|SRS|γ刀|伽马刀|射波刀)"
)
_SPAN = re.compile(r"\s?[:为]?\s?\d{4}")
_NEAR, _COURSES = 120, 6
_PART = re.compile(r"(?:放疗|照射|治疗)(?:部位|范围|靶区)[:为]")
_LABEL = re.compile(
    r"(?:放疗|照射)?(?:(?P<ends>结束|完成|终止)|开始|起始)(?:日期|时间)[:为]?\s?(?=\d{4})"
)
_ONLY_DATES = re.compile(
    r"(?:于|自)?[\d年月日./,~至到→\s-]+(?:始|起|开始)?[\d年月日./,~至到→\s-]*(?:终|止|完|毕|结束|完成)"
    r"|(?:放疗|照射|治疗|起止)(?:起止)?(?:时间|日期)?[:为][\d年月日./~至到→\s-]+"
)
_SUMMARY, _DATES = 160, 40


@dataclass
class _Course:
    """A dose or a mention on its way to a fact."""

    site: str
    start: int
    end: int
    gy: float | None = None
    fractions: int | None = None
    begun: str | None = None
    ended: str | None = None
    elsewhere: bool | None = None
    past: bool = False

    def may_be(self, other: "_Course") -> bool:
        """Whether nothing told of the two courses' ends differs."""
        return not self.ended or not other.ended or self.ended == other.ended

    def take(self, other: "_Course") -> None:
        """Take over from another mention of the course what is not told of this one."""
        self.start, self.end = min(self.start, other.start), max(self.end, other.end)
        self.begun, self.ended = self.begun or other.begun, self.ended or other.ended
        self.elsewhere = self.elsewhere or other.elsewhere


def radiotherapy(context: Context, on: date | None) -> Iterator[Fact]:
    """The courses that a note tells as given; of one told twice the dose and the dates."""
    courses = _courses(context, on)
    told = [c for c in courses if c.gy is not None or c.ended or c.elsewhere]
    sites_told = {course.site for course in told}
    told += [c for c in courses if c.past and c.site not in sites_told][:1]
    for course in told:
        detail = {
            "dose_gy": course.gy,
            "fractions": course.fractions,
            "start": course.begun,
            "date": course.ended,
            "elsewhere": course.elsewhere,
        }
        span = course.start, course.end
        yield Fact("radiotherapy", course.site, span, Certainty.DEFINITE, "radiotherapy", detail)


def _courses(context: Context, on: date | None) -> list[_Course]:
    """The mentions, those of one course joined: its word and its dose, its doses and its dates."""
    courses: list[_Course] = []
    for course in _mentions(context, on):
        last = courses[-1] if courses else None
        if not last or course.start - last.end >= _NEAR or not last.may_be(course):
            courses.append(course)
        elif course.gy is None:
            last.take(course)
            for other in courses[-_COURSES:-1]:
                if last.start - other.end < _NEAR and not other.ended:
                    other.begun, other.ended = last.begun, last.ended
        elif last.gy is None or (last.site, last.gy) == (course.site, course.gy):
            course.take(last)
            courses[-1] = course
        else:
            courses.append(course)
    if courses and not any(course.ended for course in courses):
        for course in courses:
            _labelled(context, on, course, courses[-1].end)
    return courses


def _mentions(context: Context, on: date | None) -> Iterator[_Course]:
    """The doses and the words for radiotherapy, in order, what is only planned left out."""
    text = context.text
    found: list[tuple[int, int, Dose | None]] = [(d.start, d.end, d) for d in doses(text)]
    found += [(*word.span(), None) for word in _WORD.finditer(text)]
    for start, end, dose in sorted(found, key=lambda one: one[:2]):
        past = not dose and _of_history(context, start, end)
        if not dose and not past and not _given(context, start, end):
            continue
        if planned(context, start, whole=bool(dose)):
            last = sentence(context, end)[1]
            if not _OVER.search(text, end, last):
                continue
        first = _told_from(context, start) if dose else start
        course = _Course(dose.site if dose and dose.site else _site(context, start), first, end)
        course.past = past
        if dose:
            course.gy, course.fractions = dose.gy, dose.fractions
        course.begun, course.ended = date_of(context, on, first, end)
        course.elsewhere = elsewhere(context, sentence(context, first)[0], end + 16)
        yield course


def _given(context: Context, start: int, end: int) -> bool:
    """Whether the word for radiotherapy tells that it was given."""
    text = context.text
    first, last = clause(context, start)
    if _NO_WORD.match(text, end) and not _STILL.match(text, end, end + 8):
        there = _SINCE.match(text, end) and elsewhere(context, first, start)
        if not there or _SHOWN.search(text, first, start):
            return False
    if text[end - 2 : end] == "时间":
        return _SPAN.match(text, end) is not None
    said = _VERB.search(text, first, last) or _DATED.search(text, max(first, start - 12), start)
    return bool(said) and not denied(context, start, end)


def _of_history(context: Context, start: int, end: int) -> bool:
    """Whether a history of radiotherapy for the nasopharyngeal carcinoma is told, no more."""
    if not _HISTORY.match(context.text, end):
        return False
    said = context.text[clause(context, start)[0] : start]
    return ("鼻咽" in said or "NPC" in said) and not denied(context, start, end)


def _told_from(context: Context, place: int) -> int:
    """Where the words for the course begin: 根治性放疗,DT….  A dose alone begins with itself."""
    first, _ = sentence(context, place)
    words = list(_WORD.finditer(context.text, max(first, place - 24), place))
    return words[-1].start() if words else place


def _site(context: Context, place: int) -> str:
    """The site nearest before a course in its sentence, else after it; else the nasopharynx."""
    text = context.text
    first, _ = sentence(context, place)
    own = clause(context, place)
    for start, end in ((own[0], place), (place, min(own[1], place + 20)), (first, own[0])):
        found = [site for site in sites(text, start, end) if site.name != "other"]
        treated = [site for site in found if not _of_tumour(text, site)]
        if end == own[0]:
            treated = [site for site in treated if _LESION.match(text, site.end)]
        if any(site.name == "nasopharynx" for site in treated):
            return "nasopharynx"
        if treated:
            return treated[-1].name
    for label in _PART.finditer(text, max(place - _SUMMARY, 0), place):
        _, end = sentence(context, label.end())
        if named := [site for site in sites(text, label.end(), end) if site.name != "other"]:
            return named[0].name
    return "nasopharynx"


def _labelled(context: Context, on: date | None, course: _Course, place: int) -> None:
    """The dates that a summary tells under labels: 开始日期2023-02-06,结束日期2023-02-24."""
    for label in _LABEL.finditer(context.text, place, place + _SUMMARY):
        _, day = date_of(context, on, label.start(), label.end() + 10, closing=False)
        if label["ends"]:
            course.ended = course.ended or day
        else:
            course.begun = course.begun or day
    number = context.sentence(place) + 1
    if course.ended or number >= len(context.sentences):
        return
    # …70Gy/33F;2020-10-12始,11-25终: a sentence that is but the dates.
    start, end = context.sentences[number]
    if end - start <= _DATES and _ONLY_DATES.fullmatch(context.text, start, end):
        course.begun, course.ended = date_of(context, on, end - 1, end, closing=False)


def _of_tumour(text: str, site: Site) -> bool:
    """Whether a site only names the tumour: 鼻咽癌."""
    return site.name == "nasopharynx" and text[site.end : site.end + 1] in ("癌", "恶")
