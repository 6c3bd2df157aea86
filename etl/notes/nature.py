"""What a lesion is: metastasis, primary, recurrence, or benign, and how sure the report is.

"双肺多发结节,考虑转移" judges the nodules named before; "肝转移" is a lesion itself; the 鼻咽癌 of "鼻咽癌放疗后"
is no finding but the patient's history, and that of "鼻咽癌转移" says whence, not what.
"""

import re
from typing import TYPE_CHECKING

from etl.notes.fact import Certainty
from etl.notes.lesion import Lesion
from etl.notes.sign import Sign
from etl.notes.site import Site

if TYPE_CHECKING:
    from etl.notes.imaging import Walk

_TREATED = re.compile(
    r"\s?[(]?(?:综合|根治性?|同步|诱导|姑息|介入|多程|多次|规律|全身|靶向|免疫|微创|右|左|肺叶|楔形|局部|\d次)*"
    r"(?:(?:并|伴|及|合并|、)[^,。;:]{0,12}转移)?(?:放、?化疗|化、?放疗|放疗|化疗|治疗|手术|术|切除|射频|消融|靶向|免疫|综合治疗|介入|调强)[^,。;:]{0,8}?(?:后|中|期间|前|\d周期)"
)
_HISTORY = re.compile(r"[^,。;:]{0,4}(?:病史|患者|史(?!密)|病例|待复查|复查)|\s?(?:放化?疗)?后?复查")
_REVIEW = re.compile(r"(?:放化?疗|化疗|治疗|术|消融)[^,。;:]{0,4}后?[^,。;:]{0,2}复查")
_OF_ORIGIN = re.compile(r"(?:多发|全身|广泛|远处|所致|来源|肿瘤|的|相关|并|伴|合并|淋巴结|及|早期|双肺|\s){0,2}转移")
_DIRECT = re.compile(r"(?:多发|全身|广泛|远处|所致|来源|的|相关){0,2}转移")
_INVADES = re.compile(r"侵犯|侵及|累及|浸润|受侵|侵蚀")
_FEATURE = re.compile(r"(?:内|中心|周围|边缘|伴|可见|见|内见|邻近|并|示|呈|灶内|有)[^,;。考虑]{0,6}$")
_JUDGED = re.compile(r"考虑|符合|提示|倾向|可能|首先|诊断|为|多系|疑|不除外|待排|鉴别|是|\?")
_OPENING = re.compile(
    r"\s*(?:以上|上述|首先|仍|性质|均|多|结合病史,?){0,2}(?:考虑|符合|提示|倾向|为|系|疑|可能|可疑|不除外)[^,。;]{0,8}$"
)
_INVADED = ("肿瘤侵犯", "肿瘤受侵")
_OWN_LESION = frozenset(("钙化", "条索", "索条", "纤维化", "瘢痕", "陈旧性", "良性", "炎", "炎性", "感染", "感染性", "生理性", "外伤", "反应性"))
_PATCHY = re.compile(r"炎|感染|结核|纤维|钙化|条索|索条|瘢痕|硬结|陈旧|放疗后|治疗后|术后|肺气肿|不张")
_BONY = ("bone", "skull_base")
_NOT_A_LESION = re.compile(r"(?:大小|形态|体积|厚度|长径|管径|直径|宽|深)")
_BEFORE_SIZE = re.compile(r"(?:大小|直径|长径|范围|截面|径线|短径|最大径|约)[^,。;]{0,4}$")


