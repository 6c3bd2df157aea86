"""After an upgrade: which lines no longer agree, what to use instead, and whom it touches."""

import csv
import io
import json
import re
from pathlib import Path

import duckdb
import pytest

from etl.engine.duckdb import connect
from etl.errors import ContractError, UsageError, VocabularyError
from etl.settings import Settings
from etl.vocabulary import kept as keeping
from etl.vocabulary.athena.load import in_use, keep, provide, use
from etl.vocabulary.check.check import Finding, check, summary, write_csv
from etl.vocabulary.check.findings import as_text
from etl.vocabulary.maps.code_map import write_code_map
from etl.vocabulary.maps.map_file import HEADER
from tests.unit.athena_bundle import Elsewhere, bundle_in, cells, changed, loaded

CISPLATIN = "RxNorm,2555,1397599,cisplatin"
FLUOROURACIL = "RxNorm,4492,955632,fluorouracil"
PROJECT_MAPPINGS = Settings().mappings


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle_in(tmp_path_factory.mktemp("athena") / "download")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Elsewhere:
    """Mappings with one map of two drugs, one codelist, and the project's vocabulary files."""
    folder = tmp_path / "mappings"
    for name in ("concepts", "codelists", "vocabulary"):
        (folder / name).mkdir(parents=True)
    for path in (PROJECT_MAPPINGS / "vocabulary").iterdir():
        (folder / "vocabulary" / path.name).write_bytes(path.read_bytes())
    drugs = [f"顺铂,,{CISPLATIN},draft,x,,,", f"氟尿嘧啶,,{FLUOROURACIL},draft,x,,,"]
    (folder / "concepts" / "npc_drug.csv").write_text("\n".join([",".join(HEADER), *drugs, ""]))
    (folder / "codelists" / "cytotoxic.csv").write_text(
        "concept_id,concept_name,code,note\n1397599,cisplatin,,\n"
    )
    return Elsewhere(home=tmp_path / "home", folder=folder)


def upgraded(bundle: Path, folder: Path, key: bytes, **new: bytes) -> Path:
    return changed(bundle, folder, "CONCEPT.csv", cells(key, **new))


def found(findings: list[Finding]) -> set[tuple[str, str, str, bool]]:
    return {(f.file.split("/")[-1], f.source_code, f.finding, f.stops_run) for f in findings}


def test_maps_written_for_the_starter_agree_with_it_and_with_a_download_that_has_it(
    bundle: Path, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path / "home")
    assert check(settings) == []
    loaded(bundle, settings)
    assert check(settings) == []
    assert as_text([]) == "Every line of the maps and codelists agrees with the vocabulary in use."


