"""A lesion while a report is read, and the fact that it becomes."""

import re
from dataclasses import dataclass
from typing import Any

from etl.notes.fact import Certainty, Fact
from etl.notes.site import Site

MODALITIES_MEASURED = ("CT", "MR", "PET/CT")
# RECIST 1.1: longest diameter of a lesion, short axis of a node, in mm.
MEASURABLE_MM, MEASURABLE_NODE_MM = 10, 15
_PLURAL = 2
# Stones, strands, emphysema: told of most patients, no lesion that anybody asks for.
VARIANT = "variant"
# What an operation has left behind, no inflammation beside it.
SURGERY = "surgery"
_CAUSES = {SURGERY: "post_treatment", VARIANT: None}
# Where fluid is the rule after irradiation of the nasopharynx, or of age.
_CALCIFIED = re.compile("动脉|冠脉|血管|前列腺|瓣膜|主动脉")
_WET = re.compile("乳突|窦|中耳|关节")


@dataclass(slots=True)
class Lesion:
    """One lesion or group of lesions at one site, as far as the text has told."""

    kind: str
    family: str
    site: str
    region: str | None
    side: str | None
    sites: list[Site]
    start: int
    end: int
    sentence: int
    site_text: str
    certainty: Certainty
    nature: str = "unclear"
    sure: Certainty | None = None
    cause: str | None = None
    multiple: bool = False
    number: int | None = None
    size: tuple[float, ...] = ()
    limit: str | None = None
    short: float | None = None
    suv: float | None = None
    trend: str | None = None
    apart: bool = False
    cystic: bool = False
    parts: frozenset[str] = frozenset()
    section: int = 0
    line: int = 0

    @property
    def negated(self) -> bool:
        """Whether the text denies it."""
        return self.certainty is Certainty.NEGATED

    @property
    def idle(self) -> bool:
        """Whether it is no finding: a shadow of which nothing else is told, a stone, a strand."""
        if self.cause == VARIANT:
            return self.family != "patch" or self.trend in (None, "stable", "gone")
        if self.kind == "effusion" and self.site == "other":
            return _WET.search(self.site_text) is not None
        if self.site == "other" and _CALCIFIED.search(self.site_text) and not self.size:
            return self.nature == "benign" and not self.trend
        told = self.size or self.suv or self.trend or self.sure is not None
        return self.kind == "lesion" and not self.negated and not told

    @property
    def plural(self) -> bool:
        """Whether it is several lesions."""
        several = self.multiple or (self.number or 0) >= _PLURAL or self.side == "both"
        return several or len(self.sites) >= _PLURAL

    @property
    def regions(self) -> frozenset[str]:
        """The regions of nodes."""
        if self.site != "lymph_node":
            return frozenset()
        return frozenset(site.region for site in self.sites if site.region)

    @property
    def held(self) -> Certainty:
        """How sure the text is: of its nature where told, else that it is there."""
        if self.sure is None or self.certainty is Certainty.NEGATED:
            return self.certainty
        return self.sure

    def judge(self, nature: str, sure: Certainty, cause: str | None) -> None:
        """Take a nature told: the surer one counts, of equals metastasis before the others."""
        if self.sure is None or sure > self.sure:
            better = True
        elif sure == self.sure and nature != self.nature:
            better = nature == "metastasis" and sure is Certainty.POSSIBLE
        else:
            better = False
        if better:
            self.nature, self.sure, self.cause = nature, sure, cause
        elif nature == self.nature == "benign" and (cause or self.cause == VARIANT):
            self.cause = cause if self.cause == VARIANT else self.cause or cause

    def become_node(self, sites: list[Site]) -> None:
        """It is a node after all, in the region where it is called one."""
        self.kind, self.family = "node", "node"
        if self.site == "mediastinum":
            return
        self.site = "lymph_node"
        self.region = next((site.region for site in sites if site.region), None)
        self.sites = sites or self.sites

    def reach(self, end: int) -> None:
        """Its words go on to a place."""
        if end > self.end:
            self.end = end

    def fact(self, modality: str | None, rule: str) -> Fact:
        """The lesion as a fact; sizes without a fraction are whole numbers."""
        size = [_whole(mm) for mm in self.size]
        held = self.held
        detail: dict[str, Any] = {
            "nature": self.nature,
            "site": self.site,
            "region": (self.region or "other") if self.site == "lymph_node" else None,
            "site_text": self.site_text or None,
            "side": self.side,
            "cause": _CAUSES.get(self.cause, self.cause) if self.cause else None,
            "number": self.number,
            "multiple": True if self.multiple else None,
            "size_mm": size or None,
            "size_limit": self.limit,
            "short_axis_mm": None if self.short is None else _whole(self.short),
            "suv_max": self.suv,
            "trend": self.trend,
            "measurable": self._measurable(modality) if size and held else None,
        }
        return Fact("finding", self.kind, (self.start, self.end), held, rule, detail)

    def _measurable(self, modality: str | None) -> bool:
        if self.held < Certainty.PROBABLE or self.limit or self.kind in ("effusion", "thickening"):
            return False
        if modality is not None and modality not in MODALITIES_MEASURED:
            return False
        if self.kind == "node":
            axis = self.short or (min(self.size) if len(self.size) > 1 else 0)
            return axis >= MEASURABLE_NODE_MM
        return max(self.size) >= MEASURABLE_MM


def _whole(mm: float) -> float:
    return int(mm) if mm == int(mm) else mm
