"""What a lesion is: metastasis, primary, recurrence, or benign, and how sure the report is.

"双肺多发结节,考虑转移" judges the nodules named before; "肝转移" is a lesion itself; the 鼻咽癌 of
"鼻咽癌放疗后" is no finding but the patient's history (background.py).
"""

import re

from etl.notes.background import changed, of_the_past, spreads, standing, whence
from etl.notes.by_nature import JUDGED, TAKEN_FOR
from etl.notes.fact import Certainty
from etl.notes.lesion import VARIANT, Lesion
from etl.notes.metastasis import OfMetastasis
from etl.notes.sign import Sign
from etl.notes.site import Site, named

_TUMOUR = re.compile("转移|癌|瘤|恶性")
_CLAUSES = re.compile(r"[,。;:\n]")
# 拟转移瘤 is what the report takes it for, 拟 elsewhere a plan.
_TAKEN = re.compile(r"拟(?:诊|为|系|考虑)?\s?$")
_TO_EXCLUDE = re.compile(r"(?:除外|排除)\s?$")
# 原发性肺癌可能性大于转移 weighs it and finds it too light.
_LESS_LIKELY = re.compile(r"(?:大|高|多)于\s?$")
_TUMOROUS = ("focal", "thickening")
_FEATURE = re.compile(
    r"(?:部分|内|中心|周围|边缘|伴|可见|见|内见|邻近|并|示|呈|灶内|有)[^,;。考虑]{0,6}$"
)
# Words for what a lesion has, no lesions of their own where none is spoken of.
_OWN_LESION = frozenset(
    ("钙化", "条索", "索条", "纤维化", "瘢痕", "陈旧性", "良性", "炎", "炎性", "感染", "感染性")
) | {"生理性", "外伤", "反应性"}


