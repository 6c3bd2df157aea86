"""What a nature is said of: lesions named before, or one that only it names (肝转移, 肾囊肿)."""

import re
from typing import TYPE_CHECKING

from etl.notes.fact import Certainty
from etl.notes.lesion import Lesion
from etl.notes.sign import Sign
from etl.notes.site import Site

if TYPE_CHECKING:
    from etl.notes.naming import Naming

# 考虑AAH或AIS: the stages of one growth.
_EARLY = re.compile("AAH|AIS|MIA|浸润|原位")
_PATCHY = re.compile(
    r"炎|感染|结核|纤维|钙化|条索|索条|瘢痕|硬结|陈旧|放疗后|治疗后|术后|气肿|不张|肺大"
)


JUDGED = re.compile(r"考虑|符合|提示|倾向|可能|首先|诊断|为|多系|疑|不除外|待排|鉴别|是|\?")
TAKEN_FOR = re.compile(r"[,。;](?:首先)?(?:考虑|符合|提示|倾向|诊断)(?:为|于)?$")
_OF_ALL = re.compile(r"[,;](?:[均都皆]|[上以][述上])[^。;]{0,20}$")
DOUBTED = re.compile(r"[^,。;]{0,2}?(?:不能|不除外|待排|待除|可能|难以|尚不)")
_OPENING = re.compile(
    r"\s*(?:以上|上述|首先|仍|性质|均|多|结合病史,?){0,2}(?:考虑|符合|提示|倾向|为|系|疑|可能|可疑|不除外)[^,。;]{0,8}$"
)


class ByNature:
    """The lesions of one walk that natures judge, and those that no other noun names."""

    def __init__(self, walk: "Naming") -> None:
        self.walk = walk
        self.text = walk.text
        self.gone = False

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
        self,
        kind: str,
        family: str,
        sign: Sign,
        nature: str,
        sure: Certainty,
        sites: list[Site] | None,
    ) -> None:
        for lesion in self.walk.make(kind, family, sign, sure, sites):
            lesion.trend = "gone" if self.gone else lesion.trend
            lesion.nature = nature
            lesion.cause = (sign.note or None) if nature == "benign" else None
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
                return [Site(site, "", one.side, one.start, one.end, sign.word) for one in same]
            if walk.group and sign.value == "metastasis":
                gap = self.text[walk.group[-1].end : sign.start]
                if len(gap) <= 3 and any(mark in gap for mark in "、及和,"):
                    side = near.value if near else None
                    return [*walk.group, Site(site, "", side, sign.start, sign.end)]
        side = near.value if near and near.value != "same" else None
        start = near.start if near else sign.start
        return [Site(site, "", side, start, sign.end, sign.word)]

    def _spread(self, sign: Sign, sure: Certainty, listed: list[Lesion]) -> None:
        """双肺、纵隔淋巴结、胸椎转移: what stands before in the list has spread too."""
        walk = self.walk
        if sure is Certainty.NEGATED or (sign.note == "node" and sign.word.startswith("转移")):
            # 颅底骨质破坏、转移淋巴结均缩小: only the nodes are called metastatic.
            return
        chained = {id(lesion) for lesion in walk.chain}
        for lesion in listed:
            if lesion.sure is None and not lesion.negated and id(lesion) in chained:
                lesion.judge("metastasis", sure, None)
        organs = [one for one in walk.beside if one.site != "other"]
        walk.beside = []
        if organs:
            now = walk.current
            self._make("lesion", "any", sign, "metastasis", sure, organs)
            walk.current = [*now, *walk.current]

    def _of_organ(self, sign: Sign, site: str, current: list[Lesion]) -> list[Lesion]:
        """骨转移 judges the bone lesions of the sentence; 肺癌伴双肺转移 tells of others."""
        walk = self.walk
        if not walk.used or (walk.side and sign.start - walk.side.end <= 1):
            return []
        told = [one for one in current if one.site == site]
        told = told or [
            one
            for one in walk.lesions[-8:]
            if one.sentence == walk.sentence and one.site == site and one.family != "effusion"
        ]
        return [one for one in told if one.sure is None]

    def _current(self, sign: Sign) -> list[Lesion]:
        """The lesions that a nature judges: none where places of its own stand before it."""
        walk = self.walk
        if not walk.used or (walk.passive and walk.detail and self._after_detail(sign)):
            return []
        if walk.current:
            judged = self._judged(sign)
            if _OF_ALL.search(self.text, max(sign.start - 12, 0), sign.start):
                # 大网膜增厚,直肠陷凹结节,均考虑转移: all that the sentence has named.
                told = [one for one in walk.lesions[-8:] if one.sentence == walk.sentence]
                judged = [one for one in told if one.sure is None and not one.negated] or judged
            if judged and all(one.negated for one in judged):
                told = [one for one in walk.lesions[-8:] if one.sentence == walk.sentence]
                judged = [one for one in told if not one.negated][-1:] or judged
            return judged
        start = self.walk.context.sentences[walk.sentence][0]
        opening = self.text[start : sign.start]
        opens = _OPENING.match(opening) or (
            not opening.strip() and DOUBTED.match(self.text, sign.end)
        )
        if walk.before and not walk.group and opens:
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

    def _again(self, sign: Sign) -> bool:
        """食管管壁增厚,考虑食管癌: the organ told again, after a word that judges."""
        walk = self.walk
        first, last = walk.current[-1], walk.group[-1]
        if first.negated or first.sure is not None or last.side:
            return False
        if first.site in ("other", "peritoneum") and last.site == "other":
            # 附件区占位,考虑卵巢囊肿: what it is taken for says also of which organ it is.
            if TAKEN_FOR.search(self.text, max(last.start - 8, first.end), last.start):
                return True
            if first.sites[0].word[:1] != last.word[:1]:
                return False
        if first.site != last.site:
            return False
        between = self.text[first.end : walk.group[0].start]
        return len(walk.group) == 1 and JUDGED.search(between) is not None

    def _again_in_brackets(self, sign: Sign) -> bool:
        """附件区转移瘤(Krukenberg瘤): the same under another name."""
        one = self.walk.current[-1] if self.walk.current else None
        if one is None or one.sure is None or self.text[sign.start - 1 : sign.start] != "(":
            return False
        return one.end == sign.start - 1 and one.nature == sign.value

    def _clause_ago(self, sign: Sign) -> bool:
        """中央无强化,转移: what denies a feature in the clause before denies no nature."""
        scopes = self.walk.context.scopes(sign.start, sign.end, ("negated",))
        ends = [scope.cue[1] for scope in scopes]
        # A cue that stands after the word denies it; one before, only within its clause.
        return all(end <= sign.start and "," in self.text[end : sign.start] for end in ends)

    def _around(self, sign: Sign) -> str:
        return self.text[max(sign.start - 8, 0) : sign.end + 8]

    def _or(self, sign: Sign) -> bool:
        """囊肿或转移: neither is told."""
        if _EARLY.search(self.text, max(sign.start - 8, 0), sign.start + 1) and _EARLY.search(
            self.text, sign.end - 2, sign.end + 5
        ):
            return False
        return "或" in (self.text[sign.start - 1 : sign.start], self.text[sign.end : sign.end + 1])
