"""Findings of imaging reports: where, what, how large, how sure, of what nature, changed how.

One walk over the signs of a report in their order. Organs gather until a lesion is named; lengths,
SUVs, changes and natures that follow are that lesion's; "较大者位于右肺下叶" names no new place.
"""

import re
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.examination import examination
from etl.notes.fact import Certainty, Fact
from etl.notes.lesion import Lesion
from etl.notes.nature import Judge
from etl.notes.reconcile import reconciled
from etl.notes.sign import Sign, signs
from etl.notes.site import Place, Site, joined, listed, named, places

_FAMILY = {"nodule": "focal", "mass": "focal", "lesion": "focal", "bone_lesion": "focal"}
_PATCH = re.compile(r"斑|条|索|磨玻璃|毛玻璃|实变|渗出|网格|絮|树芽|片影|片状|阴影")
_NODAL = frozenset(("cervical", "retropharyngeal", "supraclavicular", "axillary"))
# In these, a lesion without another word for it is one of the bone.
_BONY = frozenset(("bone", "skull_base"))
_FLUID = (("胸", "pleura"), ("心包", "other"), ("腹", "peritoneum"), ("盆", "peritoneum"))
_SIDED = frozenset(("lung", "brain", "lymph_node", "other", "nasopharynx", "skull_base"))
_HALVES = {"左叶": "left", "右叶": "right"}
_GONE = re.compile("消失|消退|吸收")
_EXCISED = re.compile(r"[^,。;]{0,6}(?:切除|射频|消融|冷冻|微波|手术)?[^,。;]{0,2}(?:术后|消融后|切除后)")
_NODULAR = re.compile(r"结节[状样][^,。;、]{0,6}$")
_AROUND = re.compile(r"周围|邻近|周边|其内|内部|腔内")
_ANOTHER = re.compile(r"另|[亦还并尚]见|其?余|他处")
_CLAUSE = re.compile(r"[,;。:\n]")
_LISTED = re.compile(r"[影灶]?[、及和与并伴](?:有|见)?")
_OF_THOSE = re.compile(r"者|[最较]大|最厚|最深|处|分别")
_INDICATION = re.compile(
    r"\s*【?(?:临床诊断|临床资料|病史|检查目的|申请|主诉|临床印象|病情|简要病史|现病史|既往史|临床病史|检查(?:项目|部位|方法|名称|类型|技术))】?[:：]"
)
_KINDS = (
    "side", "organ", "part", "wall", "passive", "lesion", "nature", "size", "suv", "quantity",
    "count", "largest", "change",
)  # fmt: skip


