from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from etl.engine.duckdb import connect
from etl.settings import Settings
from etl.vocabulary.maps.code_map import write_code_map
from etl.vocabulary.maps.codelist import write_codelists
from etl.vocabulary.starter import write_starter

MAPPINGS = Settings().mappings


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The project's own mappings in a lake, each table a view under its own name."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    con = connect(settings)
    write_starter(settings.lake, MAPPINGS, con)
    write_code_map(settings.lake, MAPPINGS, con)
    write_codelists(settings.lake, MAPPINGS, con)
    for path in (settings.lake / "vocabulary").glob("*.parquet"):
        con.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM read_parquet('{path}')")
    con.execute(
        f"CREATE VIEW concept_source AS SELECT * FROM read_csv('{MAPPINGS}/vocabulary/"
        "concept_source.csv', header = true)"
    )
    yield con
    con.close()


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    """A folder of mappings with the starter vocabulary and no map yet."""
    folder = tmp_path / "mappings"
    (folder / "concepts").mkdir(parents=True)
    (folder / "codelists").mkdir()
    (folder / "vocabulary").symlink_to(MAPPINGS / "vocabulary")
    return folder
