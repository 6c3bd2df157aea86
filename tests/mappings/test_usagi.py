"""The way to Usagi and back: what it is given, and what of its answers is taken."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from etl.engine.duckdb import connect
from etl.errors import ContractError, EtlError, NotFoundError
from etl.settings import Settings
from etl.vocabulary.maps.map_file import HEADER
from etl.vocabulary.starter import write_starter
from etl.vocabulary.usagi.export import UsagiSource, in_english, usagi_sources
from etl.vocabulary.usagi.take_in import Imported, import_usagi

COLUMNS = (
    "sourceCode,sourceName,sourceFrequency,sourceAutoAssignedConceptIds,matchScore,mappingStatus,"
    "equivalence,statusSetBy,statusSetOn,conceptId,conceptName,domainId,mappingType,comment,"
    "createdBy,createdOn,assignedReviewer"
)
MOMENT = 1_780_000_000_000  # 2026-05-28
OLD = [
    "D64.9,贫血,SNOMED,271737000,439777,Anemia,approved,npc-omop,wang,2026-11-22,",
    "R64,恶病质,NPC-OMOP,cachexia,2000000323,Cachexia,draft,npc-omop,,,",
    "Z99.2,透析,,,0,No matching concept,no_match,npc-omop,wang,2026-11-22,Observation: none",
]


def answer(
    code: str = "npc_icd10:R64",
    name: str = "恶病质",
    status: str = "APPROVED",
    equivalence: str = "EQUAL",
    reviewer: str = "li",
    concept: str = "4229881",
    concept_name: str = "Weight loss",
    kind: str = "MAPS_TO",
    comment: str = "",
) -> str:
    return (
        f"{code},{name},12,,0.7,{status},{equivalence},{reviewer},{MOMENT},{concept},"
        f"{concept_name},Condition,{kind},{comment},chen,{MOMENT},"
    )


@pytest.fixture
def take(mappings: Path, tmp_path: Path) -> Callable[..., Imported]:
    """Import these lines into a map of three."""
    text = "\n".join([",".join(HEADER), *OLD]) + "\n"
    (mappings / "concepts" / "npc_icd10.csv").write_text(text, encoding="utf-8")
    settings = Settings(home=tmp_path / "home")

    def take(*lines: str, **options: object) -> Imported:
        file = tmp_path / "usagi.csv"
        file.write_text("\n".join([COLUMNS, *lines]) + "\n", encoding="utf-8")
        with connect(settings) as con:
            write_starter(settings.lake, mappings, con)
            return import_usagi(file, mappings, settings.lake, con, **options)  # type: ignore[arg-type]

    return take


def lines_of(mappings: Path) -> list[str]:
    text = (mappings / "concepts" / "npc_icd10.csv").read_text(encoding="utf-8")
    return text.splitlines()[1:]


def test_an_approved_line_takes_the_place_of_a_draft(
    take: Callable[..., Imported], mappings: Path
) -> None:
    assert take(answer()) == Imported({"npc_icd10": 1}, {"npc_icd10": 1})
    signed = "chen,li,2026-05-28"
    found = f"R64,恶病质,SNOMED,89362005,4229881,Weight loss,approved,{signed},"
    assert lines_of(mappings) == [OLD[0], found, OLD[2]]


def test_what_is_not_approved_is_left_alone(take: Callable[..., Imported], mappings: Path) -> None:
    assert take(answer(status="UNCHECKED"), answer(status="FLAGGED")) == Imported({}, {})
    assert lines_of(mappings) == OLD


def test_new_codes_are_put_in_their_place(take: Callable[..., Imported], mappings: Path) -> None:
    take(
        answer("npc_icd10:A09", "腹泻", concept="196523", concept_name="Diarrhea"),
        answer("npc_icd10:r53 ", "乏力", concept="4223659", concept_name="Fatigue"),
    )
    assert [line.split(",")[0] for line in lines_of(mappings)] == [
        "A09",
        "D64.9",
        "R53",
        "R64",
        "Z99.2",
    ]


def test_two_targets_of_a_code_keep_their_order(
    take: Callable[..., Imported], mappings: Path
) -> None:
    take(answer(), answer(concept="4223659", concept_name="Fatigue"))
    assert [line.split(",")[4] for line in lines_of(mappings)] == [
        "439777",
        "4229881",
        "4223659",
        "0",
    ]


@pytest.mark.parametrize("equivalence", ["WIDER", "NARROWER", "INEXACT"])
def test_a_concept_that_is_not_equal_is_a_draft(
    take: Callable[..., Imported], mappings: Path, equivalence: str
) -> None:
    take(answer(equivalence=equivalence))
    line = lines_of(mappings)[1]
    assert ",draft,chen,li,2026-05-28," in line
    assert line.endswith(f"{equivalence.lower()} concept (Usagi)")


def test_unmatched_is_a_decision_that_nothing_fits(
    take: Callable[..., Imported], mappings: Path
) -> None:
    take(answer(equivalence="UNMATCHED", concept="0", concept_name="Unmapped"))
    line = lines_of(mappings)[1]
    assert line.startswith("R64,恶病质,,,0,No matching concept,no_match,chen,li,")
    assert line.endswith("Condition: nothing fits (Usagi)")


@pytest.mark.parametrize("code", ["npc_icd10:D64.9", "npc_icd10:Z99.2"])
def test_a_reviewed_line_is_never_overwritten_unasked(
    take: Callable[..., Imported], mappings: Path, code: str
) -> None:
    with pytest.raises(ContractError, match="by wang on 2026-11-22: settle it with them"):
        take(answer(), answer(code))
    assert lines_of(mappings) == OLD
    take(answer(code), replace=True)
    assert "4229881" in "".join(lines_of(mappings))


def test_the_same_decision_again_is_no_conflict(
    take: Callable[..., Imported], mappings: Path
) -> None:
    take(answer("npc_icd10:D64.9", "贫血", concept="439777", concept_name="Anemia"))
    assert ",approved,chen,li,2026-05-28," in lines_of(mappings)[0]


@pytest.mark.parametrize(
    ("line", "where", "what"),
    [
        (answer("R64"), "sourceCode", "does not name its map"),
        (answer("npc_magic:R64"), "sourceCode", "there is no map npc_magic"),
        (answer("npc_icd10:"), "sourceCode", "is empty"),
        (answer(concept="99"), "conceptId", "99 is not in the loaded vocabulary"),
        (answer(concept="x"), "conceptId", "is no number"),
        (answer(concept="4132135", concept_name="Absent"), "conceptId", "is not standard"),
        (answer(concept_name="Loss"), "conceptName", "the vocabulary says 'Weight loss'"),
        (answer(kind="MAPS_TO_VALUE"), "mappingType", "only MAPS_TO"),
        (answer(equivalence="UNREVIEWED"), "equivalence", "review the line"),
        (answer(reviewer=""), "statusSetBy", "needs its reviewer"),
    ],
)
def test_one_wrong_line_and_nothing_is_taken(
    take: Callable[..., Imported], mappings: Path, line: str, where: str, what: str
) -> None:
    good = answer("npc_icd10:A09", "腹泻", concept="196523", concept_name="Diarrhea")
    with pytest.raises(ContractError) as error:
        take(good, line)
    assert f"usagi.csv line 3 column {where}: " in str(error.value)
    assert what in str(error.value)
    assert "\n" not in str(error.value)
    assert lines_of(mappings) == OLD


@pytest.mark.parametrize("cut", [answer()[:40], answer() + ",more", 'npc_icd10:R64,"恶病质'])
def test_a_line_cut_off_or_too_long_is_not_passed_over(
    take: Callable[..., Imported], mappings: Path, cut: str
) -> None:
    with pytest.raises(ContractError, match=r"usagi.csv line 2: has \d+ fields, not 17"):
        take(cut)
    assert lines_of(mappings) == OLD


def test_a_time_that_is_none_is_told(take: Callable[..., Imported]) -> None:
    with pytest.raises(ContractError, match="column statusSetOn: is no time"):
        take(answer().replace(str(MOMENT), "9" * 30))


def test_a_map_is_named_not_a_path(take: Callable[..., Imported]) -> None:
    with pytest.raises(ContractError, match="there is no map"):
        take(answer("R64"), source_vocabulary="../vocabulary/concept")


def test_a_target_given_twice_is_an_error(take: Callable[..., Imported]) -> None:
    with pytest.raises(ContractError, match="has this concept twice"):
        take(answer(), answer())


def test_a_code_without_its_map_takes_the_one_named(
    take: Callable[..., Imported], mappings: Path
) -> None:
    take(answer("R64"), source_vocabulary="npc_icd10")
    assert lines_of(mappings)[1].startswith("R64,恶病质,SNOMED")


def test_what_is_no_file_of_usagis_is_told(mappings: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("code,name\n1,a\n")
    (tmp_path / "gbk.csv").write_bytes(f"{COLUMNS}\n{answer()}\n".encode("gbk"))
    for name, kind in (
        ("other.csv", "has no column sourceCode"),
        ("none.csv", "none.csv: No such file"),
        ("gbk.csv", "is not UTF-8"),
    ):
        with pytest.raises(EtlError, match=kind) as error:
            import_usagi(tmp_path / name, mappings, tmp_path, duckdb.connect())
        assert isinstance(error.value, (ContractError, NotFoundError))


def test_a_gloss_takes_the_longest_words() -> None:
    gloss = {"继发恶性肿瘤": "secondary malignant neoplasm", "恶性肿瘤": "malignant", "肺": "lung"}
    assert in_english("肺继发恶性肿瘤", gloss) == "lung secondary malignant neoplasm"
    assert in_english("未知", gloss) == ""


EVENTS = """
    SELECT * FROM (VALUES
        ('npc_icd10', 'Q99.9', 'Q99.900', 0, 1, NULL),
        ('npc_icd10', 'Q99.9', 'Q99.900', 0, 2, NULL),
        ('npc_icd10', NULL,    'C78.100', 0, 1, NULL),
        ('npc_icd10', 'Z51.1', 'Z51.103', 2000000300, 1, NULL),
        ('npc_icd10', 'D64.9', 'D64.900', 439777, 1, NULL),
        ('npc_icd10', 'Z99.2', 'Z99.200', 0, 1, NULL),
        ('npc_lab',   '新项目', '新项目',  0, 3, NULL),
        ('npc_drug',  '青霉素', '青霉素',  0, 3, 'never executed')
    ) AS e(vocabulary, code, source_value, concept_id, person_id, not_carried_reason)