class Judge(OfMetastasis):
    """Reads the natures of one walk."""

    def nature(self, sign: Sign) -> None:
        """One word for a nature: of the current lesions, or a lesion itself."""
        walk = self.walk
        if sign.start < self._skip_until:
            return
        before = self.text[max(sign.start - 4, 0) : sign.start]
        taken = _TAKEN.search(before) is not None
        excluded = any(not one.negated for one in walk.current) and _TO_EXCLUDE.search(before)
        if self._again_in_brackets(sign):
            return
        planned = (
            not taken and not excluded and walk.context.says("hypothetical", sign.start, sign.end)
        )
        if planned or _LESS_LIKELY.search(before):
            return
        sure, self.gone = walk.told(sign)
        if taken:
            sure = Certainty.PROBABLE
        elif excluded and sure is not Certainty.NEGATED:
            sure = Certainty.POSSIBLE
        if walk.side and sign.start - walk.side.end > 1:
            walk.side = None
        if walk.group and not walk.used and walk.current:
            # 左肺上叶不张,考虑肺癌: a place of which nothing was named before the comma.
            walk.used = "," in self.text[walk.group[-1].end : sign.start] or self._again(sign)
        if sure is Certainty.NEGATED and self._clause_ago(sign):
            sure = Certainty.DEFINITE
        if sign.note == "possible":
            sure = min(sure, Certainty.POSSIBLE)
        if self._or(sign) and (sign.value != "benign" or _TUMOUR.search(self._around(sign))):
            sure = min(sure, Certainty.POSSIBLE)
        if sign.value == "primary":
            self._primary(sign, sure)
        elif sign.value == "metastasis":
            self._metastasis(sign, sure)
        elif sign.value == "recurrence":
            self._recurrence(sign, sure)
        else:
            self._benign(sign, sure)

    def _primary(self, sign: Sign, sure: Certainty) -> None:
        walk = self.walk
        if of_the_past(self.text, sign.end) or whence(self.text, sign.end, sign.site):
            self._forget(sign)
            return
        current = self._current(sign)
        if current and not current[0].negated and spreads(self.text, sign.end):
            # 结节,符合肺癌肺内转移: the nodules are not the cancer.
            return
        if sign.note == "invaded":
            if not current and not walk.used:
                self._lesion(sign, "primary", sure, "")
                return
            for lesion in current:
                if lesion.site == "skull_base":
                    lesion.judge("primary", sure, None)
                    lesion.reach(sign.end)
            return
        site = sign.site or self._touched(sign)
        if site == "other" and self._origin(sign, current):
            site = ""
        if sign.word == "MT" and current and current[0].kind in ("node", "bone_lesion"):
            self._metastasis(sign, sure)
            return
        if sure is Certainty.NEGATED:
            if walk.used and not current and not site:
                return
            self._lesion(sign, "primary", sure, site)
            return
        fits = [one for one in current if not site or self._fits(one, site)]
        if site and not fits and walk.used:
            fits = [
                one
                for one in walk.lesions[-8:]
                if one.sentence == walk.sentence
                and one.family in ("focal", "thickening")
                and one.sure is None
                and not one.negated
                and self._fits(one, site)
            ][-1:]
        if fits:
            for lesion in fits:
                lesion.judge("primary", sure, None)
                lesion.reach(sign.end)
                if site == "lung" and lesion.site == "mediastinum":
                    lesion.site = "lung"
            return
        if not site and walk.used and not walk.group:
            return
        if site == "nasopharynx" and current and current[0].sentence == walk.sentence:
            return
        self._lesion(sign, "primary", sure, site)

    def _touched(self, sign: Sign) -> str:
        """胃Ca: the organ that makes one word with the tumour, where its lesion is spoken of."""
        walk = self.walk
        if walk.used or not walk.group or not walk.current or walk.group[-1].end != sign.start:
            return ""
        organ = walk.group[-1]
        one = walk.current[0]
        same = organ.site == one.site and named(one.sites, self.text) & named([organ], self.text)
        if not same or one.negated or one.sure is not None or one.family not in _TUMOROUS:
            return ""
        walk.used = True
        return organ.site

    def _origin(self, sign: Sign, current: list[Lesion]) -> bool:
        """附件区占位,考虑卵巢囊肿: what it is taken for says also of which organ it is."""
        last = current[-1] if current else None
        return (
            last is not None
            and not last.negated
            and last.sure is None
            and last.site in ("other", "peritoneum")
            and last.family in (*_TUMOROUS, "any")
            and TAKEN_FOR.search(self.text, max(sign.start - 8, last.end), sign.start) is not None
        )

    def _forget(self, sign: Sign) -> None:
        """A tumour of the past: what is told without a place of its own is told of its organ."""
        walk = self.walk
        organ = Site(sign.site, "", None, sign.start, sign.end, sign.word)
        if not sign.site and walk.group and not walk.used:
            organ = walk.group[-1]
        if organ.site in ("lung", "liver", "nasopharynx", "other") and standing(
            self.text, sign.end
        ):
            other = organ.site == "other"
            walk.standing |= named([organ], self.text) if other else {organ.site}
        if sign.site and (walk.used or not walk.group):
            walk.group = [Site(sign.site, "", None, sign.start, sign.end, sign.word)]
        walk.used = not changed(self.text, sign.end)

    def _fits(self, lesion: Lesion, site: str) -> bool:
        if lesion.site == site:
            return lesion.family != "effusion"
        if site == "lung":
            return lesion.site == "mediastinum" and lesion.kind != "node"
        return site == "nasopharynx" and lesion.site == "skull_base"

    def _recurrence(self, sign: Sign, sure: Certainty) -> None:
        current = [one for one in self._current(sign) if not one.negated]
        if current and sure is not Certainty.NEGATED:
            for lesion in current:
                lesion.judge("recurrence", sure, None)
                lesion.reach(sign.end)
            return
        walk = self.walk
        if walk.used and not walk.group and not walk.last and "鼻咽" in self.text:
            self._lesion(sign, "recurrence", sure, "nasopharynx")
            return
        self._lesion(sign, "recurrence", sure, "")

    def _benign(self, sign: Sign, sure: Certainty) -> None:
        walk = self.walk
        current = [one for one in self._current(sign) if not one.negated]
        if sure is Certainty.NEGATED:
            return
        before = _CLAUSES.split(self.text[max(sign.start - 60, 0) : sign.start])[-1]
        judged = JUDGED.search(before) or JUDGED.match(self.text, sign.end)
        if current and (not sign.site or any(one.site == sign.site for one in current)):
            if sign.word.startswith("阻塞性") and current[0].family == "focal":
                # What the mass does to the lung behind it, not what it is.
                return
            if not judged and (_FEATURE.search(before) or self._beside(sign, current)):
                if sign.site == "lung" and current[0].site == "lung":
                    # 周围放射性肺炎: beside the lesion, one of its own.
                    self._lesion(sign, "benign", sure, "lung")
                return
            cause = None if sign.note == VARIANT else sign.note or None
            for lesion in current:
                lesion.judge("benign", sure, cause)
                lesion.reach(sign.end)
            return
        if walk.used and sign.site:
            self._lesion(sign, "benign", sure, sign.site)
            return
        if sign.word.startswith("生理性"):
            return
        if walk.used and sign.word in _OWN_LESION and not (walk.before and judged):
            return
        if walk.used:
            if walk.before and judged:
                for lesion in walk.before:
                    if not lesion.negated:
                        lesion.judge("benign", sure, sign.note or None)
            return
        self._lesion(sign, "benign", sure, sign.site)

    def _beside(self, sign: Sign, current: list[Lesion]) -> bool:
        """结节、钙化: something else beside the lesion, not what it is."""
        gap = self.text[current[-1].end : sign.start]
        return (
            len(gap) <= 3
            and any(mark in gap for mark in "、及和伴并")
            and (current[0].nature != "benign")
        )
