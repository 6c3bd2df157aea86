"""Near misses: each function turns an eligible plan into one that fails exactly one rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from etl.synthetic import calendar
from etl.synthetic.chance import Chance
from etl.synthetic.course import Course, Lesion

Change = Callable[[Chance, Course], None]
_CHANGES: dict[str, Change] = {}


def violate(chance: Chance, course: Course, name: str, born: int) -> int:
    """Apply a named violation to the plan; returns the (perhaps changed) birth day."""
    course.violations.append(name)
    if name == "i1_minor":
        return (course.index_on or 0) - chance.between(5900, 6500)
    if name in _CHANGES:
        _CHANGES[name](chance, course)
    else:
        # The chart itself acts on these by name: drugs withheld, codes and notes added.
        course.extras[name] = 1
    return born


def _change(*names: str) -> Callable[[Change], Change]:
    def register(function: Change) -> Change:
        for name in names:
            _CHANGES[name] = function
        return function

    return register


def _elsewhere_only(lesions: list[Lesion], chance: Chance) -> list[Lesion]:
    others = [lesion for lesion in lesions if not lesion.is_thoracic]
    return others or [Lesion("liver", "S6", chance.between(15, 40))]


@_change("p1_code_only")
def _code_only(chance: Chance, course: Course) -> None:
    course.lesions = _elsewhere_only(course.lesions, chance)
    course.thoracic_rt = None
    course.is_lung_biopsied = False
    course.extras["p1_code_only"] = 1


@_change("p1_possible_only")
def _possible_only(chance: Chance, course: Course) -> None:
    is_many = chance.yes(0.5)
    nodule = Lesion("lung", "右肺下叶", chance.between(11, 18), "possible", is_many=is_many)
    course.lesions = [nodule, *_elsewhere_only(course.lesions, chance)]
    course.thoracic_rt = None
    course.is_lung_biopsied = False


@_change("p2_pdl1")
def _pdl1(chance: Chance, course: Course) -> None:
    course.pd1 = chance.pick(["atezolizumab", "durvalumab", "sugemalimab"])


@_change("p2_bispecific")
def _bispecific(chance: Chance, course: Course) -> None:
    course.pd1 = "cadonilimab"


@_change("p2_alone")
def _alone(chance: Chance, course: Course) -> None:
    course.regimen = None


@_change("i2_kps50")
def _kps50(chance: Chance, course: Course) -> None:
    course.kps, course.ecog = chance.pick([40, 50]), None


@_change("i2_ecog2", "i2_ecog3", "i2_missing")
def _ecog(chance: Chance, course: Course) -> None:
    course.kps = None
    course.ecog = {"i2_ecog2": 2, "i2_ecog3": 3}.get(course.violations[-1])


@_change("i3_adenocarcinoma", "i3_nos", "i3_none")
def _histology(chance: Chance, course: Course) -> None:
    course.histology = course.violations[-1].removeprefix("i3_")
    course.eber = False
    course.is_lung_biopsied = False


def _move_primary(course: Course, end: int) -> None:
    """Shift the primary treatment so that it ends near `end` (same weekdays)."""
    if course.primary is None:
        return
    shift = (end - course.primary.end) // 7 * 7
    course.primary.start += shift
    course.primary.end += shift
    course.diagnosed_on += shift
    course.primary_end = course.primary.end
    course.adjuvant_cycles = 0


@_change("i4_early")
def _early(chance: Chance, course: Course) -> None:
    _move_primary(course, (course.metastasis_on or 0) - chance.between(60, 165))
    if not course.is_here:
        course.primary_end_wording = "day"


@_change("i4_de_novo")
def _de_novo(chance: Chance, course: Course) -> None:
    # Metastatic at diagnosis: staging finds it, the nasopharynx is irradiated later if at all.
    course.is_here = True
    course.primary = None
    course.primary_end = None
    course.induction, course.induction_cycles, course.adjuvant_cycles = "none", 0, 0
    course.concurrent = "none"
    course.diagnosed_on = (course.metastasis_on or 0) - 3
    t, n, _, _ = course.stage
    course.stage = (t, n, "M1", "IVB")


@_change("i4_undated")
def _undated(chance: Chance, course: Course) -> None:
    course.is_here = False
    course.adjuvant_cycles = 0
    course.primary_end_wording = "none"


@_change("i4_month")
def _month(chance: Chance, course: Course) -> None:
    """The month told lies across the day 183 days before the metastasis."""
    course.is_here = False
    target = (course.metastasis_on or 0) - 184
    if date.fromordinal(target).day > 24:
        target -= 6
    first, last = calendar.month_bounds(target)
    _move_primary(course, target)
    course.primary_end = min(max(target, first), last)
    course.primary_end_wording = "month"


@_change("i5_small")
def _small(chance: Chance, course: Course) -> None:
    keep = [lesion for lesion in course.lesions if not lesion.is_thoracic]
    is_many = chance.yes(0.5)
    lesion = Lesion("lung", "右肺下叶", chance.between(5, 9), "probable", "small", is_many)
    course.lesions = [lesion, *keep]


@_change("i5_effusion")
def _effusion(chance: Chance, course: Course) -> None:
    keep = [lesion for lesion in course.lesions if not lesion.is_thoracic]
    lesion = Lesion("pleura", chance.pick(["左", "右"]), None, "probable", "effusion")
    course.lesions = [lesion, *keep]
    course.thoracic_rt = None
    course.is_lung_biopsied = False


@_change("i5_unsized")
def _unsized(chance: Chance, course: Course) -> None:
    keep = [lesion for lesion in course.lesions if not lesion.is_thoracic]
    is_many = chance.yes(0.5)
    course.lesions = [Lesion("lung", "左肺下叶", None, "probable", "unsized", is_many), *keep]


@_change("i5_plain")
def _plain(chance: Chance, course: Course) -> None:
    course.modality = "chest_plain"


@_change("i6_anc", "i6_plt", "i6_hgb", "i6_alt", "i6_tbil", "i6_crea")
def _labs(chance: Chance, course: Course) -> None:
    name = course.violations[-1].removeprefix("i6_")
    course.labs = {
        "anc": {"NEUT#": "1.12", "WBC": "2.30"},
        "plt": {"PLT": str(chance.between(58, 92))},
        "hgb": {"HGB": str(chance.between(68, 86))},
        "alt": {"ALT": str(chance.between(280, 420)), "AST": str(chance.between(230, 300))},
        "tbil": {"TBIL": f"{chance.within(42, 66):.1f}"},
        "crea": {"CREA": f"{chance.within(190, 260):.1f}", "eGFR": "31.0"},
    }[name]


@_change("i6_missing")
def _no_labs(chance: Chance, course: Course) -> None:
    course.has_baseline_labs = False


@_change("e2_recurrence")
def _recurrence(chance: Chance, course: Course) -> None:
    course.recurrence_on = (course.metastasis_on or 0) - chance.between(0, 3)


@_change("e4_symptomatic", "e4_unstated")
def _brain(chance: Chance, course: Course) -> None:
    place = chance.pick(["右侧额叶", "左侧顶叶"])
    course.lesions.append(Lesion("brain", place, chance.between(11, 28), "definite"))
    course.extras[course.violations[-1]] = 1


@_change("e3_chemo")
def _earlier_chemo(chance: Chance, course: Course) -> None:
    """Found earlier and first treated with chemotherapy alone."""
    course.extras["e3_chemo"] = 1
    course.extras["rescan"] = 1
    course.metastasis_on = (course.index_on or 0) - chance.between(110, 150)
    latest = course.metastasis_on - 200
    if course.primary_end and course.primary_end > latest:
        _move_primary(course, latest)
