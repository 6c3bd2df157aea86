"""Findings of imaging reports: where, what, how large, how sure, of what nature, changed how.

One walk over the signs of a report in their order. Organs gather (gather.py) until a lesion is
named (naming.py) or, unnamed, is measured (unnamed.py); lengths, SUVs and changes (measuring.py)
and natures (nature.py) that follow are that lesion's; what is told twice is one lesion
(reconcile.py).
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
from etl.notes.nature import Judge
from etl.notes.reconcile import reconciled
from etl.notes.sign import Sign, signs
from etl.notes.site import BONY, Site, named, places
from etl.notes.unnamed import Unnamed
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
# No clause is so long that more needs to be searched for its end.
_FAR = 200
_INVADES = frozenset(("侵犯", "侵及", "累及", "浸润", "侵蚀", "侵入", "突破", "向上破坏"))
_KINDS = (
    "side", "organ", "part", "wall", "passive", "lesion", "nature", "size", "suv", "quantity",
    "count", "largest", "change",
)  # fmt: skip


class Walk(Unnamed):
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
