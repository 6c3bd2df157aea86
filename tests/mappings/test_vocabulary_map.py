"""The code map with a full vocabulary: who wins, and what an upgrade may and may not change."""

import csv
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from etl.engine.duckdb import connect
from etl.errors import ContractError
from etl.settings import Settings
from etl.vocabulary.maps.code_map import write_code_map
from etl.vocabulary.maps.codelist import write_codelists
from etl.vocabulary.maps.map_file import HEADER
from etl.vocabulary.starter import write_starter

# A download in small: id, name, domain, vocabulary, standard, code, invalid.
CONCEPTS = """
    700 | Malignant tumor of lung       | Condition   | SNOMED     | S | 363358000 | -
    701 | Bacterial pneumonia           | Condition   | SNOMED     | S | 53084003  | -
    702 | History of event              | Observation | SNOMED     | S | 1340204   | -
    703 | Retired pneumonia             | Condition   | SNOMED     | - | 999       | U
    704 | Pneumonia due to streptococci | Condition   | SNOMED     | S | 998       | -
    710 | Lung cancer, ICD10            | Condition   | ICD10      | - | C34.9     | -
    711 | Pneumonia, ICD10              | Condition   | ICD10      | - | J15       | -
    712 | Pneumonia, ICD10CN            | Condition   | ICD10CN    | - | J15       | -
    713 | Lung history, ICD10           | Observation | ICD10      | - | Z85.1     | -
    714 | Metastasis, ICD10             | Condition   | ICD10      | - | C78.0     | -
    715 | Points nowhere                | Condition   | ICD10      | - | Q99.9     | -
    720 | toripalimab 240 MG            | Drug        | NCCD       | - | XL01      | -
    721 | toripalimab Injection         | Drug        | RxNorm     | S | 123       | -
"""
MAPS_TO = [
    (710, 700, "Maps to"),
    (711, 701, "Maps to"),
    (712, 704, "Maps to"),
    (713, 702, "Maps to"),
    (713, 700, "Maps to value"),
    (714, 700, "Maps to"),
    (715, 703, "Maps to"),
    (720, 721, "Maps to"),
]
LOOKUP = """source_vocabulary_id,position,vocabulary_id,matched_by,code_like,note
npc_drug,1,NCCD,name,,
npc_icd10,1,ICD10CN,code,,
npc_icd10,2,ICD10,code,,
"""


class Bundle:
    """The starter vocabulary made a full one by a few concepts, and maps of one's own."""

    def __init__(self, folder: Path, mappings: Path) -> None:
        self.mappings = mappings
        self.vocabulary = mappings / "vocabulary"
        source = self.vocabulary.resolve()
        self.vocabulary.unlink()
        self.vocabulary.mkdir()
        for path in source.glob("*.csv"):
            (self.vocabulary / path.name).write_bytes(path.read_bytes())
        (self.vocabulary / "source_vocabulary.csv").write_text(LOOKUP)
        for line in CONCEPTS.strip().splitlines():
            self.concept(*(cell.strip().replace("-", "") for cell in line.split(" | ")))
        for row in MAPS_TO:
            self.relate(*row)
        self.synonym(720, "特瑞普利单抗注射液")
        self.edit("vocabulary", "starter 2026-11-22", "v5.0 27-FEB-26")
        self.settings = Settings(home=folder / "home")

    def add(self, table: str, row: list[object]) -> None:
        with (self.vocabulary / f"{table}.csv").open("a", encoding="utf-8", newline="") as text:
            csv.writer(text, lineterminator="\n").writerow(row)

    def concept(self, *cells: str) -> None:
        concept_id, name, domain, vocabulary, standard, code, invalid = cells
        dates = ["1970-01-01", "2099-12-31"]
        row = [concept_id, name, domain, vocabulary, "Undefined", standard, code, *dates, invalid]
        self.add("concept", list(row))

    def relate(self, one: int, other: int, relationship: str) -> None:
        dates = ["1970-01-01", "2099-12-31"]
        self.add("concept_relationship", [one, other, relationship, *dates, ""])

    def synonym(self, concept: int, name: str) -> None:
        self.add("concept_synonym", [concept, name, 2000000053])

    def edit(self, table: str, old: str, new: str) -> None:
        path = self.vocabulary / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def curate(self, name: str, *lines: str) -> None:
        text = "\n".join([",".join(HEADER), *lines]) + "\n"
        (self.mappings / "concepts" / f"{name}.csv").write_text(text, encoding="utf-8")

    def source_concept(self, code: str, vocabulary: str = "npc_icd10") -> list[int]:
        self.code_map(code, vocabulary)
        path = self.settings.lake / "vocabulary" / "code_map.parquet"
        found = "SELECT DISTINCT source_concept_id FROM '{}' WHERE source_code = '{}'"
        return [concept for (concept,) in duckdb.sql(found.format(path, code)).fetchall()]

    def code_map(
        self, code: str, vocabulary: str = "npc_icd10", written: str = ""
    ) -> list[tuple[object, ...]]:
        with connect(self.settings) as con:
            if written:
                con.execute("CREATE SCHEMA raw")
                con.execute(f"CREATE TABLE raw.ZD_ZDJL AS SELECT '{written}' AS ZDBM")
                places = ", ".join(f"NULL AS JBDM{place}" for place in ["", *range(1, 16)])
                con.execute(f"CREATE TABLE raw.BA_SY AS SELECT {places}")
            write_starter(self.settings.lake, self.mappings, con)
            write_code_map(self.settings.lake, self.mappings, con)
            path = self.settings.lake / "vocabulary" / "code_map.parquet"
            return con.execute(
                f"SELECT concept_id, status FROM '{path}'"
                " WHERE source_vocabulary_id = ? AND source_code = ? ORDER BY target_no",
                [vocabulary, code],
            ).fetchall()