class Judge:
    """Reads the natures of one walk."""

    def __init__(self, walk: "Walk") -> None:
        self.walk = walk
        self.text = walk.text
        self.skip_until = 0

    def nature(self, sign: Sign) -> None:
        """One word for a nature: of the current lesions, or a lesion itself."""
        walk = self.walk
        if sign.start < self.skip_until:
            return
        if walk.context.says("hypothetical", sign.start, sign.end):
            return
        sure = walk.certainty(sign)
        if self._or(sign):
            sure = min(sure, Certainty.POSSIBLE)
        if sign.value == "primary":
            self._primary(sign, sure)
        elif sign.value == "metastasis":
            self._metastasis(sign, sure)
        elif sign.value == "recurrence":
            self._recurrence(sign, sure)
        else:
            self._benign(sign, sure)

    def _or(self, sign: Sign) -> bool:
        """囊肿或转移: neither is told."""
        return self.text[sign.start - 1 : sign.start] == "或" or self.text.startswith("或", sign.end)

    def _primary(self, sign: Sign, sure: Certainty) -> None:
        walk = self.walk
        if _TREATED.match(self.text, sign.end) or _HISTORY.match(self.text, sign.end):
            self._forget(sign)
            return
        if _DIRECT.match(self.text, sign.end):
            self._forget(sign)
            return
        current = self._current(sign)
        if sign.word in _INVADED:
            for lesion in current:
                if lesion.site == "skull_base":
                    lesion.judge("primary", sure, None)
                    lesion.reach(sign.end)
            return
        site = sign.site
        if sure is Certainty.NEGATED:
            if walk.used and not current and not site:
                return
            self._lesion(sign, "primary", sure, site)
            return
        fits = [one for one in current if not site or self._fits(one, site)]
        if fits:
            for lesion in fits:
                lesion.judge("primary", sure, None)
                lesion.reach(sign.end)
                if site == "lung" and lesion.site == "mediastinum":
                    lesion.site = "lung"
            return
        if not site and walk.used and not walk.group:
            return
        if site == "nasopharynx" and current and current[0].site != "nasopharynx":
            return
        self._lesion(sign, "primary", sure, site)

    def _forget(self, sign: Sign) -> None:
        """A tumour of the past: its organ is no place of what follows."""
        walk = self.walk
        if not walk.used:
            walk.used = True
            walk.group = [site for site in walk.group if site.site == "nasopharynx"]

    def _fits(self, lesion: Lesion, site: str) -> bool:
        if lesion.site == site:
            return lesion.family != "effusion"
        if site == "lung":
            return lesion.site == "mediastinum" and lesion.kind != "node"
        return site == "nasopharynx" and lesion.site == "skull_base"

    def _metastasis(self, sign: Sign, sure: Certainty) -> None:
        walk = self.walk
        if _REVIEW.match(self.text, sign.end) or re.compile("病?史|患者").match(self.text, sign.end):
            return
        node = sign.note == "node"
        site = sign.site
        if sign.word.endswith("性") or sign.word == "转移":
            # 转移性肝癌 is no primary.
            self.skip_until = sign.end + 4 if self.text.startswith(
                ("肝癌", "肺癌", "骨肿瘤", "癌", "腺癌", "鳞癌", "恶性肿瘤"), sign.end
            ) else 0
        current = [one for one in self._current(sign) if one.family != "effusion"]
        if node:
            current = [one for one in current if one.kind == "node"]
        elif site:
            current = [one for one in current if one.site == site]
        apart = [one for one in current if sure is Certainty.NEGATED and not one.negated]
        if current and not apart and not (one_negated(current) and sure is not Certainty.NEGATED):
            for lesion in current:
                if sure is Certainty.NEGATED:
                    lesion.nature = "metastasis"
                else:
                    lesion.judge("metastasis", sure, None)
                lesion.reach(sign.end)
            return
        self._lesion(sign, "metastasis", sure, site, node)

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
        clause = max(self.text.rfind(mark, 0, sign.start) for mark in ",。;:\n") + 1
        before = self.text[clause : sign.start]
        judged = _JUDGED.search(before) or _JUDGED.match(self.text, sign.end)
        if current and (not sign.site or any(one.site == sign.site for one in current)):
            if not judged and (_FEATURE.search(before) or self._beside(sign, current)):
                return
            for lesion in current:
                lesion.judge("benign", sure, sign.note or None)
                lesion.reach(sign.end)
            return
        if walk.used and sign.site:
            self._lesion(sign, "benign", sure, sign.site)
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
        return len(gap) <= 3 and any(mark in gap for mark in "、及和伴并") and (
            current[0].nature != "benign"
        )

    def _current(self, sign: Sign) -> list[Lesion]:
        """The lesions that a nature judges: none where places of its own stand before it."""
        walk = self.walk
        if not walk.used or (walk.passive and walk.detail and self._after_detail(sign)):
            return []
        if walk.current:
            return self._judged(sign)
        start = self.walk.context.sentences[walk.sentence][0]
        opening = self.text[start : sign.start]
        if walk.before and not walk.group and _OPENING.match(opening):
            return [lesion for lesion in walk.before if lesion.sentence == walk.sentence - 1]
        return []

    def _judged(self, sign: Sign) -> list[Lesion]:
        """The lesions of the list; a tumour is rather the mass before than its pneumonia."""
        walk = self.walk
        if sign.value in ("primary", "metastasis") and all(
            one.nature == "benign" and one.sure for one in walk.current
        ):
            masses = [
                one
                for one in walk.lesions[-8:]
                if one.sentence == walk.sentence and one.sure is None and one.family == "focal"
            ]
            return masses or walk.current
        return walk.chain or walk.current

    def _after_detail(self, sign: Sign) -> bool:
        return sign.start - self.walk.detail[-1].end <= 3

    def _lesion(
        self, sign: Sign, nature: str, sure: Certainty, site: str, node: bool = False
    ) -> None:
        """A lesion that only its nature names: 肝转移, 左肺下叶周围型肺癌."""
        walk = self.walk
        sites: list[Site] | None = None
        if site:
            sites = self._named(sign, site)
        elif walk.used and not walk.group and not walk.last and nature == "metastasis" and not node:
            sites = [Site("other", "", None, sign.start, sign.end)]
        kind = "node" if node else "mass" if nature == "primary" else "lesion"
        if sign.word.endswith("结节"):
            kind = "nodule"
        family = "node" if node else "any"
        if nature == "benign" and _PATCHY.search(sign.word):
            family = "patch"
        if node and nature == "metastasis" and not walk.used:
            organs = [one for one in walk.group if not one.region and one.site != "other"]
            if organs and walk.group[-1].region:
                self._make("lesion", "any", sign, nature, sure, organs)
                walk.used = False
        self._make(kind, family, sign, nature, sure, sites)

    def _make(
        self, kind: str, family: str, sign: Sign, nature: str, sure: Certainty, sites: list[Site] | None
    ) -> None:
        gone = self.walk.gone(sign)
        for lesion in self.walk.make(kind, family, sign, sure, sites):
            lesion.trend = "gone" if gone else lesion.trend
            lesion.nature = nature
            lesion.cause = sign.note or None if nature == "benign" else None
            if sure is not Certainty.NEGATED:
                lesion.sure = sure

    def _named(self, sign: Sign, site: str) -> list[Site]:
        """The organ within the word (脑转移), with what stands before it as side and lobe."""
        walk = self.walk
        near = walk.side if walk.side and sign.start - walk.side.end <= 1 else None
        if not walk.used:
            same = [one for one in walk.group if one.site == site]
            same = same or [one for one in walk.group if site == "lung" and one.region]
            if same:
                return [Site(site, "", one.side, one.start, one.end) for one in same]
            if walk.group and sign.value == "metastasis":
                gap = self.text[walk.group[-1].end : sign.start]
                if len(gap) <= 3 and any(mark in gap for mark in "、及和,"):
                    side = near.value if near else None
                    return [*walk.group, Site(site, "", side, sign.start, sign.end)]
        side = near.value if near and near.value != "same" else None
        start = near.start if near else sign.start
        return [Site(site, "", side, start, sign.end, sign.word)]

    def unnamed(self, waiting: list[Sign]) -> None:
        """右肺中叶者直径约5mm, 右颈III区见数个,大者12mm: one more of the kind spoken of before."""
        walk = self.walk
        known = [one for one in (*walk.before, *walk.current) if not one.negated]
        sites = {site.site for site in walk.group}
        regions = {site.region for site in walk.group}
        known = [
            one
            for one in known
            if one.site in sites or (one.kind == "node" and one.region in regions)
            or (one.site == "mediastinum" and "mediastinum" in regions)
        ]
        if not known:
            return
        like = known[-1]
        sign = waiting[0]
        if like.sentence == walk.sentence and like.size and (like.number or 0) > len(like.size):
            walk.used = True
            return
        if like.sentence == walk.sentence and not like.size:
            walk.used = True
            return
        for lesion in walk.make(like.kind, like.family, sign, Certainty.DEFINITE):
            if like.sentence == walk.sentence and like.sure is not None:
                lesion.judge(like.nature, like.sure, like.cause)

    def measured(self, sign: Sign) -> None:
        """A length with no lesion named: one of the place spoken of, where it is plainly told."""
        walk = self.walk
        before = self.text[max(sign.start - 10, 0) : sign.start]
        if sign.kind != "size" or not _BEFORE_SIZE.search(before):
            return
        earlier = [one for one in walk.before if not one.negated and one.sentence >= walk.sentence - 1]
        if earlier and not earlier[-1].size and sign.size:
            earlier[-1].size, earlier[-1].limit = sign.size.mm, sign.size.limit
            earlier[-1].short = sign.size.mm[0] if sign.size.short else None


def one_negated(lesions: list[Lesion]) -> bool:
    """Whether the lesions spoken of are denied ones."""
    return any(lesion.negated for lesion in lesions)
