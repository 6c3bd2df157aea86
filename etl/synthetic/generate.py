"""The invented hospital: patients, courses, tables, mess; one call writes a folder."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np

from etl.errors import UsageError
from etl.synthetic import bank, calendar, journey, labs, other_cancers, text_fact, truth
from etl.synthetic.batch import Planted
from etl.synthetic.chance import Chance
from etl.synthetic.hospital import Frame, Hospital, frame_of
from etl.synthetic.patients import make_person, write_master_index
from etl.synthetic.plan import plan_course
from etl.synthetic.traps import plant, table_encodings
from etl.synthetic.visits import Chart
from etl.synthetic.write import TableWriter, append_rows

_BATCH = 1000
_MARKER = "GENERATED.json"
_FORMATS = ("csv", "csv.gz", "parquet")
_ENCODINGS = ("utf-8", "gb18030")


def generate(
    patients: int,
    seed: int,
    out: Path,
    mess: float = 0.5,
    format: str = "csv",
    encoding: str = "utf-8",
) -> None:
    """Write the 18 tables, GENERATED.json and _truth/ of an invented hospital to `out`.

    The same arguments give the same bytes. `mess` from 0 (clean) to 1 scales the traps.
    Raises UsageError when an argument is impossible or `out` holds something else.
    """
    out = Path(out)
    _check(patients, out, mess, format, encoding)
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = out.with_name(f".{out.name}.unfinished-{os.getpid()}")
    former = out.with_name(f".{out.name}.former-{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "_truth").mkdir(parents=True)
    try:
        _write(fresh, patients, seed, mess, format, encoding)
        if out.exists():
            out.rename(former)  # set aside, so that an interrupt never leaves half a hospital
        fresh.rename(out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if former.exists() and not out.exists():
            former.rename(out)
        shutil.rmtree(former, ignore_errors=True)


def _check(patients: int, out: Path, mess: float, format: str, encoding: str) -> None:
    if patients < 1:
        raise UsageError(f"--patients {patients}: at least one patient is needed")
    if not 0 <= mess <= 1:
        raise UsageError(f"--mess {mess}: give a number from 0 to 1")
    if format not in _FORMATS:
        raise UsageError(f"--format {format}: give one of {', '.join(_FORMATS)}")
    if encoding not in _ENCODINGS:
        raise UsageError(f"--encoding {encoding}: give one of {', '.join(_ENCODINGS)}")
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out.name}: is a file; name a folder")
    if out.exists() and any(out.iterdir()) and not (out / _MARKER).exists():
        raise UsageError(
            f"{out.name}: the folder holds other files; name a new one, nothing was written"
        )


def _write(folder: Path, patients: int, seed: int, mess: float, format: str, encoding: str) -> None:
    hospital = Hospital()
    chance = Chance(seed, 1)
    encodings = table_encodings(chance, mess if format != "parquet" else 0.0, encoding)
    writers = {
        table: TableWriter(folder, table, columns, format, *encodings[table])
        for table, columns in bank.schema().items()
    }
    planted = Planted()
    for table, (name, bom) in encodings.items():
        if name != encoding or bom:
            planted.add(10, "mixed_encodings", table, f"{name}{' with BOM' if bom else ''}")
    for start in range(0, patients, _BATCH):
        numbers = range(start + 1, min(start + _BATCH, patients) + 1)
        hospital.start_batch()
        known = [_patient(hospital, seed, number) for number in numbers]
        frames = {name: frame_of(sheet) for name, sheet in hospital.sheets.items()}
        generator = np.random.default_rng([seed, 2, start])
        frames["LIS_JG"] = labs.expand(hospital.labs, generator)
        facts = hospital.text_facts
        plant(frames, known, mess, [seed, 3, start], planted, facts, is_first=start == 0)
        for table, frame in frames.items():
            writers[table].write(Frame(frame.columns, frame.person))
        _append_truth(folder / "_truth", known, planted)
        append_rows(folder / "_truth" / "text_fact.csv", text_fact.COLUMNS, facts.rows)
    for writer in writers.values():
        writer.close()
    marker = {
        "generator": "npc-omop",
        "seed": seed,
        "patients": patients,
        "mess": mess,
        "extract_on": calendar.iso(calendar.window()[1]),
    }
    (folder / _MARKER).write_text(json.dumps(marker, indent=1) + "\n", encoding="utf-8")


def _append_truth(folder: Path, known: list[truth.Truth], planted: Planted) -> None:
    """What is true of one batch, and which traps stand in it."""
    people = [item.patient for item in known]
    append_rows(folder / "patient.csv", truth.PATIENT_COLUMNS, people)
    criteria = [row for item in known for row in item.criteria]
    append_rows(folder / "criterion.csv", truth.CRITERION_COLUMNS, criteria)
    append_rows(folder / "trap.csv", planted.columns, planted.rows)
    planted.rows.clear()


def _patient(hospital: Hospital, seed: int, number: int) -> truth.Truth:
    """All rows of one patient; what is true about them."""
    chance = Chance(seed, 4, number)
    setting = bank.parameters()
    if not chance.yes(setting["npc_share"]):
        cancer, is_male, born, start = other_cancers.draw(chance)
        person = make_person(hospital, chance, number, is_male, born)
        chart = Chart(hospital, person, chance)
        other_cancers.live(chart, cancer, start)
        write_master_index(hospital, chance, person)
        return truth.of_other(person, cancer)
    kind = chance.weighted(setting["kinds"])
    course, is_male, born = plan_course(chance, kind)
    person = make_person(hospital, chance, number, is_male, born)
    journey.live(Chart(hospital, person, chance), course)
    write_master_index(hospital, chance, person)
    return truth.of_npc(person, course)
