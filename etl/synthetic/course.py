"""What will happen to a patient with nasopharyngeal carcinoma: one plan, no rows yet."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Lesion:
    """A metastasis. `size_mm` is the longest diameter, for a node the short axis."""

    organ: str
    place: str
    size_mm: int | None
    certainty: str = "definite"  # definite | probable | possible
    shape: str = "one"  # one | small | unsized | effusion
    is_many: bool = False

    @property
    def is_thoracic(self) -> bool:
        """Lung, pleura or mediastinum."""
        return self.organ in ("lung", "pleura", "mediastinum")


@dataclass
class Radiotherapy:
    """A delivered course; dose in Gy."""

    site: str  # nasopharynx | lung | mediastinum | bone | lung_primary
    start: int
    fractions: int
    dose_gy: float
    intent: str = "Curative"
    end: int = 0  # set when the fractions are laid on working days


@dataclass
class Course:
    """The plan of one patient; days are ordinals, None where it does not happen."""

    kind: str
    diagnosed_on: int
    is_here: bool = True
    histology: str = "undifferentiated"
    eber: bool = True
    stage: tuple[str, str, str, str] = ("T3", "N2", "M0", "III")
    induction: str = "none"
    induction_cycles: int = 0
    concurrent: str = "none"
    adjuvant_cycles: int = 0
    primary: Radiotherapy | None = None
    primary_end: int | None = None
    primary_end_wording: str = "month"  # day | month | none, when told in the text only
    metastasis_on: int | None = None
    lesions: list[Lesion] = field(default_factory=list)
    modality: str = "chest_abdomen"
    is_lung_biopsied: bool = False
    pd1: str | None = None
    regimen: str | None = None
    index_on: int | None = None
    cycles: int = 0
    maintenance_cycles: int = 0
    response: str = "SD"
    thoracic_rt: Radiotherapy | None = None
    kps: int | None = 90
    ecog: int | None = 1
    labs: dict[str, str] = field(default_factory=dict)
    has_baseline_labs: bool = True
    adverse: dict[str, int] = field(default_factory=dict)
    progression_on: int | None = None
    recurrence_on: int | None = None
    death_on: int | None = None
    lost_on: int | None = None
    violations: list[str] = field(default_factory=list)
    extras: dict[str, int] = field(default_factory=dict)

    @property
    def near_miss_rule(self) -> str:
        """The one rule that a near miss violates, such as i4; empty for the others."""
        if self.kind != "near_miss":
            return ""
        return self.violations[0].split("_")[0]