@pytest.fixture
def bundle(mappings: Path, tmp_path: Path) -> Bundle:
    """A full vocabulary without any map."""
    return Bundle(tmp_path, mappings)


LUNG = "C78.0,肺转移,Cancer Modifier,OMOP4999962,36770283,Metastasis to lung"
SIGNED = "npc-omop,a,2026-11-22"


def test_a_curated_line_wins_over_the_vocabularys_own_map(bundle: Bundle) -> None:
    bundle.curate("npc_icd10", f"{LUNG},approved,{SIGNED},")
    assert bundle.code_map("C78.0") == [(36770283, "approved")]


def test_a_code_that_nobody_curated_takes_the_vocabularys_own_map(bundle: Bundle) -> None:
    assert bundle.code_map("C34.9") == [(700, "vocabulary")]


def test_the_vocabulary_named_first_decides(bundle: Bundle) -> None:
    assert bundle.code_map("J15") == [(704, "vocabulary")]


def test_a_target_that_is_no_longer_valid_is_none(bundle: Bundle) -> None:
    assert bundle.code_map("Q99.9") == []


@pytest.mark.parametrize(
    "line",
    [
        "J15,肺炎,NPC-OMOP,pneumonia,2000000320,Infectious pneumonia,draft,npc-omop,,,",
        f"J15,肺炎,,,0,No matching concept,no_match,{SIGNED},Condition: none until Athena",
        "J15,肺炎,,,253506,Pneumonitis,draft,npc-omop,,,broader until Athena",
    ],
)
def test_a_line_that_stands_in_gives_way_to_the_vocabulary(bundle: Bundle, line: str) -> None:
    bundle.curate("npc_icd10", line)
    assert bundle.code_map("J15") == [(704, "vocabulary")]


def test_a_decision_that_nothing_fits_does_not_give_way(bundle: Bundle) -> None:
    bundle.curate("npc_icd10", f"J15,x,,,0,No matching concept,no_match,{SIGNED},Condition: no")
    assert bundle.code_map("J15") == [(0, "no_match")]


def test_a_stand_in_serves_where_the_vocabulary_is_silent(bundle: Bundle) -> None:
    line = "E87.6,低钾血症,NPC-OMOP,hypokalaemia,2000000321,Hypokalaemia,draft,npc-omop,,,"
    bundle.curate("npc_icd10", line)
    assert bundle.code_map("E87.6") == [(2000000321, "draft")]


def test_a_local_second_target_stays_beside_a_real_one(bundle: Bundle) -> None:
    bundle.curate(
        "npc_icd10",
        f"C78.0,肺转移,,,36768587,Spread to lymph node,approved,{SIGNED},",
        "C78.0,肺转移,NPC-OMOP,node_pelvic,2000000309,Spread to intrapelvic lymph node,draft,a,,,",
    )
    assert bundle.code_map("C78.0") == [(36768587, "approved"), (2000000309, "draft")]


def test_a_value_is_kept_beside_its_history(bundle: Bundle) -> None:
    assert bundle.code_map("Z85.1") == [(702, "vocabulary")]
    path = bundle.settings.lake / "vocabulary" / "code_map.parquet"
    value = f"SELECT value_as_concept_id FROM '{path}' WHERE source_code = 'Z85.1'"
    assert duckdb.sql(value).fetchall() == [(700,)]


def test_a_drug_is_found_by_its_chinese_name(bundle: Bundle) -> None:
    assert bundle.code_map("特瑞普利单抗注射液", "npc_drug") == [(721, "vocabulary")]


def test_the_concept_of_the_code_itself_stands_beside_its_target(bundle: Bundle) -> None:
    assert bundle.source_concept("C34.9") == [710]
    assert bundle.source_concept("J15") == [712]  # of the vocabulary named first
    bundle.curate("npc_icd10", f"{LUNG},approved,{SIGNED},")
    assert bundle.source_concept("C78.0") == [714]  # of a curated code too


def test_a_valid_concept_of_a_code_goes_before_a_retired_one(bundle: Bundle) -> None:
    bundle.concept("709", "Lung cancer, once", "Condition", "ICD10", "", "C34.9", "U")
    assert bundle.source_concept("C34.9") == [710]


