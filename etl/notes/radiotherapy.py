"""Radiotherapy told in text: DT6800CGY/30F/7.5W, GTV60GY/30F/42D, 69.96Gy/33次, or only its end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from etl.notes.context import Context
from etl.notes.fact import Certainty, Fact
from etl.notes.specimen import Site, sites
from etl.notes.told import clause, date_of, denied, elsewhere, planned, sentence

_TARGET = r"(?P<target>(?:P(?=[GC]?TV))?[GC]?TV\s?-?(?P<which>nx|NX|Nx|nd|ND|Nd|[npt]|ln|LN|rpn|RPN|lung|bone|[lm]|)(?:\d(?=[\s:(]))?[a-zA-Z]{0,3}?|DT|Dt|TD)?"
_DOSE = re.compile(
    _TARGET + r"(?:\([^()]{0,12}\))?\s?[::为=约]{0,2}\s?(?P<dose>\d{1,4}(?:\.\d{1,2})?)\s?(?:[-~]\s?(?P<upper>\d{2,4}(?:\.\d{1,2})?)\s?)?"
    r"(?P<unit>[cC][gG][yY]|[gG][yY]|戈瑞|厘戈瑞)(?:\s?[/(,、]?\s?(?:共|分)?\s?(?P<f>\d{1,2})\s?(?P<fu>[fF][xX]?|次|分次)(?![A-Za-z]))?"
)
_PREFIX = re.compile(r"(?P<f>\d{1,2})\s?(?:次|[fF])[^,。;\d]{0,8}[,(]?[^,。;\d]{0,8}$")
_NO_UNIT = re.compile(r"DT\s?(?P<dose>[3-7]\d{3})\s?/\s?(?P<f>\d{1,2})\s?(?:[fF]|次)")
_WORD = re.compile(r"放疗|放射治疗|IMRT|VMAT|TOMO|SBRT|SABR|SRS|照射|放化疗|调强|伽马刀|γ刀|射波刀|再程|质子|近距离|后装")
_NO_WORD = re.compile(
    r"\s?(?:后(?![,、]?[^,。;]{0,12}结束)|前|期间|中(?!心医院)|科|过程|反应|所致|相关|区|野|机|计划|技术|性|指征|禁忌|敏感|增敏|小结|小组|中心|定位|术后|[^,。;]{0,2}病史)"
)
_VERB = re.compile(r"行|予|接受|完成|给予|开始|结束|进行|末次|实施|采用|于|在|起")
_FRACTION = re.compile(r"\s?(?:/\s?(?:次|[fF](?!\d))|×|每次)")
# What is irradiated, where an earlier clause names it: T8椎体转移, 脑转移灶.
_LESION = re.compile(r"[^,。;\n]{0,6}(?:转移|病灶|灶|骨质破坏|寡转移|疼痛|肿块|占位)")
_NODE = {"nd", "n", "ln", "rpn"}


@dataclass
class _Course:
    """A dose or a mention in one sentence, on its way to a fact."""

    site: str
    start: int
    end: int
    dose: float | None = None
    fractions: int | None = None
    begun: str | None = None
    ended: str | None = None
    elsewhere: bool | None = None
    elective: bool = False


def radiotherapy(context: Context, on: date | None) -> Iterator[Fact]:
    """The courses that a note tells as given, the highest dose of each site and course."""
    courses: list[_Course] = []
    for course in _mentions(context, on):
        last = courses[-1] if courses else None
        near = last and course.start - last.end < 120
        if near and last and course.dose is None and (not last.ended or not course.ended or last.ended == course.ended):
            last.begun, last.ended = last.begun or course.begun, last.ended or course.ended
            last.elsewhere = last.elsewhere or course.elsewhere
            for other in courses[:-1]:
                if last.start - other.end < 80 and not other.ended:
                    other.begun, other.ended = last.begun, last.ended
            continue
        if near and last and last.dose is None and course.dose is not None:
            same = not last.ended or not course.ended or last.ended == course.ended
            if same and last.site == course.site:
                course.start, course.ended = last.start, course.ended or last.ended
                course.begun, course.elsewhere = course.begun or last.begun, course.elsewhere or last.elsewhere
                courses[-1] = course
                continue
        courses.append(course)
    for course in courses:
        if course.dose is None and not course.ended and not course.elsewhere:
            continue
        detail = {
            "dose_gy": course.dose,
            "fractions": course.fractions,
            "start": course.begun,
            "date": course.ended,
            "elsewhere": course.elsewhere,
        }
        span = course.start, course.end
        yield Fact("radiotherapy", course.site, span, Certainty.DEFINITE, "radiotherapy", detail)


def _mentions(context: Context, on: date | None) -> Iterator[_Course]:
    text = context.text
    seen = -1
    doses = [*_DOSE.finditer(text), *_NO_UNIT.finditer(text)]
    words = [m for m in _WORD.finditer(text)]
    for found in sorted([*doses, *words], key=lambda match: match.start()):
        if found.start() < seen:
            continue
        if found.re is _WORD:
            course = _word(context, found)
        else:
            course = _dosed(context, found)
        if not course:
            continue
        seen = found.end()
        if planned(context, course.start, whole=found.re is not _WORD) and not _over(context, course.end):
            continue
        course.begun, course.ended = date_of(context, on, course.start, course.end)
        first, _ = sentence(context, course.start)
        course.elsewhere = elsewhere(context, first, course.end + 16)
        yield course


def _over(context: Context, end: int) -> bool:
    last = sentence(context, end)[1]
    return bool(re.search(r"已[^,。;]{0,10}(?:结束|完成)|放疗结束", context.text[end:last]))


def _dosed(context: Context, found: re.Match[str]) -> _Course | None:
    """A course by its dose; None for a dose of one fraction, an elective volume, a limit."""
    text = context.text
    groups = found.groupdict()
    dose = float(groups.get("upper") or found["dose"])
    if (groups.get("unit") or "cgy").lower() in ("cgy", "厘戈瑞"):
        dose /= 100
    if dose < 8 and (_FRACTION.match(text, found.end()) or dose < 4):
        return None
    target, which = groups.get("target") or "", (groups.get("which") or "").lower()
    if not 4 <= dose <= 120 or re.match(r"P?CTV", target) or re.match(r"P?TV\d", target):
        return None
    if re.search(r"[Dd](?:max|mean)|V\d{1,2}|限量|脊髓|脑干|受量", text[max(found.start() - 10, 0) : found.start()]):
        return None
    fractions = found["f"]
    if not fractions:
        before = _PREFIX.search(text, max(found.start() - 24, 0), found.start())
        after = re.match(r"\s?[,(/]?\s?(?:共|分)?(?:照射)?\s?(\d{1,2})\s?[次fF]", text[found.end() : found.end() + 12])
        fractions = after[1] if after else before["f"] if before else None
    site = "lymph_node" if which in _NODE and not re.match(r"P?GTVp", target) else _site(context, found.start())
    if which in ("nx", "p", "t"):
        site = "nasopharynx" if which == "nx" else site
    start = _told_from(context, found.start())
    return _Course(site, start, found.end(), round(dose, 2), int(fractions) if fractions else None)


def _word(context: Context, found: re.Match[str]) -> _Course | None:
    """A course by the word for it, where a verb tells that it was given."""
    text = context.text
    first, last = clause(context, found.start())
    end = found.end()
    if _NO_WORD.match(text, end) and not re.match(r"后?[^,。;]{0,4}结束|\(", text[end : end + 8]):
        return None
    around = text[first:last]
    if not _VERB.search(around) or denied(context, *found.span()):
        return None
    return _Course(_site(context, found.start()), found.start(), end)


def _told_from(context: Context, place: int) -> int:
    """Where the words for the course begin: 根治性放疗,DT….  A dose alone begins with itself."""
    first, _ = sentence(context, place)
    words = list(_WORD.finditer(context.text, max(first, place - 24), place))
    return words[-1].start() if words else place


def _site(context: Context, place: int) -> str:
    """The site nearest before a course in its sentence, else after it; else the nasopharynx."""
    text = context.text
    first, last = sentence(context, place)
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
    return "nasopharynx"


def _of_tumour(text: str, site: Site) -> bool:
    """Whether a site only names the tumour: 鼻咽癌."""
    return site.name == "nasopharynx" and text[site.end : site.end + 1] in ("癌", "恶")