"""
MAP = """
    SELECT * FROM (VALUES
        ('npc_icd10', 'Z51.1', '化疗', 2000000300, 'Encounter for chemotherapy', 'draft'),
        ('npc_icd10', 'Z99.2', '透析', 0, 'No matching concept', 'no_match')
    ) AS m(source_vocabulary_id, source_code, source_name, concept_id, concept_name, status)
"""
NAMES = "SELECT 'Q99.9' AS code, '染色体异常' AS name_text"


def test_usagi_gets_what_wants_a_concept_most_rows_first(tmp_path: Path) -> None:
    tables = {"stem/event": EVENTS, "vocabulary/code_map": MAP, "stage/coded_diagnosis": NAMES}
    for path, select in tables.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        duckdb.sql(f"COPY ({select}) TO '{tmp_path / path}.parquet' (FORMAT parquet)")
    with connect(Settings(home=tmp_path / "home")) as con:
        found = usagi_sources(con, tmp_path, Settings().mappings)
    chemotherapy = "Encounter for chemotherapy"
    assert found == [
        UsagiSource("npc_icd10:Q99.9", "abnormality", 2, "染色体异常", "npc_icd10", 2, 0, ""),
        UsagiSource(
            "npc_icd10:Z51.1", chemotherapy, 1, "化疗", "npc_icd10", 1, 2000000300, chemotherapy
        ),
        UsagiSource("npc_lab:新项目", "新项目", 1, "新项目", "npc_lab", 1, 0, ""),
    ]