class Walk:
    """The state of the walk: the places gathered, the lesions the words now speak of."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.text = context.text
        self.lesions: list[Lesion] = []
        self.current: list[Lesion] = []
        self.chain: list[Lesion] = []
        self.group: list[Site] = []
        self.used = True
        self.side: Sign | None = None
        self.passive = False
        self.detail: list[Site] = []
        self.sentence = 0
        self.last: list[Site] = []
        self.before: list[Lesion] = []
        self.pending: list[Sign] = []
        self.judge = Judge(self)
        self.steps = {kind: getattr(self, "on_" + kind) for kind in _KINDS}
        self.goes = _GONE.search(self.text) is not None

    def read(self) -> list[Lesion]:
        """The lesions of the report, as told, not yet reconciled."""
        spans = self.context.sentences
        number, skip, end, until = -1, False, 0, -1
        for sign in signs(self.context):
            if sign.start >= until:
                while number + 1 < len(spans) and spans[number + 1][0] <= sign.start:
                    number += 1
                until = spans[number + 1][0] if number + 1 < len(spans) else len(self.text)
                self._turn(max(number, 0))
                skip = _INDICATION.match(self.text, spans[max(number, 0)][0]) is not None
            if skip or (sign.start < end and sign.kind != "change"):
                continue
            if (self.passive or self.pending) and self._parted(end, sign.start):
                self.passive, self.detail = False, []
                if self.pending:
                    self._release()
            self.steps[sign.kind](sign)
            if sign.kind != "change":
                end = max(end, sign.end)
        self._release()
        for lesion in self.lesions:
            if not lesion.negated:
                lesion.parts = named(lesion.sites, self.text)
        return self.lesions

    def _parted(self, start: int, end: int) -> bool:
        """Whether a clause ends between two places; a comma in brackets parts nothing."""
        sign = _CLAUSE.search(self.text, start, end)
        if sign is None:
            return False
        before = self.text[max(sign.start() - 40, 0) : sign.start()]
        return sign[0] != "," or before.rfind("(") <= before.rfind(")")

    def _turn(self, number: int) -> None:
        """To the next sentence: its lesions are new ones."""
        self._release()
        self.sentence = number
        if self.current:
            self.before = self.current
        if self.group:
            self.last = self.group
        self.current, self.group, self.used, self.side = [], [], True, None
        self.chain = []
        self.passive, self.detail = False, []

    # -- places ----------------------------------------------------------------------------

    def on_side(self, sign: Sign) -> None:
        """左, 双侧: of the organ that follows."""
        self.side = sign

    def on_organ(self, sign: Sign) -> None:
        """An organ: with the one before it, one more place, or the first of a new group."""
        group = self.detail if self.passive else self.group
        side, start = self._sided(sign.start)
        used = self.used and not self.passive
        if sign.value in _BONY and self.text.startswith("旁", sign.end):
            return
        gap = self.text[self._until(group) : start] if group else "。"
        if used or not group or not joined(gap):
            group = [Site(sign.value, sign.note, side, start, sign.end, sign.word)]
        elif listed(gap) or side or (group[-1].site, sign.value) == ("liver", "spleen"):
            same = group[-1].site == sign.value and sign.value in _SIDED
            side = side or (group[-1].side if same else None)
            group.append(Site(sign.value, sign.note, side, start, sign.end, sign.word))
        elif group[-1].site == "skull_base" and sign.value == "bone":
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

    def _until(self, group: list[Site]) -> int:
        """Where the group ends: what was measured of it in brackets is passed over."""
        measured = [sign.end for sign in self.pending if sign.kind in ("size", "suv")]
        return max(group[-1].end, *measured) if measured else group[-1].end

    def on_part(self, sign: Sign) -> None:
        """上叶, 胸膜下: part of the organ before it."""
        group = self.detail if self.passive else self.group
        if group and not self.used and sign.start - group[-1].end <= 1:
            group[-1].end = sign.end
            if group[-1].site == "other" and sign.word in _HALVES:
                group[-1].side = _HALVES[sign.word]

    def on_wall(self, sign: Sign) -> None:
        """侧壁, 黏膜: of the organ before it, else of the nasopharynx when the report has one."""
        group = self.group
        side = sign.note or self._sided(sign.start)[0]
        if group and not self.used and joined(self.text[group[-1].end : sign.start]):
            group[-1].end = sign.end
            if side and group[-1].side is None:
                group[-1].side = side
            elif side and side != group[-1].side:
                group.append(Site(group[-1].site, "", side, sign.start, sign.end))
            self.side = None
        elif sign.word != "壁" and "鼻咽" in self.text and not self.passive:
            known = [site for site in (*self.group, *self.last) if site.site != "nasopharynx"]
            if not known or self.last and self.last[-1].site == "nasopharynx":
                self.on_organ(Sign("organ", sign.start, sign.end, "nasopharynx", "", "鼻咽"))
                self.group[-1].side = side

    def on_passive(self, sign: Sign) -> None:
        """位于, 侵犯: the organs that follow in the clause are not where a new lesion is."""
        self._release()
        if self.current or self.group:
            self.passive, self.detail = True, []

    def _sided(self, start: int) -> tuple[str | None, int]:
        side = self.side
        if side is None or start - side.end > 6 or _CLAUSE.search(self.text, side.end, start):
            return None, start
        if side.value == "same":
            known = [site.side for site in (*self.group, *self.last) if site.side]
            return (known[-1] if known else None), side.start
        return side.value, side.start

    def sites(self, family: str) -> list[Site]:
        """The places of a lesion named now: gathered ones, else those spoken of before."""
        if self.passive and self.detail:
            self.passive = False
            self.group, self.used, self.detail = self.detail, False, []
        return self.group or self.last

    # -- lesions ---------------------------------------------------------------------------

    def on_lesion(self, sign: Sign) -> None:
        """A lesion: a new one, or the current one under another name."""
        kind = sign.value
        family = _FAMILY.get(kind, kind)
        if family == "focal" and _PATCH.search(sign.word) and "结节" not in sign.word:
            family = "patch"
        if kind == "lesion" and _NODULAR.search(self.text, max(sign.start - 10, 0), sign.start):
            kind, family = "nodule", "focal"
        direct = bool(self.passive and self.detail and sign.start - self.detail[-1].end <= 4)
        if self.passive and self.detail and not direct:
            return
        certainty = self.certainty(sign)
        feature = sign.note == "feature"
        if certainty is Certainty.NEGATED and (
            (feature and not self._in_brain(sign)) or self._around(sign)
        ):
            return
        if feature and self.used and self.current and not self.current[0].negated:
            for lesion in self.current:
                lesion.reach(sign.end)
            return
        if kind == "bone_lesion" and feature and not self._bony():
            return
        if self.used and not direct and self._told_again(family, certainty, sign):
            self._renamed(kind, family, sign)
            return
        made = self.make(kind, family, sign, certainty)
        if self.gone(sign):
            for lesion in made:
                lesion.trend = "gone"
        elif feature and kind == "bone_lesion" and certainty is not Certainty.NEGATED:
            for lesion in made:
                if lesion.site == "skull_base":
                    lesion.judge("primary", certainty, None)
        elif _EXCISED.match(self.text, sign.end) and certainty is not Certainty.NEGATED:
            for lesion in made:
                lesion.judge("benign", Certainty.DEFINITE, "post_treatment")

    def _renamed(self, kind: str, family: str, sign: Sign) -> None:
        """转移 结节: the noun says what kind of lesion the nature before it was told of."""
        for lesion in self.current:
            if lesion.end == sign.start and (lesion.family == "any" or lesion.kind == "lesion"):
                lesion.family, lesion.kind = family, kind
            lesion.reach(sign.end)

    def certainty(self, sign: Sign) -> Certainty:
        """How sure the text is; a lesion that has gone was there."""
        sure = self.context.certainty(sign.start, sign.end)
        if sure is Certainty.NEGATED and self.gone(sign):
            return Certainty.DEFINITE
        return sure

    def gone(self, sign: Sign) -> bool:
        """Whether what denies a lesion is that it has gone (消失)."""
        if not self.goes:
            return False
        scopes = self.context.scopes(sign.start, sign.end)
        cues = [self.text[slice(*scope.cue)] for scope in scopes if scope.kind == "negated"]
        return bool(cues) and all(_GONE.search(cue) for cue in cues)

    def _around(self, sign: Sign) -> bool:
        """Whether a denied lesion is but said to be absent around another one."""
        sentence = self.context.sentences[self.sentence][0]
        clause = max(self.text.rfind(",", sentence, sign.start), sentence - 1) + 1
        return bool(self.current) and _AROUND.match(self.text, clause) is not None

    def _in_brain(self, sign: Sign) -> bool:
        """脑实质未见异常信号 denies a lesion; elsewhere a denied uptake or signal is a feature."""
        own = not self.used and bool(self.group) and self.group[-1].site == "brain"
        return own and ("信号" in sign.word or "强化" in sign.word)

    def _bony(self) -> bool:
        return not self.used and any(site.site in _BONY for site in self.group)

    def _told_again(self, family: str, certainty: Certainty, sign: Sign) -> bool:
        if not self.current:
            return False
        denied = (certainty is Certainty.NEGATED) != self.current[0].negated
        if denied:
            return False
        clause = self.text[max(sign.start - 10, self.current[-1].end) : sign.start]
        if _ANOTHER.search(clause):
            return False
        families = {self.current[0].family, family}
        return len(families) == 1 or families <= {"focal", "patch", "any"} or (
            families <= {"thickening", "focal", "patch"} and not self.current[0].negated
        )

    def make(
        self, kind: str, family: str, sign: Sign, certainty: Certainty, sites: list[Site] | None = None
    ) -> list[Lesion]:
        """New lesions at the places gathered, one for each organ."""
        given = self.sites(family) if sites is None else sites
        own = given is self.group and not self.used or sites is not None
        made = []
        if self.side and given and given[-1].side is None and given[-1].site != "liver":
            given[-1].side = self._sided(sign.start)[0] if own else None
        apart = len(self.pending) > 1 and self._apart(given)
        where = (
            [place for site in given for place in self._places([site], kind, sign, own)]
            if apart
            else self._places(given, kind, sign, own)
        )
        for place in where:
            start = place.start if own else sign.start
            made.append(
                Lesion(
                    _kind(kind, place),
                    family if place.site not in _BONY or family != "patch" else "focal",
                    place.site,
                    place.region if place.site == "lymph_node" else None,
                    place.side,
                    place.sites,
                    min(start, place.start if kind == "effusion" else start, sign.start),
                    sign.end,
                    self.sentence,
                    self.text[place.start : place.end],
                    certainty,
                    apart=bool(own and _ANOTHER.search(self.text, max(start - 2, 0), sign.start)),
                )
            )
        self.used = True
        self.side = None
        if made:
            self._chain(made)
            self.lesions += made
            if apart:
                self._share(made)
            self._take()
        return made

    def _apart(self, sites: list[Site]) -> bool:
        """右肺上叶(15mm)、右肺下叶(9mm)各见一结节: places with a length each."""
        lengths = [sign for sign in self.pending if sign.kind == "size"]
        return len(sites) == len(lengths) > 1 and all(
            site.end <= sign.start for site, sign in zip(sites, lengths, strict=True)
        ) and lengths[0].end <= sites[1].start

    def _share(self, made: list[Lesion]) -> None:
        """What was measured of each place goes to the lesion there."""
        waiting, self.pending = self.pending, []
        for sign in waiting:
            self.current = [one for one in made if one.start <= sign.start][-1:]
            self._give(sign)
        self.current = made

    def _chain(self, made: list[Lesion]) -> None:
        """肺结节、胸膜增厚,考虑转移: what follows a list speaks of all that is in it."""
        gap = self.text[self.current[-1].end : made[0].start] if self.current else "。"
        listed = len(gap) <= 3 and _LISTED.fullmatch(gap) is not None
        same = listed and not self.current[0].negated and not made[0].negated
        self.chain = [*self.chain, *made] if same and self.chain else [*made]
        self.current = made

    def _places(self, sites: list[Site], kind: str, sign: Sign, own: bool) -> list[Place]:
        if kind == "effusion":
            told = next((site for part, site in _FLUID if part in sign.word), None)
            if told or not sites:
                side, start = self._sided(sign.start)
                side = side or (sites[-1].side if sites and own else None)
                where = Site(told or "pleura", "", side, start, sign.end)
                sites = [where]
        if kind == "bone_lesion" and sites and not any(site.site in _BONY for site in sites):
            sites = [Site("bone", "", sites[-1].side, sites[0].start, sites[-1].end)]
        if kind == "bone_lesion" and not sites:
            sites = [Site("bone", "", None, sign.start, sign.end)]
        if kind == "node":
            sites = [node for site in sites if (node := _nodal(site))] or [
                Site("lymph_node", "other", site.side, site.start, site.end) for site in sites[-1:]
            ]
            sites = sites or [Site("lymph_node", "other", None, sign.start, sign.end)]
        return places(sites)

    # -- what is told of a lesion ----------------------------------------------------------

    def on_nature(self, sign: Sign) -> None:
        """转移, 癌, 囊肿: what it is."""
        self.judge.nature(sign)

    def on_size(self, sign: Sign) -> None:
        """A length: of the lesion named before, or of the one that follows in the clause."""
        size = sign.size
        if size is None or size.earlier:
            return
        of_those = self.passive or _OF_THOSE.search(self.text, max(sign.start - 12, 0), sign.start)
        if (not self.used and not of_those) or not self.current:
            self.pending.append(sign)
            return
        self._measure(sign)

    def on_suv(self, sign: Sign) -> None:
        """A standardised uptake value: the highest told."""
        if not self.current or not self.used:
            self.pending.append(sign)
            return
        for lesion in self.current:
            lesion.suv = max(sign.number, lesion.suv or 0)
            lesion.reach(sign.end)

    def on_quantity(self, sign: Sign) -> None:
        """多发, 数枚: several."""
        self.pending.append(sign)

    def on_count(self, sign: Sign) -> None:
        """两枚: how many."""
        self.pending.append(sign)

    def on_largest(self, sign: Sign) -> None:
        """较大者: what follows is still the lesion before."""
        if self.current and not self.used:
            self.group, self.used = self.last or self.group, True

    def on_change(self, sign: Sign) -> None:
        """较前增大: against the examination before."""
        if not self.current or (not self.used and sign.value == "new"):
            self.pending.append(sign)
            return
        for lesion in self.current:
            if lesion.trend is None or (sign.value == "larger" and lesion.trend == "smaller"):
                lesion.trend = sign.value
                lesion.reach(sign.start)

    def _measure(self, sign: Sign) -> None:
        size = sign.size
        if size is None:
            return
        first = [lesion for lesion in self.current if not lesion.negated]
        if not first:
            return
        side = self._sided(sign.start)[0] if self.side else None
        lesion = first[0] if len(first) == 1 or first[0].size else first[-1]
        targets = first if len(first) > 1 and not any(one.size for one in first) else [lesion]
        for one in targets[:1] if targets is not first else targets[-1:]:
            if not one.size:
                one.size, one.limit = size.mm, size.limit
                one.short = size.mm[0] if size.short else None
            elif len(size.mm) == 1 and len(one.size) == 1 and size.short and one.short is None:
                one.short, one.size = size.mm[0], (*one.size, *size.mm)
            elif one.short is not None and len(one.size) == 1 and not size.short:
                one.size = (*size.mm, *one.size)
            elif (one.number or 0) > len(one.size) and len(size.mm) == 1:
                one.size = tuple(sorted((*one.size, *size.mm), reverse=True))
            else:
                self._further(one, sign, size.mm)
            one.reach(sign.end)
            one.side = one.side or side

    def _further(self, lesion: Lesion, sign: Sign, mm: tuple[float, ...]) -> None:
        """A second length of the same words: the larger one is the lesion's."""
        if max(mm) > max(lesion.size):
            lesion.size = mm
            lesion.short = sign.size.mm[0] if sign.size and sign.size.short else None

    def _take(self) -> None:
        """What was told before the lesion was named."""
        waiting, self.pending = self.pending, []
        for sign in waiting:
            self._give(sign)

    def _release(self) -> None:
        """What waits at the end of a clause is of the lesion before, if there is one."""
        if self.pending and not self.used and any(sign.kind == "size" for sign in self.pending):
            self.judge.unnamed(self.pending)
        waiting, self.pending = self.pending, []
        for sign in waiting:
            if not self.current and sign.kind in ("size", "suv") and self.used:
                self.judge.measured(sign)
            elif self.current:
                self._give(sign)

    def _give(self, sign: Sign) -> None:
        if sign.kind == "size":
            self._measure(sign)
            return
        for lesion in self.current:
            if sign.kind == "suv":
                lesion.suv = max(sign.number, lesion.suv or 0)
            elif sign.kind == "quantity":
                lesion.multiple = True
            elif sign.kind == "count" and lesion.number is None:
                lesion.number = int(sign.number)
            elif sign.kind == "change" and lesion.trend is None:
                lesion.trend = sign.value


def _kind(kind: str, place: Place) -> str:
    if place.site in _BONY and kind in ("nodule", "lesion"):
        return "bone_lesion"
    if place.site == "lymph_node" and kind in ("nodule", "mass", "lesion"):
        return "node"
    return kind


def _nodal(site: Site) -> Site | None:
    if site.region == "mediastinum":
        return Site("mediastinum", "", site.side, site.start, site.end)
    if site.region:
        return Site("lymph_node", site.region, site.side, site.start, site.end)
    return None


def findings(context: Context, on: date | None) -> Iterator[Fact]:
    """The examination and the findings of an imaging report."""
    modality = None
    for fact in examination(context, on):
        modality = fact.value
        yield fact
    for lesion in reconciled(Walk(context).read()):
        yield lesion.fact(modality, "imaging.finding")
