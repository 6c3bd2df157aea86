"""A wrong line stops the load and says where it stands."""

from collections.abc import Callable
from pathlib import Path

import pytest

from etl.engine.duckdb import connect
from etl.errors import ContractError
from etl.settings import Settings
from etl.vocabulary.maps.code_map import write_code_map
from etl.vocabulary.maps.codelist import write_codelists
from etl.vocabulary.maps.map_file import HEADER
from etl.vocabulary.starter import write_starter

MALE = "Gender,M,8507,MALE"
REVIEWED = "npc-omop,a,2026-11-22"
GOOD = f"1,男性,{MALE},approved,{REVIEWED},"


@pytest.fixture
def load(mappings: Path, tmp_path: Path) -> Callable[..., int]:
    """Load a map of these lines, as npc_sex."""

    def load(*lines: str) -> int:
        text = "\n".join([",".join(HEADER), *lines]) + "\n"
        (mappings / "concepts" / "npc_sex.csv").write_text(text, encoding="utf-8")
        settings = Settings(home=tmp_path / "home")
        with connect(settings) as con:
            write_starter(settings.lake, mappings, con)
            write_code_map(settings.lake, mappings, con)
            path = settings.lake / "vocabulary" / "code_map.parquet"
            (rows,) = con.execute(
                f"SELECT count(*) FROM '{path}' WHERE source_vocabulary_id = 'npc_sex'"
            ).fetchone() or (0,)
            return int(rows)

    return load


def test_a_good_map_is_loaded(load: Callable[..., int]) -> None:
    assert load(GOOD, "9,未说明,,,0,No matching concept,no_match,a,,,Gender: not said") == 2


@pytest.mark.parametrize(
    ("line", "column", "what"),
    [
        (f"1,男,{MALE},maybe,{REVIEWED},", "status", "'maybe': use one of"),
        (f"1,男,{MALE},approved,npc-omop,,,", "reviewed_by", "needs reviewed_by"),
        (f",男,{MALE},approved,{REVIEWED},", "source_code", "is empty"),
        (f"1,男,Gender,M,x,MALE,approved,{REVIEWED},", "target_concept_id", "is no number"),
        (f"1,男,Gender,X,8507,MALE,draft,{REVIEWED},", "target_concept_code", "X is not in"),
        (f"1,男,,,123456,MALE,draft,{REVIEWED},", "target_concept_id", "123456 is not in"),
        (f"1,男,Gender,M,8532,MALE,draft,{REVIEWED},", "target_concept_id", "is 8507 in"),
        (f"1,男,Gender,M,8507,Male,draft,{REVIEWED},", "target_concept_name", "says 'MALE'"),
        (f"1,男,,,4132135,Absent,draft,{REVIEWED},", "target_concept_id", "is not standard"),
        (f"1,男,,,0,No matching concept,draft,{REVIEWED},", "status", "go together"),
        (f"1,男,,,0,,no_match,{REVIEWED},no idea", "note", "begin with the domain"),
    ],
)
def test_a_wrong_line_is_told_by_file_line_and_column(
    load: Callable[..., int], line: str, column: str, what: str
) -> None:
    with pytest.raises(ContractError) as error:
        load(f"2,女性,Gender,F,8532,FEMALE,approved,{REVIEWED},", line)
    assert f"mappings/concepts/npc_sex.csv line 3 column {column}: " in str(error.value)
    assert what in str(error.value)


def test_a_target_given_twice_is_an_error_however_the_code_is_spelt(
    load: Callable[..., int],
) -> None:
    with pytest.raises(ContractError, match="line 3 column source_code: 1 has this target"):
        load(GOOD, f"１,男性,{MALE},approved,{REVIEWED},")


def test_a_code_is_not_both_mapped_and_without_a_match(load: Callable[..., int]) -> None:
    with pytest.raises(ContractError, match="no_match and mapped, see line 2"):
        load(GOOD, "1,男性,,,0,No matching concept,no_match,a,,,Gender: not said")


def test_two_targets_keep_the_order_of_their_lines(
    load: Callable[..., int], tmp_path: Path
) -> None:
    load(f"3,两,Gender,F,8532,FEMALE,draft,{REVIEWED},", f"3,两,{MALE},draft,{REVIEWED},")
    settings = Settings(home=tmp_path / "home")
    with connect(settings) as con:
        path = settings.lake / "vocabulary" / "code_map.parquet"
        found = con.execute(
            f"SELECT target_no, concept_id FROM '{path}' WHERE source_vocabulary_id = 'npc_sex'"
        ).fetchall()
    assert found == [(0, 8532), (1, 8507)]


def test_a_line_with_a_field_too_few_is_an_error(load: Callable[..., int]) -> None:
    with pytest.raises(ContractError, match="line 2: needs 11 fields"):
        load("1,男性,Gender,M")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("concept_id,name\n", "wrong header"),
        ("concept_id,concept_name,code,note\n8507,FEMALE,,\n", "8507 is not in the vocabulary"),
        ("concept_id,concept_name,code,note\n0,nothing,,\n", "0 is not in the vocabulary"),
        ("concept_id,concept_name,code,note\n8507,MALE,,\n8507,MALE,,\n", "8507 twice"),
    ],
)
def test_a_wrong_codelist_is_told_by_file(
    mappings: Path, tmp_path: Path, text: str, what: str
) -> None:
    (mappings / "codelists" / "men.csv").write_text(text, encoding="utf-8")
    settings = Settings(home=tmp_path / "home")
    with connect(settings) as con:
        write_starter(settings.lake, mappings, con)
        with pytest.raises(ContractError, match=rf"mappings/codelists/men\.csv.*{what}"):
            write_codelists(settings.lake, mappings, con)
