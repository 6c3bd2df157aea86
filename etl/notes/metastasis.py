"""A word for metastasis: of the lesions named before, of a fluid, or a lesion itself (肝转移)."""

import re
from typing import TYPE_CHECKING

from etl.notes.background import reviewed
from etl.notes.by_nature import JUDGED, ByNature
from etl.notes.fact import Certainty
from etl.notes.lesion import Lesion
from etl.notes.sign import Sign

if TYPE_CHECKING:
    from etl.notes.naming import Naming

# 胸水,转移性胸水待排: what the fluid is.
_FLUID = re.compile(r"(?:胸|腹|胸腔|腹腔|心包)?(?:积液|水)")


class OfMetastasis(ByNature):
    """Reads the words for metastasis of one walk."""

    def __init__(self, walk: "Naming") -> None:
        super().__init__(walk)
        self._skip_until = 0

    def _metastasis(self, sign: Sign, sure: Certainty) -> None:
        walk = self.walk
        if reviewed(self.text, sign.end):
            return
        fluid = [one for one in walk.lesions[-8:] if one.family == "effusion" and not one.negated]
        fluid = [one for one in fluid if one.sentence == walk.sentence][-1:]
        if fluid and _FLUID.match(self.text, sign.end):
            fluid[0].judge("metastasis", sure, None)
            return
        node = sign.note == "node"
        site = sign.site
        if sign.word.endswith("性") or sign.word == "转移":
            # 转移性肝癌 is no primary.
            self._skip_until = (
                sign.end + 4
                if self.text.startswith(
                    ("肝癌", "肺癌", "骨肿瘤", "癌", "腺癌", "鳞癌", "恶性肿瘤"), sign.end
                )
                else 0
            )
        current = [one for one in self._current(sign) if one.family != "effusion"]
        if site and not node:
            current = self._of_organ(sign, site, current)
        elif node:
            current = [one for one in current if one.kind == "node"]
        apart = [one for one in current if sure is Certainty.NEGATED and not one.negated]
        if current and not apart and not (one_negated(current) and sure is not Certainty.NEGATED):
            for lesion in current:
                if sure is Certainty.NEGATED:
                    lesion.nature = "metastasis"
                else:
                    lesion.judge("metastasis", sure, None)
                if lesion in walk.current or lesion in walk.chain:
                    lesion.reach(sign.end)
            return
        if node and self._soft_tissue(sign):
            walk.current[0].judge("metastasis", sure, None)
            walk.current[0].become_node(walk.group)
            walk.used = True
            return
        listed = [*walk.chain]
        self._lesion(sign, "metastasis", sure, site, node)
        self._spread(sign, sure, listed)

    def _soft_tissue(self, sign: Sign) -> bool:
        """咽旁间隙结节,考虑咽后淋巴结转移: the nodule is called a node."""
        walk = self.walk
        one = walk.current[0] if walk.current else None
        return (
            one is not None
            and one.site == "other"
            and one.family == "focal"
            and one.sure is None
            and not one.negated
            and JUDGED.search(self.text, one.end, sign.start) is not None
        )


def one_negated(lesions: list[Lesion]) -> bool:
    """Whether the lesions spoken of are denied ones."""
    return any(lesion.negated for lesion in lesions)
