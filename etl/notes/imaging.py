"""Findings of imaging reports: where, what, how large, how sure, of what nature, changed how.

One walk over the signs of a report in their order. Organs gather (gather.py) until a lesion is
named (naming.py); lengths, SUVs and changes (measuring.py) and natures (nature.py) that follow are
that lesion's; what is told twice is one lesion (reconcile.py).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date

from etl.notes.context import Context
from etl.notes.examination import examination
from etl.notes.fact import Certainty, Fact
from etl.notes.gather import CLAUSE
from etl.notes.lesion import Lesion
from etl.notes.naming import Naming
from etl.notes.nature import Judge
from etl.notes.reconcile import reconciled
from etl.notes.sign import Sign, signs
from etl.notes.site import BONY, Site, named, places
from etl.notes.whole import left_over, whole

_INDICATION = re.compile(
    r"(?=[\s【临检病申主简现既])\s*【?(?:临床(?:诊断|资料|印象|病史)?|病史|检查目的|申请|主诉|临床印象|病情|简要病史|现病史|既往史|临床病史"
    r"|检查(?:项目|部位|方法|名称|类型|技术))】?[::]"
)
# The parts of a report: findings, impression.
_SECTION = re.compile(
    r"(?=[诊印意结提小所描表])(?:诊断|印象|意见|结论|提示|小结|所见|描述|表现)"
    r"[^,。;:\n]{0,4}[】\])]?\s?[:\n]"
)
_LINE = re.compile(r"\n")
_MEASURED = re.compile(r"(?:大小|直径|长径|范围|截面|径线|短径|最大径|约)[^,。;]{0,4}$")
# No clause is so long that more needs to be searched for its end.
_FAR = 200
# 前列腺体积较前缩小,现约3.6cm: of the organ.
_BULK = ("体积", "大小", "形态", "增大", "饱满")
_INVADES = frozenset(("侵犯", "侵及", "累及", "浸润", "侵蚀", "侵入", "突破", "向上破坏"))
_KINDS = (
    "side", "organ", "part", "wall", "passive", "lesion", "nature", "size", "suv", "quantity",
    "count", "largest", "change",
)  # fmt: skip


class Walk(Naming):
    """The walk over one report."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._judge = Judge(self)
        self.invading: list[Lesion] | None = None
        self.invaded: list[Site] = []

    def read(self) -> list[Lesion]:
        """The lesions of the report, as told, not yet reconciled."""
        skip, end, until = False, 0, -1
        for sign in signs(self.context):
            start = sign.start
            if start >= until:
                number = self.context.sentence(start)
                begin, until = self.context.sentences[number]
                self._turn(number)
                skip = _INDICATION.match(self.text, begin) is not None
            kind = sign.kind
            if skip or (start < end and kind != "change"):
                continue
            if (self.pending or self.passive) and self._parted(end, start):
                self.passive, self.detail = False, []
                if self.pending:
                    self._release()
            _STEPS[kind](self, sign)
            if sign.end > end and kind != "change":
                end = sign.end
        self._release()
        sections = [section.end() for section in _SECTION.finditer(self.text)]
        lines = [line.end() for line in _LINE.finditer(self.text)]
        for lesion in self.lesions:
            lesion.section = bisect_right(sections, lesion.start)
            lesion.line = bisect_right(lines, lesion.start)
            if lesion.negated:
                continue
            lesion.parts = named(lesion.sites, self.text)
            whole(lesion, self.text, self.standing)
        self._invaded()
        return self.lesions

    def _invaded(self) -> None:
        """Bone of the skull base destroyed beside a tumour that is told to grow into it."""
        tumours = [
            one
            for one in self.lesions
            if one.site == "nasopharynx" and one.sure and one.nature in ("primary", "recurrence")
        ]
        if not self.invades or not tumours:
            return
        surest = max(tumours, key=lambda one: one.held)
        found = any(one.site == "skull_base" and not one.negated for one in self.lesions)
        if self.invaded and not found:
            self._grown_into(self.invaded)
        for lesion in self.lesions:
            if lesion.site == "skull_base" and lesion.sure is None and not lesion.negated:
                lesion.judge(surest.nature, surest.held, None)

    def _grown_into(self, sites: list[Site]) -> None:
        """侵及斜坡、岩尖: the bone destroyed, where no other word tells of it."""
        bones = [site for site in sites if site.site == "skull_base"]
        place = places(bones)[0]
        self.lesions.append(
            Lesion(
                "bone_lesion",
                "focal",
                place.site,
                None,
                place.side,
                place.sites,
                place.start,
                place.end,
                self.context.sentence(place.start),
                self.text[place.start : place.end],
                Certainty.DEFINITE,
            )
        )

    def _parted(self, start: int, end: int) -> bool:
        """Whether a clause ends between two places; a comma in brackets parts nothing."""
        sign = CLAUSE.search(self.text, max(start, end - _FAR), end)
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
        self.chain, self.beside, self.each, self.was = [], [], [], None
        self.passive, self.detail = False, []

    def on_nature(self, sign: Sign) -> None:
        """转移, 癌, 囊肿: what it is."""
        self._judge.nature(sign)

    def on_passive(self, sign: Sign) -> None:
        """位于, 侵犯: the organs that follow in the clause are not where a new lesion is."""
        self._release()
        if self.current or self.group:
            self.passive, self.passed, self.detail = True, sign.end, []
            invades = sign.word in _INVADES and any(
                one.site == "nasopharynx" for one in self.current
            )
            if invades and self.told(sign)[0] is not Certainty.NEGATED:
                self.invades, self.invading = True, self.current

    def on_organ(self, sign: Sign) -> None:
        """An organ; of the skull base, one that the tumour of the nasopharynx grows into."""
        super().on_organ(sign)
        if self.passive and self.invading is self.current and sign.value == "skull_base":
            self.invaded = self.invaded or self.detail

    def _release(self) -> None:
        """What waits at the end of a clause is of the lesion before, if there is one."""
        if self.pending and not self.used:
            if any(sign.kind == "size" for sign in self.pending):
                self._unnamed(self.pending[0])
            elif self.pending[-1].kind == "suv" and self.group[-1].site in BONY:
                # 左侧第5肋SUVmax 3.3: what takes up so much is a lesion.
                self.make("bone_lesion", "focal", self.pending[-1], Certainty.DEFINITE)
        waiting, self.pending = self.pending, []
        for sign in waiting:
            if not self.current and sign.kind in ("size", "suv") and self.used:
                self._of_before(sign)
            elif self.current:
                self.give(sign)

    def _unnamed(self, sign: Sign) -> None:
        """右肺中叶者直径约5mm, 右颈III区见数个,大者12mm: one more of the kind spoken of before."""
        known = [one for one in (*self.before, *self.current) if not one.negated]
        sites = {site.site for site in self.group}
        regions = {site.region for site in self.group}
        organs = {site.word[:1] for site in self.group}
        known = [
            one
            for one in known
            if (one.site in sites and (one.site != "other" or one.sites[-1].word[:1] in organs))
            or (one.kind == "node" and one.region in regions)
            or (one.site == "mediastinum" and "mediastinum" in regions)
        ]
        if not known or self.text.startswith(_BULK, self.group[-1].end):
            return
        like = known[-1]
        if like.sentence == self.sentence and (like.number or 1) > len(like.size):
            self.used = True
            return
        made = self.make(like.kind, like.family, sign, Certainty.DEFINITE)
        if made and like.sentence == self.sentence:
            self.chain = [*[one for one in known if one.sentence == self.sentence], *made]
        for lesion in made:
            if like.sentence == self.sentence and like.sure is not None:
                lesion.judge(like.nature, like.sure, like.cause)

    def _of_before(self, sign: Sign) -> None:
        """A length with no lesion named: one of the place spoken of, where it is plainly told."""
        before = self.text[max(sign.start - 10, 0) : sign.start]
        if sign.kind != "size" or not _MEASURED.search(before):
            return
        near = self.sentence - 1
        earlier = [one for one in self.before if not one.negated and one.sentence >= near]
        if earlier and not earlier[-1].size and sign.size:
            earlier[-1].size, earlier[-1].limit = sign.size.mm, sign.size.limit
            earlier[-1].short = sign.size.mm[0] if sign.size.short else None


_STEPS = {kind: getattr(Walk, "on_" + kind) for kind in _KINDS}


def findings(context: Context, on: date | None) -> Iterator[Fact]:
    """The examination and the findings of an imaging report."""
    modality = None
    for fact in examination(context, on):
        modality = fact.value
        yield fact
    walk = Walk(context)
    for lesion in reconciled(walk.read()):
        left_over(lesion, walk.standing)
        yield lesion.fact(modality, "imaging.finding")
