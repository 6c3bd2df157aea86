"""What a noun says of a lesion: a new one, the one spoken of, a part of it, or that it is gone."""

import re

from etl.notes.context import Context
from etl.notes.fact import Certainty
from etl.notes.placing import Placing
from etl.notes.sign import Sign
from etl.notes.site import Site

SPOKEN_OF = frozenset(("病灶", "病变", "肿块", "肿物", "肿瘤", "结节"))
_GONE = ("消失", "消退", "吸收")
_TAKEN_FOR = re.compile(r"(?:考虑为?|符合|提示|倾向|[,:]为)\s?$")
_VESSEL = re.compile("(?:动脉|静脉|门脉|主干|血管)[^,。;]{0,4}$")
_CORTEX = re.compile("(?:皮质|包膜)[^,。;]{0,4}$")
_WITHIN = re.compile(r"[,;](?:其|灶)?(?:内部?|中心|中央|周边|边缘)[^,。;]{0,8}$")
# Before the scopes are asked: whether it can be so at all.
_LOOKS_SOON, _SOON = re.compile("强化|摄取|代谢|浓聚|血流|弥散|活性"), 40
_LOOKS = re.compile(r"[^,。;、]{0,6}?(?:强化|摄取|代谢|浓聚|血流|弥散受限|活性)")


class Saying(Placing):
    """Reads how the words of one walk speak of the lesions named before."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._goes = any(word in self.text for word in _GONE) or any(
            change == "gone" for change, _, _ in context.changes()
        )

    def _of_part(self, sign: Sign) -> bool:
        """皮质增厚 of a node, 动脉增粗: of a part, no lesion."""
        before = self.text[max(sign.start - 8, 0) : sign.start]
        return _VESSEL.search(before) is not None or (
            bool(self.current)
            and self.current[0].kind == "node"
            and _CORTEX.search(before) is not None
        )

    def _inside(self, sign: Sign) -> bool:
        """淋巴结,内见点状强回声: what is seen in it, whatever kind of lesion it is."""
        since = max(sign.start - 12, self.current[-1].end)
        return (
            self.current[-1].kind == "node"
            and _WITHIN.search(self.text, since, sign.start) is not None
        )

    def _other_side(self, sign: Sign, family: str) -> None:
        """右侧胸腔积液,左侧新出现少量积液: of the same organ, the other side."""
        side = self.sided(sign.start)[0]
        one = self.current[-1]
        if one.family != family or {side, one.side} != {"left", "right"}:
            return
        last = self.group[-1] if self.group else one.sites[-1]
        start = self.side.start if self.side else sign.start
        self.group = [Site(last.site, last.region, side, start, sign.start, last.word)]
        self.used = False

    def _called(self, sign: Sign) -> bool:
        """右肺门结节,考虑肿大淋巴结: what was called a nodule is a node."""
        return (
            bool(self.current)
            and all(one.family == "focal" and not one.negated for one in self.current)
            and _TAKEN_FOR.search(self.text, max(sign.start - 5, 0), sign.start) is not None
        )

    def _spoken_of(self, sign: Sign) -> bool:
        """病灶累及...: a sentence that begins with the lesion of the sentence before.

        Or a clause, with that of the clauses before: …咽隐窝消失,病灶累及….
        """
        if sign.word in ("病灶", "病变") and self.text[sign.start - 1 : sign.start] == ",":
            known = [one for one in self.current if not one.negated and one.sure is None]
            if known and not self.used and self.group[-1].end < sign.start - 1:
                self.before = known
                self.group, self.used = self.last, True
                return True
        start = self.context.sentences[self.sentence][0]
        return (
            self.used
            and not self.group
            and sign.start - start <= 1
            and sign.word[:2] in SPOKEN_OF
            and (len(sign.word) == 2 or sign.note == "feature")
            and not self.text.startswith(("影", "状", "样"), sign.end)
            and any(not one.negated for one in self.before)
        )

    def told(self, sign: Sign) -> tuple[Certainty, bool]:
        """How sure the text is, and whether the lesion has gone: then it was there."""
        sure = self.context.certainty(sign.start, sign.end)
        if sure is Certainty.NEGATED:
            if self._goes and self._gone(sign):
                return Certainty.DEFINITE, True
            if _LOOKS_SOON.search(self.text, sign.end, sign.end + _SOON) and self._plain(sign):
                return Certainty.DEFINITE, False
        return sure, False

    def _plain(self, sign: Sign) -> bool:
        """消融灶未见强化: what is denied is how the lesion looks, not that it is there."""
        denials = self.context.scopes(sign.start, sign.end, ("negated",))
        return bool(denials) and all(
            scope.cue[0] >= sign.end and _LOOKS.match(self.text, scope.cue[1]) for scope in denials
        )

    def _gone(self, sign: Sign) -> bool:
        """Whether what denies a lesion is that it has gone (消失)."""
        denials = self.context.scopes(sign.start, sign.end, ("negated", "gone"))
        return bool(denials) and all(
            scope.kind == "gone" or any(word in self.text[slice(*scope.cue)] for word in _GONE)
            for scope in denials
        )
