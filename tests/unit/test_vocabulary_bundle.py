"""An Athena download is taken as it comes, or refused in one line while the old one stays."""

from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import UsageError, VocabularyError
from etl.settings import Settings
from etl.synthetic.athena import write_bundle
from etl.vocabulary import kept as keeping
from etl.vocabulary.athena.bundle import BundleFile, open_bundle, to_parquet
from etl.vocabulary.athena.load import keep
from etl.vocabulary.tables import quoted
from etl.warehouse import spec
from tests.unit.athena_bundle import CONCEPTS, bundle_in, cells, changed, loaded, replaced

A_CONCEPT = b"1397599"  # cisplatin, which no other file of the download must lack
NOT_THERE = b"987654321"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle_in(tmp_path_factory.mktemp("athena") / "download")


@pytest.fixture(scope="module")
def home(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data home in which the whole download is in use."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    loaded(bundle, settings)
    return settings


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        for table in spec.VOCABULARY_TABLES:
            con.execute(
                f"CREATE VIEW {table} AS FROM read_parquet({quoted(folder / f'{table}.parquet')})"
            )
        return con.execute(query).fetchall()


BROKEN = {
    "a missing file": ("CONCEPT_ANCESTOR.csv", lambda _: None, "has no CONCEPT_ANCESTOR.csv"),
    "an empty file": ("DOMAIN.csv", lambda _: b"", "DOMAIN.csv: is empty"),
    "a missing column": (
        "CONCEPT.csv",
        replaced(b"\tstandard_concept", b"\tstandard"),
        "CONCEPT.csv line 1: has no column standard_concept",
    ),
    "an unknown column": (
        "DOMAIN.csv",
        lambda content: content.replace(b"\n", b"\tx\n"),
        "DOMAIN.csv line 1: has a column 'x'",
    ),
    "commas instead of tabs": (
        "DOMAIN.csv",
        lambda content: content.replace(b"\t", b","),
        "DOMAIN.csv line 1: has no column domain_id: give the file tab-separated",
    ),
    "a file cut off within a line": (
        "CONCEPT_RELATIONSHIP.csv",
        lambda content: content[:-12],
        r"CONCEPT_RELATIONSHIP.csv line \d+: has [1-5] fields, not 6",
    ),
    "a file cut off within the last field": (
        "CONCEPT_ANCESTOR.csv",
        lambda content: content[:-1],
        r"CONCEPT_ANCESTOR.csv line \d+: the last line does not end",
    ),
    "a row too short": (
        "CONCEPT_SYNONYM.csv",
        replaced(b"\tInvented", b" Invented"),
        r"CONCEPT_SYNONYM.csv line \d+: has 2 fields, not 3",
    ),
    "a row too long by an empty field": (
        "CONCEPT_SYNONYM.csv",
        lambda content: content[:-1] + b"\t\n",
        r"CONCEPT_SYNONYM.csv line \d+: has 4 fields, not 3",
    ),
    "bytes that are no UTF-8": (
        "CONCEPT.csv",
        cells(A_CONCEPT, concept_name="顺铂".encode("gb18030")),
        r"CONCEPT.csv line \d+: holds bytes that are no UTF-8",
    ),
    "a NUL byte": (
        "CONCEPT.csv",
        cells(A_CONCEPT, concept_name=b"cis\0platin"),
        r"CONCEPT.csv line \d+: holds a control character",
    ),
    "an id that is no whole number": (
        "CONCEPT_ANCESTOR.csv",
        cells(A_CONCEPT, descendant_concept_id=b"1397599.7"),
        r"CONCEPT_ANCESTOR.csv line \d+ column descendant_concept_id: '1397599.7' is no whole",
    ),
    "an id as a spreadsheet writes it": (
        "CONCEPT.csv",
        cells(A_CONCEPT, concept_id=b"1.4E+06"),
        r"CONCEPT.csv line \d+ column concept_id: '1.4E\+06' is no whole number",
    ),
    "an id too large": (
        "CONCEPT.csv",
        cells(A_CONCEPT, concept_id=b"99999999999"),
        r"CONCEPT.csv line \d+ column concept_id: '99999999999' is no whole number",
    ),
    "a day that does not exist": (
        "CONCEPT.csv",
        cells(A_CONCEPT, valid_end_date=b"20230231"),
        r"CONCEPT.csv line \d+ column valid_end_date: '20230231' is no date",
    ),
    "an empty id": (
        "CONCEPT_RELATIONSHIP.csv",
        cells(A_CONCEPT, concept_id_2=b""),
        r"CONCEPT_RELATIONSHIP.csv line \d+ column concept_id_2: is empty",
    ),
    "a concept twice": (
        "CONCEPT.csv",
        lambda content: content + content.split(b"\n")[-2] + b"\n",
        r"CONCEPT.csv line \d+: concept_id \d+ stands there twice",
    ),
    "a relationship twice": (
        "CONCEPT_RELATIONSHIP.csv",
        lambda content: content + content.split(b"\n")[-2] + b"\n",
        r"CONCEPT_RELATIONSHIP.csv line \d+: concept_id_1 \d+, concept_id_2 \d+, relationship_id",
    ),
    "a domain that DOMAIN.csv lacks": (
        "CONCEPT.csv",
        cells(A_CONCEPT, domain_id=b"Drugs"),
        r"CONCEPT.csv column domain_id: 'Drugs' is not in DOMAIN.csv",
    ),
    "no concept 0": (
        "CONCEPT.csv",
        cells(b"0", concept_id=NOT_THERE),
        "CONCEPT.csv: has no concept 0",
    ),
    "half of the concepts": (
        "CONCEPT.csv",
        lambda content: b"\n".join(content.split(b"\n")[:2500]) + b"\n",
        "the download is not whole",
    ),
    "an id that is a local concept's": (
        "CONCEPT.csv",
        cells(A_CONCEPT, concept_id=b"2000000001"),
        r"CONCEPT.csv line \d+: 2000000001 is a local id",
    ),
    "an own concept, which would be lost when local concepts change": (
        "CONCEPT.csv",
        cells(A_CONCEPT, concept_id=b"2147000000"),
        r"CONCEPT.csv line \d+: 2147000000 is a local id, .*local_concept.csv",
    ),
    "no relationship at all": (
        "CONCEPT_RELATIONSHIP.csv",
        lambda content: content.split(b"\n")[0] + b"\n",
        "CONCEPT_RELATIONSHIP.csv: has no rows",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_download_is_one_line_and_the_old_vocabulary_stays(
    bundle: Path, home: Settings, tmp_path: Path, case: str
) -> None:
    name, change, says = BROKEN[case]
    before = keeping.current(home)
    with pytest.raises(VocabularyError, match=says) as error:
        keep(changed(bundle, tmp_path / "broken", name, change), home, lambda *_: None)
    assert "\n" not in str(error.value)
    assert keeping.current(home) == before is not None
    assert [p.name for p in keeping.kept_folder(home).iterdir() if p.is_dir()] == [before.digest]


def test_the_line_named_is_the_line_that_is_wrong(bundle: Path, tmp_path: Path) -> None:
    def spoil(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines[1234] = lines[1234].replace(b"\t", b"x\t", 1)
        return b"\n".join(lines)

    with pytest.raises(VocabularyError, match=r"CONCEPT\.csv line 1235 column concept_id"):
        keep(
            changed(bundle, tmp_path / "broken", "CONCEPT.csv", spoil),
            Settings(home=tmp_path / "home"),
            lambda *_: None,
        )


def test_a_folder_with_the_zip_file_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "vocabulary_download.zip").touch()
    with pytest.raises(VocabularyError, match="unpack the zip file first"):
        open_bundle(tmp_path)
    with pytest.raises(VocabularyError, match="unpack it, then name"):
        open_bundle(tmp_path / "vocabulary_download.zip")
    with pytest.raises(VocabularyError, match="is no folder"):
        open_bundle(tmp_path / "nowhere")


def test_a_folder_around_the_download_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "vocabulary download").mkdir()
    (tmp_path / "vocabulary download" / "Concept.csv").touch()
    with pytest.raises(VocabularyError, match=r"name .*/vocabulary download"):
        open_bundle(tmp_path)


def test_windows_line_ends_a_bom_and_names_in_any_case_are_taken(
    bundle: Path, home: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "windows"
    folder.mkdir()
    for path in bundle.iterdir():
        content = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")
        (folder / path.name.lower()).write_bytes(content)
    (folder / "concept_cpt4.CSV").write_bytes(b"not looked at")
    settings = Settings(home=tmp_path / "home")
    taken = keep(folder, settings, lambda *_: None)
    whole = keeping.current(home)
    assert whole is not None
    assert taken.rows == whole.rows
    query = "SELECT * FROM concept EXCEPT SELECT * FROM read_parquet("
    assert rows(taken.folder, f"{query}{quoted(whole.folder / 'concept.parquet')})") == []


def test_rows_about_concepts_of_cpt4_are_left_out_and_counted(bundle: Path, tmp_path: Path) -> None:
    orphan = b"987654321"
    folder = tmp_path / "cpt4"
    folder.mkdir()
    extra = {
        "CONCEPT_RELATIONSHIP.csv": [orphan + b"\t1397599\tMaps to\t19700101\t20991231\t"],
        "CONCEPT_ANCESTOR.csv": [b"1397599\t" + orphan + b"\t1\t1"],
        "CONCEPT_SYNONYM.csv": [
            orphan + b"\tan operation\t99999999",
            b"1397599\tcis-DDP\t" + orphan,  # a language that is not there: 0
        ],
    }
    for path in bundle.iterdir():
        lines = b"".join(line + b"\n" for line in extra.get(path.name, []))
        (folder / path.name).write_bytes(path.read_bytes() + lines)
    kept = keep(folder, Settings(home=tmp_path / "home"), lambda *_: None)
    assert [notice.split(" ")[:2] for notice in kept.notices] == [
        ["CONCEPT_RELATIONSHIP.csv:", "1"],
        ["CONCEPT_SYNONYM.csv:", "1"],
        ["CONCEPT_ANCESTOR.csv:", "1"],
    ]
    assert rows(
        kept.folder,
        "SELECT language_concept_id FROM concept_synonym WHERE concept_synonym_name = 'cis-DDP'",
    ) == [(0,)]
    assert rows(
        kept.folder, "SELECT count(*) FROM concept_ancestor WHERE descendant_concept_id = 987654321"
    ) == [(0,)]


def test_the_same_download_is_not_kept_twice(bundle: Path, home: Settings) -> None:
    said: list[str] = []
    again = keep(bundle, home, lambda name, *_: said.append(name))
    assert again == keeping.current(home)
    assert said == ["check.bytes"]


def test_every_reference_of_a_kept_vocabulary_holds(home: Settings) -> None:
    kept = keeping.current(home)
    assert kept is not None
    for table in spec.VOCABULARY_TABLES:
        for column in spec.tables()[table].columns:
            for key in column.foreign_keys:
                _, parent, name = key.target_fullname.split(".")
                query = (
                    f"SELECT count(*) FROM {table} WHERE {column.name} IS NOT NULL"
                    f" AND {column.name} NOT IN (SELECT {name} FROM {parent})"
                )
                assert rows(kept.folder, query) == [(0,)], (table, column.name)


def test_an_invented_download_says_what_it_cannot_do(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="give at least 2000"):
        write_bundle(tmp_path / "new", home_mappings(), 1999)
    with pytest.raises(UsageError, match="is not empty"):
        write_bundle(bundle, home_mappings(), 4000)


def test_an_invented_download_has_the_same_rows_every_time(bundle: Path, tmp_path: Path) -> None:
    write_bundle(tmp_path / "again", home_mappings(), CONCEPTS)
    for path in bundle.iterdir():
        again = (tmp_path / "again" / path.name).read_bytes().split(b"\n")
        assert sorted(path.read_bytes().split(b"\n")) == sorted(again), path.name


def home_mappings() -> Path:
    return Settings().mappings


PLAIN = st.text(
    st.characters(exclude_characters="\t\r\n\0", exclude_categories=("Cs",)), max_size=20
)


@settings(max_examples=50, deadline=None)
@given(names=st.lists(PLAIN, min_size=1, max_size=20))
def test_a_name_is_kept_as_it_is_written(
    names: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("names")
    header = ("concept_id", "concept_synonym_name", "language_concept_id")
    path = folder / "CONCEPT_SYNONYM.csv"
    lines = ["\t".join(header), *(f"{n}\t{name}\t0" for n, name in enumerate(names))]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    with duckdb.connect() as con:
        file = BundleFile("concept_synonym", path, header, "")
        assert to_parquet(con, file, folder / "out.parquet") == len(names)
        found = con.execute(
            f"SELECT concept_synonym_name FROM read_parquet({quoted(folder / 'out.parquet')})"
            " ORDER BY concept_id"
        ).fetchall()
    assert [name for (name,) in found] == names


@settings(max_examples=40, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_cut_off_anywhere_within_a_line_is_refused(
    bundle: Path, share: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = (bundle / "DRUG_STRENGTH.csv").read_bytes()
    cut = whole[: int(len(whole) * share)]
    if cut.endswith(b"\n"):
        return  # a row less: only what refers to it can tell
    folder = tmp_path_factory.mktemp("cut") / "download"
    with pytest.raises(VocabularyError, match=r"DRUG_STRENGTH\.csv"):
        open_bundle(changed(bundle, folder, "DRUG_STRENGTH.csv", lambda _: cut))
