"""At which places a lesion is: one for each organ gathered, with rules of their own for some kinds.

Fluid, bone and nodes have their own places; "各见一结节" and lengths told place by place part a
group.
"""

import re

from etl.notes.measuring import Measuring
from etl.notes.sign import Sign
from etl.notes.site import BONY, Place, Site, nodal, places

_FLUID = (("胸", "pleura"), ("心包", "other"), ("腹", "peritoneum"), ("盆", "peritoneum"))
_AROUND = re.compile(r"周围|邻近|周边|其内|内部|腔内")
_SOLID = frozenset(("liver", "kidney", "spleen", "brain", "adrenal"))
_APART = frozenset(("liver", "kidney", "spleen", "adrenal"))
_EACH = re.compile(r"各(?:见|有|可见)?")
_RESPECTIVELY = re.compile(
    r"[^。;]{0,6}?(?:直径|大小|长径|径|约|范围)?分别|[^。;]{0,8}?前者|[^。;]{0,3}大小约[^、。;]{3,16}、\d"
)
_CLAUSE_LENGTH = 60
# 4R淋巴结, 7区见肿大淋巴结: a station of the mediastinum; Ⅱ区淋巴结: a level of the neck.
_STATION = re.compile(
    r"(?P<mark>(?P<station>(?:(?<![\d.])|(?<=[;。\n\s]\d\.))(?:1[0-4]|[1-9])(?:[RL]|(?=[区组站]))(?:[、,/及](?:1[0-4]|[1-9])[RL]?)*)"
    r"|(?P<level>(?<![A-Za-z])(?:[ⅠⅡⅢⅣⅤⅥ]|I{1,3}V?|VI?)[abAB]?(?:[、,/\-~及](?:[ⅠⅡⅢⅣⅤⅥ]|I{1,3}V?|VI?)[abAB]?)*(?=[区组]|水平)))"
    r"(?:[区组站]|水平)?[^,。;\dA-Za-z]{0,10}$"
)


class Placing(Measuring):
    """Finds the places of a lesion; `beside` are organs listed with a node."""

    beside: list[Site]

    def _of_place(self, sign: Sign) -> bool:
        """脑实质未见异常信号 denies a lesion; elsewhere a denied uptake or signal is a feature."""
        site = self.group[-1].site if self.group and not self.used else ""
        if site == "brain":
            return "信号" in sign.word or "强化" in sign.word
        return site == "bone" and ("代谢" in sign.word or "浓聚" in sign.word)

    def _within_organ(self, sign: Sign) -> bool:
        """水样密度灶 in the liver is a cyst, no effusion."""
        site = self.group[-1]
        watery = "水样" in sign.word or "液性" in sign.word
        return site.site in _SOLID or (watery and site.word.startswith(("胆", "肝", "肾")))

    def _around_organ(self) -> bool:
        """脾旁见液性暗区: in the abdomen, beside an organ."""
        site = self.group[-1]
        beside = self.text[site.end - 1 : site.end + 1]
        return site.site in ("liver", "spleen") and any(word in beside for word in "旁周前")

    def _bony(self) -> bool:
        return not self.used and any(site.site in BONY for site in self.group)

    def _around(self, sign: Sign) -> bool:
        """Whether a denied lesion is but said to be absent around another one."""
        sentence = max(self.context.sentences[self.sentence][0], sign.start - _CLAUSE_LENGTH)
        clause = max(self.text.rfind(",", sentence, sign.start), sentence - 1) + 1
        return bool(self.current) and _AROUND.match(self.text, clause) is not None

    def _apart(self, sites: list[Site]) -> bool:
        """右肺上叶(15mm)、右肺下叶(9mm)各见一结节: places with a length each."""
        lengths = [sign for sign in self.pending if sign.kind == "size"]
        if not len(sites) == len(lengths) > 1 or lengths[0].end > sites[1].start:
            return False
        return all(site.end <= sign.start for site, sign in zip(sites, lengths, strict=True))

    def _each(self, sites: list[Site], sign: Sign) -> bool:
        """右额叶、左小脑各见一结节, 直径分别为: a lesion at each place."""
        if sites[0].site in BONY or len({site.site for site in sites}) > 1:
            return False
        if _EACH.search(self.text, sites[-1].end, sign.start):
            return True
        return sites[0].site in ("lung", "brain") and (
            _RESPECTIVELY.match(self.text, sign.end) is not None
        )

    def _station(self, sign: Sign) -> None:
        """Gather the place of a node that is called by its station or level alone."""
        since = max(self.context.sentences[self.sentence][0], sign.start - 30)
        since = max(since, self.current[-1].end) if self.current else since
        found = _STATION.search(self.text, since, sign.start)
        if found is None:
            return
        start = found.start()
        side = self.sided(start)[0]
        where = ("mediastinum", "mediastinum") if found["station"] else ("lymph_node", "cervical")
        self.group, self.used = [Site(*where, side, start, found.end("mark"))], False

    def _places(self, sites: list[Site], kind: str, sign: Sign, own: bool) -> list[Place]:
        """The places of a lesion: fluid, bone and nodes have their own."""
        if kind == "effusion":
            told = next((site for part, site in _FLUID if part in sign.word), None)
            if told or not sites:
                side, start = self.sided(sign.start)
                side = side or (sites[-1].side if sites and own else None)
                where = Site(told or "pleura", "", side, start, sign.end)
                sites = [where]
        if not sites and "浓聚" in sign.word and "骨" in self.text:
            sites = [Site("bone", "", None, sign.start, sign.end)]
        if kind == "effusion" and sites and sites[-1].site == "lung":
            sites = [Site("pleura", "", one.side, one.start, one.end) for one in sites[-1:]]
        if kind == "bone_lesion" and any("蝶窦" in site.word for site in sites):
            sites = [
                Site("skull_base", "", one.side, one.start, one.end, one.word) for one in sites
            ]
        if kind == "bone_lesion" and sites and not any(site.site in BONY for site in sites):
            sites = [Site("bone", "", sites[-1].side, sites[0].start, sites[-1].end)]
        if kind == "bone_lesion" and not sites:
            sites = [Site("bone", "", None, sign.start, sign.end)]
        if kind == "node" and not own:
            # 肝脏多发转移。淋巴结肿大: the nodes are not those of the liver.
            sites = [site for site in sites if site.site in ("lymph_node", "mediastinum")]
        if kind == "node":
            self.beside = [site for site in sites if own and not site.region]
            organs = [site for site in sites[:-1] if site.region and site.site in _APART]
            if own and organs:
                # 肝、腹膜后淋巴结转移: the liver has spread, and no nodes of its own.
                self.beside += organs
                sites = [site for site in sites if site not in organs]
            nodes = [node for site in sites if (node := nodal(site))]
            # 全身多发淋巴结 after another organ's sentence: of no region, and not of that organ.
            region = "other" if own else ""
            sites = nodes or [
                Site("lymph_node", region, site.side if own else None, sign.start, sign.end)
                for site in sites[-1:]
            ]
            sites = sites or [Site("lymph_node", "", None, sign.start, sign.end)]
        return places(sites)
