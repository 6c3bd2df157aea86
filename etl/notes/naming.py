"""The lesions that a report names: 结节, 肿块, 淋巴结, 积液, 增厚, 骨质破坏.

A noun makes a lesion at the places gathered before it, one for each organ; or it is another name of
the lesion spoken of (病灶), or no lesion at all (未见代谢增高 is a feature of the one before).
"""

import re

from etl.notes.background import of_the_past
from etl.notes.context import Context
from etl.notes.fact import Certainty
from etl.notes.lesion import Lesion
from etl.notes.saying import SPOKEN_OF, Saying
from etl.notes.sign import Sign
from etl.notes.site import BONY, Place, Site

_FAMILY = {"nodule": "focal", "mass": "focal", "lesion": "focal", "bone_lesion": "focal"}
_PATCH = re.compile(r"斑|条|索|磨玻璃|毛玻璃|实变|渗出|网格|絮|树芽|片影|片状|阴影")
_EXCISED = re.compile(
    r"[^,。;]{0,6}(?:切除|射频|消融|冷冻|微波|手术)?[^,。;]{0,2}(?:术后|消融后|切除后)"
)
_NODULAR = re.compile(r"结节[状样][^,。;、]{0,6}$")
_ANOTHER = re.compile(r"另|[亦还并尚]见|其?余|他处")
_LISTED = re.compile(r"[影灶]?[、及和与并伴](?:有|见|全身|多发){0,2}")
# 病灶1:右肺上叶,2.3cm: the head of a list names no lesion.
_ITEMS, _NUMBERED = ("病灶", "病变"), re.compile(r"\d{0,2}\s?:")
_LENGTH = re.compile(r"[^。;\n]{0,16}?\d[\d.]*\s?(?:[cm]m|[×*x])")
_TOUCHES = 3
_CHAIN = 20


