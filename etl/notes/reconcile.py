"""Findings and impression of one report: the same lesion told twice is one lesion.

The impression says what it is and how sure that is, the findings how large it is; either may come
first. "双肺两枚结节,考虑转移" speaks of both nodules described before.
"""

from collections.abc import Iterable

from etl.notes.lesion import SURGERY, VARIANT, Lesion
from etl.notes.site import within

# "另见" tells of another lesion than those of the sentences just before.
_NEAR = 2
# What is full of water in these is a cyst, named so or not.
_CYSTS = ("liver", "kidney", "spleen")
# A ligament, a disc: what is told there is no finding.
_NOWHERE = "none"
_TUMOURS = ("metastasis", "primary", "recurrence")
_WHOLE = ("skull_base", "nasopharynx")


def reconciled(lesions: Iterable[Lesion]) -> list[Lesion]:
    """The lesions of a report, each once, in order of place."""
    kept: list[Lesion] = []
    by_site: dict[str, list[Lesion]] = {}
    # First what was measured, then what names its lobe, last what speaks of all.
    for lesion in sorted(
        lesions, key=lambda one: (not (one.size or one.suv), not one.parts, one.start)
    ):
        if lesion.site == _NOWHERE:
            continue
        if lesion.negated:
            kept.append(lesion)
            continue
        others = by_site.setdefault(lesion.site, [])
        # A report names few lesions of an organ; a hostile text is not compared without end.
        same = [other for other in others[:40] if _same(other, lesion)]
        if _hilar(lesion, same):
            masses = [one for one in by_site.get("mediastinum", [])[:40] if "肺门" in one.parts]
            same += [one for one in masses if one.kind != "node" and _same(one, lesion)]
        if not same:
            kept.append(lesion)
            others.append(lesion)
            continue
        if lesion.cystic:
            same = [one for one in same if one.cystic] or same
        if not lesion.plural and len(same) > 1:
            same = [max(same, key=lambda other: _likeness(other, lesion))]
        elif lesion.family == "focal":
            same = [one for one in same if one.size or one.kind == lesion.kind] or same
        for other in same:
            _merge(other, lesion)
    _only_primary(kept)
    for lesion in kept:
        if lesion.cystic and lesion.sure is None and lesion.site in _CYSTS:
            lesion.judge("benign", lesion.certainty, "other")
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


def _hilar(lesion: Lesion, same: list[Lesion]) -> bool:
    """Whether a lung tumour may be what the findings call a mass at the hilum."""
    if lesion.site != "lung" or lesion.nature != "primary" or lesion.size:
        return False
    central = any(site.word.startswith(("中央型", "中心型")) for site in lesion.sites)
    return central or "肺门" in lesion.parts or not any(one.family == "focal" for one in same)


def _same(one: Lesion, two: Lesion) -> bool:
    """Whether `two`, told elsewhere, may be the lesion `one`."""
    if one.site != two.site and one.kind == "node":
        return False
    if SURGERY in (one.cause, two.cause) and "inflammation" in (one.cause, two.cause):
        return False
    for wet, dry in ((one, two), (two, one)):
        if wet.cystic and not dry.cystic and dry.nature in _TUMOURS and wet.sure is None:
            return False
    if VARIANT in (one.cause, two.cause) and not one.family == two.family == "patch":
        return False
    if one.kind == two.kind == "effusion" and one.site == two.site == "peritoneum":
        return True
    if one.site == two.site in _WHOLE and _whole(one, two):
        return True
    if one.sentence == two.sentence and not (
        (_bare(one) and two.sure is None) or (_bare(two) and one.sure is None)
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
    summed = two.site == "mediastinum" and len(two.sites) > 1 and two.sure is not None
    if one.parts and two.parts and not summed and not within(one.parts, two.parts):
        return False
    if one.side != two.side and one.side and two.side:
        # 双肺转移 judges a nodule of the left lung; 双肺结节 is not that nodule.
        judged = two.side == "both" and two.sure is not None
        alike = one.nature == two.nature or (one.sure is None and one.kind != "mass")
        if not (judged and alike):
            return False
    return _family(one, two)


def _whole(one: Lesion, two: Lesion) -> bool:
    """The bones of the skull base that a tumour destroys, or the walls it lies on, are one."""
    sized = bool(one.size) + bool(two.size)
    if sized > (one.site != "skull_base") or "node" in (one.kind, two.kind):
        return False
    if one.site == "skull_base":
        return "unclear" in (one.nature, two.nature) or one.nature == two.nature
    tumour = {one.nature, two.nature} & {"primary", "recurrence"}
    return len(tumour) == 1 and {one.nature, two.nature} <= {*tumour, "unclear"}


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
            return not {"nodule", "mass"} & {one.kind, two.kind}
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
        one.cause = two.cause if one.cause == VARIANT else one.cause or two.cause
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