def test_a_name_that_several_concepts_bear_names_none(bundle: Bundle) -> None:
    assert bundle.source_concept("特瑞普利单抗注射液", "npc_drug") == [720]
    bundle.concept("722", "toripalimab 80 MG", "Drug", "NCCD", "", "XL02", "")
    bundle.synonym(722, "特瑞普利单抗注射液")
    assert bundle.source_concept("特瑞普利单抗注射液", "npc_drug") == [0]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("C34.900x001", [(700, "vocabulary")]),
        ("I10+c34.9*", [(700, "vocabulary")]),
        ("C50.900", []),
    ],
)
def test_only_what_the_hospital_writes_is_taken_from_the_vocabulary(
    bundle: Bundle, written: str, found: list[tuple[object, ...]]
) -> None:
    assert bundle.code_map("C34.9", written=written) == found


def test_a_renamed_concept_stops_nothing(bundle: Bundle) -> None:
    bundle.edit("concept", "36770283,Metastasis to lung", "36770283,Metastasis to the Lung")
    bundle.curate("npc_icd10", f"{LUNG},approved,{SIGNED},")
    assert bundle.code_map("C78.0") == [(36770283, "approved")]


def test_a_retired_target_stops_the_run_and_names_what_replaced_it(bundle: Bundle) -> None:
    bundle.concept("799", "Metastasis to lung (new)", "Measurement", "SNOMED", "S", "x9", "")
    bundle.relate(36770283, 799, "Maps to")
    bundle.edit("concept_relationship", "36770283,36770283,Maps to,", "36770283,36770283,Was,")
    bundle.edit(
        "concept",
        "36770283,Metastasis to lung,Measurement,Cancer Modifier,Metastasis,S,",
        "36770283,Metastasis to lung,Measurement,Cancer Modifier,Metastasis,,",
    )
    bundle.curate("npc_icd10", f"{LUNG},approved,{SIGNED},")
    with pytest.raises(ContractError, match=r"npc_icd10.csv line 2 .* map to 799 \(Metastasis"):
        bundle.code_map("C78.0")


def test_a_local_concept_gives_way_to_the_one_that_replaces_it(bundle: Bundle) -> None:
    local = "2000000321,Hypokalaemia,Condition,NPC-OMOP,Disorder,S,hypokalaemia,低钾血症,"
    text = (bundle.vocabulary / "local_concept.csv").read_text(encoding="utf-8")
    assert local in text
    bundle.concept("798", "Hypokalemia", "Condition", "SNOMED", "S", "43339004", "")
    bundle.relate(2000000321, 798, "Maps to")
    line = "E87.6,低钾血症,NPC-OMOP,hypokalaemia,2000000321,Hypokalaemia,draft,npc-omop,,,"
    bundle.curate("npc_icd10", line)
    assert bundle.code_map("E87.6") == [(798, "draft")]


def test_a_code_with_more_targets_than_event_ids_allow_is_an_error(bundle: Bundle) -> None:
    for number in range(800, 811):
        bundle.concept(str(number), f"Part {number}", "Condition", "SNOMED", "S", f"p{number}", "")
        bundle.relate(710, number, "Maps to")
    with pytest.raises(ContractError, match=r"npc_icd10 code C34.9 has more than 10 targets"):
        bundle.code_map("C34.9")


def test_a_wrong_lookup_is_told_by_file(bundle: Bundle) -> None:
    (bundle.vocabulary / "source_vocabulary.csv").write_text("source,vocabulary\n")
    with pytest.raises(ContractError, match=r"mappings/vocabulary/source_vocabulary\.csv: wrong"):
        bundle.code_map("C34.9")


@pytest.fixture
def codelist(bundle: Bundle) -> Callable[[str], list[tuple[object, ...]]]:
    """Write one codelist of these lines and read it back."""

    def write(lines: str) -> list[tuple[object, ...]]:
        path = bundle.mappings / "codelists" / "some.csv"
        path.write_text(f"concept_id,concept_name,code,note\n{lines}\n", encoding="utf-8")
        with connect(bundle.settings) as con:
            write_starter(bundle.settings.lake, bundle.mappings, con)
            write_codelists(bundle.settings.lake, bundle.mappings, con)
            lake = bundle.settings.lake / "vocabulary" / "codelist.parquet"
            return con.execute(f"SELECT concept_id FROM '{lake}' ORDER BY 1").fetchall()

    return write


def test_a_clinical_drug_counts_as_its_ingredient(
    bundle: Bundle, codelist: Callable[[str], list[tuple[object, ...]]]
) -> None:
    bundle.add("concept_ancestor", [747052, 721, 1, 1])
    assert codelist("747052,toripalimab,,") == [(721,), (747052,)]


def test_a_listed_metastasis_does_not_draw_in_those_below_it(
    bundle: Bundle, codelist: Callable[[str], list[tuple[object, ...]]]
) -> None:
    bundle.add("concept_ancestor", [36769180, 36768587, 1, 1])
    assert codelist("36769180,Metastasis,,") == [(36769180,)]
