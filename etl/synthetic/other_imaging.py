"""Imaging of the other cancers: the primary and its metastases, or nothing after treatment."""

from __future__ import annotations

from etl.synthetic import bank, told
from etl.synthetic.chance import Chance
from etl.synthetic.course import Lesion
from etl.synthetic.imaging_text import concluded, size_text, tidy
from etl.synthetic.told import Told

Cancer = dict[str, str]


def primary(chance: Chance, row: Cancer, stage: tuple[str, ...]) -> tuple[list[Told], list[Told]]:
    """Findings and impression at diagnosis, with a metastasis where the stage says so."""
    is_nodal = row["site"] == "lymph_node"
    organ = chance.pick(bank.phrases("imaging")["pieces"]["lobes"]) if row["site"] == "lung" else ""
    fields = {"organ": organ or row["organ"], "site": row["site"]}
    key = "lymphoma" if is_nodal else "primary"
    size = _axis(chance) if is_nodal else size_text(chance, Lesion("", "", chance.between(14, 70)))
    seen = tidy(told.say(chance, "imaging", f"others.{key}", size=size, **fields))
    said = told.say(chance, "imaging", f"others.{key}_impression", **fields)
    if stage[2] != "M1":
        return [concluded(seen, said)], [said]
    where = chance.pick(["lung", "liver"] if is_nodal else ["lung", "liver", "node"])
    spread = told.say(chance, "imaging", f"others.metastasis.{where}", size=_axis(chance))
    named = told.say(chance, "imaging", f"others.metastasis_impression.{where}")
    return [concluded(seen, said), concluded(spread)], [said, named]


def clear(chance: Chance, row: Cancer) -> tuple[list[Told], list[Told]]:
    """Findings and impression of a control without recurrence."""
    fields = {"organ": row["organ"], "site": row["site"]}
    key = "lymphoma_clear" if row["site"] == "lymph_node" else "clear"
    seen = told.say(chance, "imaging", f"others.{key}", **fields)
    return [seen], [told.say(chance, "imaging", f"others.{key}_impression", **fields)]


def _axis(chance: Chance) -> Told:
    size = chance.between(12, 38)
    return Told(f"{size / 10:.1f}cm", [{"type": "size", "value": "", "size_mm": str(size)}])
