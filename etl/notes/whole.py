"""What the report as a whole says of a lesion, when all its words have been read."""

import re

from etl.notes.fact import Certainty
from etl.notes.lesion import SURGERY, VARIANT, Lesion

# Within so many characters a lesion's noun has been told.
_NOUN = 30
_CYST = re.compile("(?<![内伴])[^内伴见]囊[性状样肿]|^囊[性状样肿]|无回声|水样密度|无强化(?!坏死)")
_UNENHANCED = re.compile(r"[^;。增强]{0,16}[,;]?(?:增强[^,;。]{0,4})?(?:无|未见)(?:明显)?强化")
_WATERY = frozenset(("liver", "kidney", "spleen", "lung", "other"))
_MASS = re.compile("肿块|肿物|包块|团块|占位|囊")
_SINUS = re.compile("[颌筛蝶额鼻旁]窦")


def whole(lesion: Lesion, text: str, standing: set[str]) -> None:
    """Say of a lesion what its own words leave out; `standing` are organs with a known tumour."""
    lesion.cystic = lesion.site in _WATERY and lesion.kind != "mass" and _cystic(lesion, text)
    if lesion.site == "lymph_node" and lesion.nature in ("primary", "benign"):
        words = text[lesion.start : lesion.end]
        if _MASS.search(words) and "淋巴结" not in words and "淋巴瘤" not in words:
            # 腹膜后肿块,考虑脂肪肉瘤: no node.
            lesion.site, lesion.region, lesion.kind = "other", None, "mass"
    if lesion.cause == SURGERY and "呈" in text[lesion.start : lesion.end]:
        # 胃呈术后改变: how an organ looks; 胃术后改变 is what the report concludes.
        lesion.cause = VARIANT
    elif lesion.cause == SURGERY and lesion.site == "lymph_node":
        lesion.site, lesion.region, lesion.kind = "other", None, "lesion"
    if lesion.sure is not None:
        return
    if standing and _stands(lesion, text, standing):
        lesion.judge("primary", Certainty.PROBABLE, None)
    elif lesion.kind == "thickening" and any(_SINUS.search(site.word) for site in lesion.sites):
        # 上颌窦黏膜增厚 is an inflammation, and hardly a report says so.
        lesion.judge("benign", Certainty.DEFINITE, "inflammation")


def left_over(lesion: Lesion, standing: set[str]) -> None:
    """A mass left of the treated tumour of the nasopharynx, of which nothing else is said."""
    left = lesion.site == "nasopharynx" and lesion.kind == "mass" and not lesion.negated
    if left and lesion.sure is None and "nasopharynx" in standing:
        lesion.judge("primary", Certainty.PROBABLE, None)


def _cystic(lesion: Lesion, text: str) -> bool:
    """Whether it is told to be full of water, or not to take up contrast."""
    words = text[lesion.start : min(lesion.end, lesion.start + _NOUN)]
    return _CYST.search(words) is not None or _UNENHANCED.match(text, lesion.end) is not None


def _stands(lesion: Lesion, text: str, standing: set[str]) -> bool:
    """Whether it is the known tumour of its organ, treated and not taken out."""
    if "lung" in standing and lesion.site == "mediastinum" and "肺门" in lesion.parts:
        if lesion.family == "focal":
            lesion.site = "lung"
        return lesion.family == "focal"
    if lesion.site not in ("lung", "liver"):
        known = lesion.site == "other" and bool(lesion.parts & standing)
        return known and lesion.kind in ("mass", "thickening")
    if lesion.site not in standing:
        return False
    words = text[lesion.start : lesion.end]
    told = "病灶" in words and not lesion.plural
    if lesion.site == "liver":
        return (told or "碘油" in words) and not lesion.cystic
    return lesion.kind == "mass" or (told and lesion.kind == "lesion")
