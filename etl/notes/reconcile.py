"""Findings and impression of one report: the same lesion told twice is one lesion.

The impression says what it is and how sure that is, the findings how large it is; either may come
first. "双肺两枚结节,考虑转移" speaks of both nodules described before.
"""

from collections.abc import Iterable

from etl.notes.lesion import VARIANT, Lesion
from etl.notes.site import within

# "另见" tells of another lesion than those of the sentences just before.
_NEAR = 2


def reconciled(lesions: Iterable[Lesion]) -> list[Lesion]:
    """The lesions of a report, each once, in order of place."""
    kept: list[Lesion] = []
    by_site: dict[str, list[Lesion]] = {}
    # First what was measured, then what names its lobe, last what speaks of all.
    for lesion in sorted(
        lesions, key=lambda one: (not (one.size or one.suv), not one.parts, one.start)
    ):
        if lesion.negated:
            kept.append(lesion)
            continue
        others = by_site.setdefault(lesion.site, [])
        # A report names few lesions of an organ; a hostile text is not compared without end.
        hilar = by_site.get("mediastinum", []) if _hilar(lesion) else []
        same = [other for other in (*others[:40], *hilar[:40]) if _same(other, lesion)]
        if not same:
            kept.append(lesion)
            others.append(lesion)
            continue
        if not lesion.plural and len(same) > 1:
            same = [max(same, key=lambda other: _likeness(other, lesion))]
        elif lesion.family == "focal":
            same = [one for one in same if one.size or one.kind == lesion.kind] or same
        for other in same:
            _merge(other, lesion)
    _only_primary(kept)
    return sorted((one for one in kept if not one.idle), key=lambda one: one.start)


def _only_primary(kept: list[Lesion]) -> None:
    """The one tumour named in the impression is the one mass found, whatever its organ is called.

    "右大腿软组织肉瘤" is the mass between the muscles, 宫颈癌 the one of the cervix.
    """
    tumours = [
        one for one in kept if one.nature == "primary" and one.family == "any" and not one.size
    ]
    tumours = [one for one in tumours if one.site == "other" and not one.negated]
    masses = [
        one
        for one in kept
        if one.sure is None and one.site == "other" and one.kind in ("mass", "thickening", "lesion")
    ]
    masses = [one for one in masses if one.size and not one.negated]
    if len(tumours) == len(masses) == 1 and tumours[0].sentence != masses[0].sentence:
        kept.remove(tumours[0])
        _merge(masses[0], tumours[0])


def _hilar(lesion: Lesion) -> bool:
    """Whether a lung tumour stands at the hilum, where the findings may call it a hilar mass."""
    if lesion.site != "lung" or lesion.nature != "primary":
        return False
    return "肺门" in lesion.parts or any(site.word[1:3] == "心型" or site.word[1:3] == "央型" for site in lesion.sites)


def _same(one: Lesion, two: Lesion) -> bool:
    """Whether `two`, told elsewhere, may be the lesion `one`."""
    if one.site != two.site and one.kind == "node":
        return False
    if VARIANT in (one.cause, two.cause) and one.kind != two.kind:
        return False
    if one.sentence == two.sentence and not (
        (_bare(one) and two.sure is None)
        or (_bare(two) and one.sure is None)
        or (one.site == "skull_base" and one.parts & two.parts and not (one.size and two.size))
    ):
        return False
    if (
        one.section == two.section
        and abs(one.sentence - two.sentence) <= _NEAR
        and (two.apart or (one.line == two.line and _two_kinds(one, two)))
    ):
        return False
    if one.regions and two.regions and not one.regions & two.regions:
        return False
    if one.size and two.size and one.size != two.size:
        return False
    if "unclear" not in (one.nature, two.nature) and one.nature != two.nature:
        return False
    if one.parts and two.parts and not within(one.parts, two.parts):
        return False
    if one.side != two.side and one.side and two.side:
        # 双肺转移 judges a nodule of the left lung; 双肺结节 is not that nodule.
        judged = two.side == "both" and two.sure is not None
        alike = one.nature == two.nature or (one.sure is None and one.kind != "mass")
        if not (judged and alike):
            return False
    return _family(one, two)


def _two_kinds(one: Lesion, two: Lesion) -> bool:
    """A nodule and a mass, told one after the other, are two; on another line they may be one."""
    if one.kind == two.kind or "any" in (one.family, two.family):
        return False
    # One is measured and of the other the nature is told: each says what the other leaves out.
    return bool(one.size) == bool(two.size) or (one.sure is None) == (two.sure is None)


def _bare(lesion: Lesion) -> bool:
    """Whether but the word metastasis tells of it: 脑转移:右额叶结节."""
    told = lesion.family in ("any", "node") and lesion.sure is not None
    return told and lesion.nature == "metastasis" and not lesion.size


def _family(one: Lesion, two: Lesion) -> bool:
    families = {one.family, two.family}
    if len(families) == 1:
        return True
    if "any" in families:
        other = (families - {"any"}).pop()
        if other in ("effusion", "patch"):
            return other == "patch" and "benign" in (one.nature, two.nature)
        return True
    if one.kind == two.kind == "lesion" and one.parts & two.parts:
        return True
    if "patch" in families and "benign" in (one.nature, two.nature):
        if one.site == "other":
            return True
        if one.site == "nasopharynx":
            return "thickening" in families and one.side is not None and one.side == two.side
    if families == {"focal", "thickening"}:
        if one.site == "other":
            return "lesion" in (one.kind, two.kind) and bool(one.parts & two.parts)
        return one.site in ("nasopharynx", "adrenal", "pleura", "peritoneum", "skull_base")
    return families == {"focal", "node"} and one.site == "lymph_node"


def _likeness(one: Lesion, two: Lesion) -> tuple[int, int, int, float]:
    return (
        len(one.parts & two.parts),
        int(one.side == two.side),
        int(one.kind == two.kind),
        max(one.size, default=0),
    )


def _merge(one: Lesion, two: Lesion) -> None:
    """Take into `one` what `two` says more."""
    if two.sure is not None and (one.sure is None or one.nature == "unclear"):
        one.nature, one.sure, one.cause = two.nature, two.sure, two.cause
    elif two.sure is not None and two.nature == one.nature:
        one.sure = max(two.sure, one.sure or two.sure)
        one.cause = one.cause or two.cause
    one.trend = one.trend or two.trend
    one.multiple = one.multiple or two.multiple
    one.number = one.number or two.number
    one.suv = one.suv or two.suv
    one.size = one.size or two.size
    one.short = one.short or two.short
    one.limit = one.limit or two.limit
    if one.site not in ("bone", "mediastinum"):
        one.side = one.side or two.side
    one.site = two.site
    if one.kind == "lesion" and two.family != "any":
        one.kind = two.kind