CHANGES = {
    "a name": ({"concept_name": b"Cisplatin"}, "other name", False, "Cisplatin"),
    "a domain": ({"domain_id": b"Device"}, "other domain", False, "Device, was Drug"),
    "the flag": ({"standard_concept": b""}, "not standard", True, "no standard concept"),
    "to a class": ({"standard_concept": b"C"}, "not standard", True, "classification"),
    "validity": ({"invalid_reason": b"D"}, "invalid", True, "deleted (D)"),
    "the code": ({"concept_code": b"x"}, "gone", True, "not in the vocabulary"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_a_target_is_found(
    bundle: Path, elsewhere: Elsewhere, tmp_path: Path, what: str
) -> None:
    new, kind, stops, now = CHANGES[what]
    loaded(upgraded(bundle, tmp_path / "new", b"1397599", **new), elsewhere)
    findings = check(elsewhere)
    expected = {("npc_drug.csv", "顺铂", kind, stops)}
    if kind != "gone":  # a codelist names the id, which is still there
        expected.add(("cytotoxic.csv", "", kind, False))
    assert found(findings) == expected
    assert {f.now for f in findings} == {now}
    assert all(f.rows is None and f.patients is None for f in findings)


def test_a_new_name_stops_no_run_and_a_target_not_standard_does(
    bundle: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    loaded(upgraded(bundle, tmp_path / "one", b"1397599", concept_name=b"DDP"), elsewhere)
    with connect(elsewhere) as con:
        provide(elsewhere, con, lambda *_: None)
        write_code_map(elsewhere.lake, elsewhere.mappings, con)
        loaded(upgraded(bundle, tmp_path / "two", b"1397599", standard_concept=b""), elsewhere)
        provide(elsewhere, con, lambda *_: None)
        with pytest.raises(ContractError, match=r"line 2 .*1397599.*`npc-omop vocabulary check`"):
            write_code_map(elsewhere.lake, elsewhere.mappings, con)


def test_the_replacement_is_what_maps_to_says_or_what_replaced_it(
    bundle: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """Cisplatin is mapped; fluorouracil is replaced by a concept that is itself mapped."""

    def concepts(content: bytes) -> bytes:
        for key in (b"1397599", b"955632"):
            content = cells(key, standard_concept=b"", invalid_reason=b"U")(content)
        return content

    def relationships(content: bytes) -> bytes:
        kept = [
            line
            for line in content.split(b"\n")
            if line and not {b"1397599", b"955632"} & set(line.split(b"\t")[:2])
        ]
        for one, kind, two in (
            (b"1397599", b"Maps to", b"1344905"),
            (b"1397599", b"Concept replaced by", b"1337620"),
            (b"955632", b"Concept replaced by", b"1397599"),
        ):
            kept.append(b"\t".join([one, two, kind, b"19700101", b"20991231", b""]))
        return b"\n".join([*kept, b""])

    half = changed(bundle, tmp_path / "half", "CONCEPT.csv", concepts)
    loaded(changed(half, tmp_path / "new", "CONCEPT_RELATIONSHIP.csv", relationships), elsewhere)
    findings = [f for f in check(elsewhere) if f.stops_run]
    assert {(f.source_code, f.replacement_id, f.replacement_name) for f in findings} == {
        ("顺铂", "1344905", "carboplatin"),
        ("氟尿嘧啶", "1344905", "carboplatin"),
    }
    assert "use 1344905 carboplatin" in as_text(findings)


def test_rows_and_patients_are_those_of_the_code_or_of_the_concept(
    bundle: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    lake = elsewhere.lake
    for folder in ("stem", "cdm"):
        (lake / folder).mkdir(parents=True)
    (lake / "run.json").write_text("{}")
    with duckdb.connect() as con:
        con.execute(f"""
            COPY (SELECT * FROM (VALUES
                ('npc_drug', '顺铂', 1, 1, 7, NULL), ('npc_drug', '顺铂', 1, 1, 7, NULL),
                ('npc_drug', '顺铂', 1, 2, 8, NULL), ('npc_drug', '顺铂', 1, 3, 9, 'void'),
                ('npc_drug', '卡铂', 1, 4, 9, NULL)
            ) t(vocabulary, code, source_no, row_id, person_id, not_carried_reason))
            TO '{lake}/stem/event.parquet' (FORMAT parquet)
        """)
        con.execute(f"""
            COPY (SELECT * FROM (VALUES (7, 1397599, 0), (7, 0, 1397599), (9, 0, 0))
                t(person_id, drug_concept_id, drug_source_concept_id))
            TO '{lake}/cdm/drug_exposure.parquet' (FORMAT parquet)
        """)
    loaded(upgraded(bundle, tmp_path / "new", b"1397599", concept_name=b"DDP"), elsewhere)
    findings = check(elsewhere)
    assert {(f.file.split("/")[-1], f.rows, f.patients) for f in findings} == {
        ("npc_drug.csv", 2, 2),
        ("cytotoxic.csv", 2, 1),
    }
    out = io.StringIO()
    write_csv(findings, out)
    written = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [row["patients"] for row in written] == ["1", "2"]
    assert summary(findings) == {"stops_run": 0, "findings": {"other name": 2}}


def test_a_vocabulary_that_was_not_downloaded_is_named(
    bundle: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    path = elsewhere.folder / "concepts" / "npc_drug.csv"
    path.write_text(path.read_text().replace(CISPLATIN, "HemOnc X,1,5,x"))
    loaded(bundle, elsewhere)
    assert [f.now for f in check(elsewhere)] == ["HemOnc X was not downloaded"]


def with_successor(elsewhere: Elsewhere, vocabulary: str, code: str) -> None:
    """Name the concept that replaces the local concept lobaplatin; map a code to that one."""
    path = elsewhere.folder / "vocabulary" / "local_concept.csv"
    line = f"\\1,{vocabulary},{code}"
    path.write_text(re.sub(r"(?m)^(2000000001,.*),[^,]*,[^,]*$", line, path.read_text()))
    (elsewhere.folder / "concepts" / "npc_drug.csv").write_text(
        ",".join(HEADER) + "\n洛铂,,NPC-OMOP,lobaplatin,2000000001,lobaplatin,draft,x,,,\n"
    )


def test_athenas_concept_takes_the_place_of_a_local_one_by_vocabulary_and_code(
    bundle: Path, elsewhere: Elsewhere
) -> None:
    with_successor(elsewhere, "RxNorm", "2555")  # cisplatin, for want of a true one
    kept = loaded(bundle, elsewhere)
    assert kept.notices == ["local concept 2000000001 (lobaplatin) is replaced by Athena's"]
    with connect(elsewhere) as con:
        provide(elsewhere, con, lambda *_: None)
        write_code_map(elsewhere.lake, elsewhere.mappings, con)
        code_map = elsewhere.lake / "vocabulary" / "code_map.parquet"
        mapped = con.execute(
            f"SELECT concept_id FROM read_parquet('{code_map}') WHERE source_code = '洛铂'"
        ).fetchall()
    assert mapped == [(1397599,)]
    (finding,) = (f for f in check(elsewhere) if f.file.endswith("npc_drug.csv"))
    assert (finding.finding, finding.stops_run) == ("replaced", False)
    assert (finding.replacement_id, finding.replacement_name) == ("1397599", "cisplatin")


def test_a_successor_that_the_download_lacks_replaces_nothing(
    bundle: Path, elsewhere: Elsewhere
) -> None:
    with_successor(elsewhere, "RxNorm", "no such code")
    assert loaded(bundle, elsewhere).notices == []
    assert check(elsewhere) == []


def test_a_new_local_concept_is_joined_in_without_the_download(
    bundle: Path, elsewhere: Elsewhere
) -> None:
    first = loaded(bundle, elsewhere)
    path = elsewhere.folder / "vocabulary" / "local_concept.csv"
    path.write_text(path.read_text() + "2099999999,new one,Drug,NPC-OMOP,Ingredient,S,new,新,,,\n")
    with connect(elsewhere) as con:
        provide(elsewhere, con, lambda *_: None)
        second = keeping.current(elsewhere)
        assert second is not None
        assert second.digest != first.digest == in_use_before(elsewhere)
        assert (second.bundle, second.version) == (first.bundle, first.version)
        assert keeping.linked(elsewhere.lake) == second
        difference = {t: second.rows[t] - first.rows[t] for t in first.rows}
        assert {table: more for table, more in difference.items() if more} == {
            "concept": 1,
            "concept_synonym": 1,
            "concept_relationship": 2,
            "concept_ancestor": 1,
        }


def in_use_before(settings: Settings) -> str:
    before = keeping.previous(settings)
    return before.digest if before else "starter"


def test_one_may_go_back_to_the_vocabulary_before_or_to_the_starter(
    bundle: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    first = loaded(bundle, elsewhere)
    second = loaded(upgraded(bundle, tmp_path / "new", b"1397599", concept_name=b"x"), elsewhere)
    assert in_use(elsewhere) == second.digest
    assert use("previous", elsewhere) == first.digest == in_use(elsewhere)
    assert use("starter", elsewhere) == "starter" == in_use(elsewhere)
    with pytest.raises(UsageError, match="no such vocabulary"):
        use("0123456789abcdef", elsewhere)
    with connect(elsewhere) as con:
        provide(elsewhere, con, lambda *_: None)
    assert keeping.linked(elsewhere.lake) is None
    assert (elsewhere.lake / "vocabulary" / "concept.parquet").is_file()


def test_what_is_in_use_was_before_or_made_the_lake_is_kept(
    bundle: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    kept = []
    for number, name in enumerate((b"a", b"b", b"c", b"d")):
        new = upgraded(bundle, tmp_path / str(number), b"1397599", concept_name=name)
        kept.append(loaded(new, elsewhere))
        if number == 0:
            keeping.link(kept[0], elsewhere.lake)
    keeping.drop_unused(elsewhere)
    there = {path.name for path in keeping.kept_folder(elsewhere).iterdir() if path.is_dir()}
    assert there == {kept[0].digest, kept[2].digest, kept[3].digest}


def test_a_pointer_to_a_vocabulary_that_is_not_there_is_told(elsewhere: Elsewhere) -> None:
    keeping.put_in_use(elsewhere, "0123456789abcdef")
    with pytest.raises(VocabularyError, match="load it again"):
        keeping.current(elsewhere)
    for broken in ("{", "[]", "3"):
        (keeping.kept_folder(elsewhere) / "current.json").write_text(broken)
        if broken != "[]":
            with pytest.raises(VocabularyError, match=r"current\.json: cannot be read"):
                keeping.current(elsewhere)
        assert use("starter", elsewhere) == "starter" == in_use(elsewhere)


def test_a_crash_before_the_manifest_leaves_nothing_that_counts(
    bundle: Path, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(keeping, "write_manifest", crash)
        with pytest.raises(KeyboardInterrupt):
            keep(bundle, elsewhere, lambda *_: None)
    assert in_use(elsewhere) == "starter"
    assert list(keeping.kept_folder(elsewhere).iterdir()) == []
    kept = loaded(bundle, elsewhere)
    assert json.loads((kept.folder / "manifest.json").read_text())["digest"] == kept.digest