class Naming(Saying):
    """Makes the lesions; `chain` are those of one list, `beside` organs listed with a node.

    `standing` are organs whose known tumour was treated but not taken out.
    """

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.chain: list[Lesion] = []
        self.beside: list[Site] = []
        self.standing: set[str] = set()

    def on_lesion(self, sign: Sign) -> None:
        """A lesion: a new one, or the current one under another name."""
        kind = sign.value
        family = _FAMILY.get(kind, kind)
        if family == "focal" and _PATCH.search(sign.word) and "结节" not in sign.word:
            family = "patch"
        if kind == "lesion" and _NODULAR.search(self.text, max(sign.start - 10, 0), sign.start):
            kind, family = "nodule", "focal"
        direct = bool(self.passive and self.detail and sign.start - self.detail[-1].end <= 4)
        if self.passive and (not direct if self.detail else sign.start - self.passed <= _TOUCHES):
            return
        if kind == "node" and not self.used and self.text.startswith(":", sign.end):
            # 腹腔淋巴结:…: a heading.
            return
        if kind == "lesion" and sign.word in _ITEMS and _NUMBERED.match(self.text, sign.end):
            return
        if kind == "thickening" and self._of_part(sign):
            return
        if kind == "lesion" and self.used and self.current and self._inside(sign):
            return
        if sign.word == "肿瘤" and of_the_past(self.text, sign.end):
            return
        certainty, gone = self.told(sign)
        feature = sign.note == "feature"
        if certainty is Certainty.NEGATED and (
            (feature and not self._of_place(sign)) or self._around(sign)
        ):
            return
        of_bone = self.current and self.current[-1].site in BONY
        if direct and kind == "mass" and of_bone and self.detail[-1].site in BONY:
            # 突破骨皮质形成软组织肿块: of the bone lesion before.
            return
        if kind == "effusion" and not self.used and self._around_organ():
            self.group[-1].site = "peritoneum"
        if kind == "effusion" and not self.used and self._within_organ(sign):
            kind, family = "lesion", "focal"
        if feature and self.used and self.current and not self.current[0].negated:
            for lesion in self.current:
                lesion.reach(sign.end)
            return
        if kind == "bone_lesion" and feature and not self._bony():
            return
        if kind == "node" and self.used and self._called(sign):
            for lesion in self.current:
                lesion.become_node([])
            return
        if kind == "node" and self.used:
            self._station(sign)
        if self.used and self.side and self.current:
            self._other_side(sign, family)
        if self.used and not direct and self._told_again(family, certainty, sign):
            self._renamed(kind, family, sign)
            return
        if self._spoken_of(sign):
            self.current = [one for one in self.before if not one.negated]
            return
        if feature and self.used and sign.word[:2] in SPOKEN_OF:
            return
        made = self.make(kind, family, sign, certainty)
        if gone:
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
            named = lesion.kind == "lesion" or lesion.family in ("any", "patch")
            if lesion.end == sign.start and named:
                lesion.family, lesion.kind = family, kind
            lesion.reach(sign.end)

    def _told_again(self, family: str, certainty: Certainty, sign: Sign) -> bool:
        """Whether a noun only calls the current lesion by another name."""
        if not self.current:
            return False
        denied = (certainty is Certainty.NEGATED) != self.current[0].negated
        if denied:
            return False
        clause = self.text[max(sign.start - 10, self.current[-1].end) : sign.start]
        if _ANOTHER.search(clause):
            return False
        last = self.current[-1]
        if last.end == sign.start and last.nature != "unclear" and family in ("node", "focal"):
            # 炎性 小淋巴结: the nature stands before the noun.
            return last.kind in ("lesion", "node")
        families = {self.current[0].family, family}
        if len(families) == 1 or families <= {"focal", "patch", "any"}:
            return True
        return families <= {"thickening", "focal", "patch"} and not self.current[0].negated

    def make(
        self,
        kind: str,
        family: str,
        sign: Sign,
        certainty: Certainty,
        sites: list[Site] | None = None,
    ) -> list[Lesion]:
        """New lesions at the places gathered, one for each organ."""
        given = (self.sites() if sites is None else sites) or self._nowhere(family, sign, certainty)
        own = (given is self.group and not self.used) or sites is not None
        made = []
        if self.side and given and given[-1].side is None and given[-1].site != "liver":
            given[-1].side = self.sided(sign.start)[0] if own else None
        beside, self.beside = self.beside, []
        apart = len(given) > 1 and (self._apart(given) or self._each(given, sign))
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
                    family if place.site not in BONY or family != "patch" else "focal",
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
            self._chain(made, beside)
            self.lesions += made
            self.each = made if apart else []
            if apart and self._apart(given):
                self.share(made)
                self.each = []
            self.take()
        return made

    def _nowhere(self, family: str, sign: Sign, certainty: Certainty) -> list[Site]:
        """A noun without any place that the lexicon knows is a lesion, if it is measured."""
        if family not in ("focal", "patch") or certainty is Certainty.NEGATED:
            return []
        waits = any(one.kind == "size" for one in self.pending)
        if not waits and _LENGTH.match(self.text, sign.end) is None:
            return []
        side, start = self.sided(sign.start)
        return [Site("other", "", side, start, start)]

    def _chain(self, made: list[Lesion], beside: list[Site]) -> None:
        """肺结节、胸膜增厚,考虑转移: what follows a list speaks of all that is in it."""
        first = min((made[0].start, *(site.start for site in self.beside)))
        gap = self.text[self.current[-1].end : first] if self.current else "。"
        listed = len(gap) <= 5 and _LISTED.fullmatch(gap) is not None
        same = listed and not self.current[0].negated and not made[0].negated
        self.chain = [*self.chain[-_CHAIN:], *made] if same and self.chain else [*made]
        if same:
            self.beside = [*beside[-_CHAIN:], *self.beside]
        self.current = made


def _kind(kind: str, place: Place) -> str:
    if place.site in BONY and kind in ("nodule", "lesion"):
        return "bone_lesion"
    if place.site == "lymph_node" and kind in ("nodule", "mass", "lesion"):
        return "node"
    return kind
