"""Where the words are: the organs gathered until a lesion is named at them.

"纵隔、双肺门见肿大淋巴结" gathers two places; a predicate between two organs begins a new group;
what stands after 位于 or 侵犯 is no place of a new lesion.
"""

import re

from etl.notes.context import Context
from etl.notes.lesion import Lesion
from etl.notes.sign import Sign, line
from etl.notes.site import BONY, Site, joined, listed

CLAUSE = re.compile(r"[,;。:\n]")
_FURTHER = re.compile(r"[^,;。:\n、及和与见有示呈未无伴为并或侵累达至]{1,5}")
_SIDED = frozenset(("lung", "brain", "lymph_node", "other", "nasopharynx", "skull_base"))
_REGIONS = frozenset(("盆腔", "腹腔", "腹盆腔", "盆腹腔", "胸部", "腹部", "上腹部", "颈部"))
_HALVES = {"左叶": "left", "右叶": "right"}
# So many places and measures a group holds at most: a hostile list is not gathered without end.
MOST = 40


class Gather:
    """The places gathered, and the lesions that the words now speak of."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.text = context.text
        self.sentence = 0
        self.group: list[Site] = []
        self.used = True
        self.last: list[Site] = []
        self.side: Sign | None = None
        self.passive = False
        self.passed = 0
        self.invades = False
        self.detail: list[Site] = []
        self.pending: list[Sign] = []
        self.lesions: list[Lesion] = []
        self.current: list[Lesion] = []
        self.before: list[Lesion] = []
        self._of_nasopharynx = "鼻咽" in self.text

    def on_side(self, sign: Sign) -> None:
        """左, 双侧: of the organ that follows."""
        self.side = sign

    def on_organ(self, sign: Sign) -> None:
        """An organ: with the one before it, one more place, or the first of a new group."""
        group = self.detail if self.passive else self.group
        side, start = self.sided(sign.start) if self.side else (None, sign.start)
        used = self.used and not self.passive
        if sign.value in BONY and self.text.startswith("旁", sign.end):
            return
        gap = self.text[self._until(group) : start] if group else "。"
        if used or not group or not (joined(gap) or self._further_in(group[-1], sign, gap)):
            group = [Site(sign.value, sign.note, side, start, sign.end, sign.word)]
        elif (group[-1].site, sign.word) == ("bone", "附件") or len(group) >= MOST:
            group[-1].end = sign.end
        elif side and not gap and group[-1].site == sign.value == "bone":
            # L3左侧横突: of one bone, a part with its side.
            group[-1].side, group[-1].end = group[-1].side or side, sign.end
        elif not gap.strip() and group[-1].word in _REGIONS:
            # 盆腔双侧附件区: within a region of the body, an organ.
            group[-1] = Site(sign.value, sign.note, side, group[-1].start, sign.end, sign.word)
        elif listed(gap) or side or (group[-1].site, sign.value) == ("liver", "spleen"):
            same = group[-1].site == sign.value and sign.value in _SIDED
            same = same and sign.note != "abdominal"
            side = side or (group[-1].side if same else None)
            group.append(Site(sign.value, sign.note, side, start, sign.end, sign.word))
        elif (group[-1].site, sign.value) == ("skull_base", "bone"):
            group[-1].end = sign.end
        else:
            one = group[-1]
            one.site, one.region, one.end = sign.value, sign.note or one.region, sign.end
            if sign.value == "lung" and one.region == "mediastinum":
                one.region = ""
        if self.passive:
            self.detail = group
        else:
            self.group, self.used = group, False
        self.side = None

    @staticmethod
    def _further_in(one: Site, sign: Sign, gap: str) -> bool:
        """额叶中央前回皮层下: of one organ, a part that no word of the lexicon names between."""
        return one.site == sign.value != "other" and _FURTHER.fullmatch(gap) is not None

    def _until(self, group: list[Site]) -> int:
        """Where the group ends: what was measured of it in brackets is passed over."""
        if not self.pending:
            return group[-1].end
        measured = [sign.end for sign in self.pending if sign.kind in ("size", "suv")]
        return max(group[-1].end, *measured) if measured else group[-1].end

    def on_part(self, sign: Sign) -> None:
        """上叶, 胸膜下: part of the organ before it; 胸膜下 alone is of the lung."""
        group = self.detail if self.passive else self.group
        if sign.word.startswith("胸膜下") and (self.used or not group):
            self.on_organ(Sign("organ", sign.start, sign.end, line("lung", sign.word)))
            return
        if group and not self.used and sign.start - group[-1].end <= 1:
            group[-1].end = sign.end
            if group[-1].site == "other" and sign.word in _HALVES:
                group[-1].side = _HALVES[sign.word]
        elif sign.word in _HALVES and not self.passive:
            self._half(sign)

    def _half(self, sign: Sign) -> None:
        """甲状腺大小正常,右叶...,左叶...: a lobe of the organ named before."""
        known = self.group or self.last
        if known and known[-1].word.startswith(("甲", "肝", "峡")):
            one = known[-1]
            side = _HALVES[sign.word] if one.site == "other" else None
            self.group = [Site(one.site, one.region, side, sign.start, sign.end, one.word)]
            self.used = False

    def on_wall(self, sign: Sign) -> None:
        """侧壁, 黏膜: of the organ before it, else of the nasopharynx when the report has one."""
        group = self.group
        side = sign.note or self.sided(sign.start)[0]
        if group and not self.used and joined(self.text[group[-1].end : sign.start]):
            group[-1].end = sign.end
            if side and group[-1].side is None:
                group[-1].side = side
            elif side and side != group[-1].side:
                group.append(Site(group[-1].site, "", side, sign.start, sign.end))
            self.side = None
        elif sign.word != "壁" and self._of_nasopharynx and not self.passive:
            known = [site for site in (*self.group, *self.last) if site.site != "nasopharynx"]
            if not known or (self.last and self.last[-1].site == "nasopharynx"):
                self.on_organ(Sign("organ", sign.start, sign.end, line("nasopharynx", "鼻咽")))
                self.group[-1].side = side

    def sided(self, start: int) -> tuple[str | None, int]:
        """The side told just before a place, and where it is told."""
        side = self.side
        if side is None or start - side.end > 6 or CLAUSE.search(self.text, side.end, start):
            return None, start
        if side.value == "same":
            known = [site.side for site in (*self.group, *self.last) if site.side]
            return (known[-1] if known else None), side.start
        return side.value, side.start

    def sites(self) -> list[Site]:
        """The places of a lesion named now: gathered ones, else those spoken of before."""
        if self.passive and self.detail:
            self.passive = False
            self.group, self.used, self.detail = self.detail, False, []
        return self.group or self.last
