"""Lengths of what no noun calls a lesion: 大者12mm, 见低回声,约9mm, 软组织增多,范围约35mm.

Such a length is of one more lesion of the kind spoken of, else of what is seen at the place: a
density, a signal, an echo, a bulge. An organ's own size (左肾10.5×4.9cm) is of no lesion.
"""

import re

from etl.notes.fact import Certainty
from etl.notes.naming import Naming
from etl.notes.sign import Sign, line

_MEASURED = re.compile(r"(?:大小|直径|长径|范围|截面|径线|短径|最大径|约)[^,。;]{0,4}$")
# 前列腺体积较前缩小,现约3.6cm: of the organ.
_BULK = ("体积", "大小", "形态", "增大", "饱满")
# What is seen where something is measured that the lexicon has no noun for.
_SEEN = re.compile(
    r"软组织(?:密度)?|息肉样|隆起|膨隆|突起|膨大|菜花|溃疡|囊性?变|[低高无强弱等合性]回声"
    r"|(?:[低高等样性肪]|合|玻璃|组织)密度|[低高异常长短等囊性]{1,2}(?:T[12])?信号"
    r"|(?:高|异常)代谢|缺损区|[脑叶区部](?:出血|坏死|梗死|血肿)"
    r"|[见及示有呈][^,。;未不无]{0,10}?(?:强化|出血|代谢|摄取|肿大者?)"
)
_THICKER = re.compile(r"[^,。;]{0,4}(?:增多|增厚|变厚)")
# Where nothing but a length in two directions tells of it.
_SHOWN = re.compile(r"(?<!未)[见及](?!大小)[^,。;]")
_NO_PART = re.compile("内膜|卵泡")
_NO_LESION = re.compile("结石|扩张|增宽|条索|水肿|管径|内径|未见")
# 胰头部增大,约4.2×3.5cm,考虑癌: a swollen organ that the text elsewhere calls a tumour's.
_SWOLLEN = re.compile("增大|肿大|饱满|膨大")
_TUMOUR = r"[^,。;\n\d]{0,12}(?:癌|瘤(?!术)|转移|占位)"
_SUPPOSED = re.compile("[,;](?:考虑|符合|提示|倾向|拟|疑)" + _TUMOUR)
# 病灶1:右肺上叶,2.3cm: a list of lesions by place.
_ITEM = re.compile(r"病[灶变]\d{0,2}\s?:\s?$")
# So many characters before and after a length tell what it is of.
_BEFORE, _AFTER = 60, 12
# So far behind the findings the impression is looked for.
_REPORT = 2000
_CLAUSE = re.compile(r"[,。;:\n(]")


class Unnamed(Naming):
    """Finds the lesion of a length, where none was named for it."""

    def _second(self, sign: Sign) -> None:
        """One more lesion like the current one, at the place told after 位于."""
        known = [one for one in self.current if not one.negated]
        like = known[-1]
        made = self.make(like.kind, like.family, sign, Certainty.DEFINITE)
        self.chain = [*known, *made]
        for lesion in made:
            if like.sure is not None:
                lesion.judge(like.nature, like.sure, like.cause)

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
        if self._seen():
            return
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

    def _seen(self) -> bool:
        """甲状腺右叶见低回声,约9mm: what is seen at the place is a lesion, since it is measured."""
        size = next(one for one in self.pending if one.kind == "size")
        since = self.context.sentences[self.sentence][0]
        if self.group[-1].site != "nasopharynx":
            since = self.group[0].start
        since = max(since, size.start - _BEFORE)
        if self.current:
            since = max(since, self.current[-1].end)
        stop = _CLAUSE.search(self.text, size.end, size.end + _AFTER)
        until = stop.start() if stop else size.end
        if _NO_PART.search(self.text, since, size.start):
            return False
        seen = _SEEN.search(self.text, since, until)
        if seen is None and size.size and len(size.size.mm) > 1:
            seen = _SHOWN.search(self.text, since, size.start)
            if _NO_LESION.search(self.text, since, size.start):
                seen = None
            seen = seen or self._swollen(since, size)
        if seen is None:
            seen = _ITEM.search(self.text, max(self.group[0].start - 6, 0), self.group[0].start)
        if seen is None:
            return False
        certainty = self.context.certainty(*seen.span())
        if certainty is Certainty.NEGATED:
            return False
        kind, family = "lesion", "focal"
        if seen[0].endswith("肿大") and self.group[-1].region:
            kind = family = "node"
        elif seen[0].startswith("软组织"):
            thick = _THICKER.match(self.text, seen.end())
            kind, family = ("thickening", "thickening") if thick else ("mass", "focal")
        told = Sign("lesion", *seen.span(), line(kind, seen[0]))
        return bool(self.make(kind, family, told, certainty))

    def _swollen(self, since: int, size: Sign) -> re.Match[str] | None:
        """An organ grown by what is called a tumour of it."""
        swollen = _SWOLLEN.search(self.text, since, size.start)
        end = self.context.sentences[self.sentence][1]
        if swollen is None or self.group[-1].region:
            return None
        if _SUPPOSED.search(self.text, size.end, end):
            return swollen
        called = re.compile(re.escape(self.group[-1].word or "\n") + _TUMOUR)
        return swollen if called.search(self.text, size.end, size.end + _REPORT) else None

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
