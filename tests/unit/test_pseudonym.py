"""The keyed hash: the same in Python and in SQL, and the key nowhere to be seen."""

import hashlib
import hmac
import json
import warnings

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from etl.errors import KeyMissingError
from etl.settings import Settings
from etl.source.pseudonym import (
    drop_key,
    fingerprint,
    half_width_sql,
    hmac_sql,
    is_generated,
    normal_id,
    normal_id_sql,
    open_key_notice,
    pseudonym,
    read_key,
    use_key,
)

KEY = b"a key of the tests"


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as connection:
        use_key(connection, KEY)
        yield connection


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_python_give_the_same_hash(con, text):
    expected = hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()[:32]
    assert con.execute(f"SELECT {hmac_sql('?::VARCHAR')}", [text]).fetchall() == [(expected,)]


@given(
    st.text(alphabet="0123456789.０１９ＺzAb－-/ 　E+", min_size=1, max_size=14).filter(
        lambda text: text.strip(" 　")
    )
)
@example("1.0")
@example("１２３．０")
@example("0000000001.00")
@example("ｒ2021")
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_python_normalise_an_id_alike(con, text):
    trimmed = text.strip(" 　")
    half = f"SELECT {half_width_sql('t')} AS t FROM (SELECT ?::VARCHAR AS t)"
    query = f"SELECT {normal_id_sql('t')} FROM ({half})"
    assert con.execute(query, [trimmed]).fetchall() == [(normal_id(text),)]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("1234567", "0001234567"),
        (" 0001234567　", "0001234567"),
        ("0001234567.0", "0001234567"),
        ("１２３４５６７", "0001234567"),
        ("r20210123", "R20210123"),
        ("ZY202305060012", "ZY202305060012"),
        ("12345678901", "12345678901"),
    ],
)
def test_an_id_has_one_form(text, normal):
    assert normal_id(text) == normal


@pytest.mark.parametrize("length", [16, 64, 65, 200])
def test_keys_of_any_length_make_a_true_hmac(length):
    key = bytes(range(1, 201))[:length]
    with duckdb.connect() as con:
        use_key(con, key)
        (found,) = con.execute(f"SELECT {hmac_sql('?::VARCHAR')}", ["ZY1"]).fetchone()
    assert found == pseudonym(key, "ZY1")


def test_after_use_the_key_is_gone(con):
    with duckdb.connect() as other:
        use_key(other, KEY)
        drop_key(other)
        assert other.execute("SELECT getvariable('hmac_inner')").fetchall() == [(None,)]


def test_another_key_makes_another_hash_and_fingerprint():
    assert pseudonym(KEY, "E1") != pseudonym(b"k" * 16, "E1")
    assert fingerprint(KEY) != fingerprint(b"k" * 16)
    assert len(fingerprint(KEY)) == 8


def test_the_key_comes_from_the_setting_or_the_file(tmp_path):
    file = tmp_path / "key"
    file.write_bytes(b"from the file, long enough\n")
    file.chmod(0o600)
    setting = SecretStr("from the setting, long")
    assert (
        read_key(Settings(key=setting, key_file=file), generated=False)
        == setting.get_secret_value().encode()
    )
    assert read_key(Settings(key_file=file), generated=True) == b"from the file, long enough"


@pytest.mark.parametrize(("mode", "notices"), [(0o600, 0), (0o640, 1), (0o604, 1)])
def test_a_key_file_that_others_may_read_is_a_notice(tmp_path, mode, notices):
    file = tmp_path / "key"
    file.write_bytes(b"from the file, long enough")
    file.chmod(mode)
    found = open_key_notice(Settings(key_file=file))
    assert len(found) == notices
    assert all("chmod 600" in notice and "long enough" not in notice for notice in found)


@pytest.mark.parametrize("content", [b"", b"short", b" " * 40])
def test_a_short_key_is_refused_without_showing_it(tmp_path, content):
    file = tmp_path / "key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(KeyMissingError, match="shorter than 16 bytes") as error:
        read_key(Settings(key_file=file), generated=True)
    assert "short:" not in str(error.value)


def test_a_key_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(KeyMissingError, match="nothing_here cannot be read"):
        read_key(Settings(key_file=tmp_path / "nothing_here"), generated=True)


def test_only_an_invented_hospital_does_without_a_key(tmp_path):
    assert not is_generated(tmp_path)
    with pytest.raises(KeyMissingError, match="set NPC_OMOP_KEY"):
        read_key(Settings(key=None), generated=is_generated(tmp_path))
    (tmp_path / "GENERATED.json").write_text(json.dumps({"generator": "npc-omop"}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(read_key(Settings(key=None), generated=is_generated(tmp_path))) >= 16


@pytest.mark.parametrize("marker", ["", "[]", "{", '{"generator": "other"}'])
def test_a_marker_that_is_not_ours_marks_nothing(tmp_path, marker):
    (tmp_path / "GENERATED.json").write_text(marker)
    assert not is_generated(tmp_path)


def test_the_key_is_in_no_message_and_no_file(tmp_path):
    from tests.unit.small_hospital import SmallHospital

    hospital = SmallHospital(tmp_path, generated=False)
    secret = "do not show this key"
    hospital.settings = hospital.settings.model_copy(update={"key": SecretStr(secret)})
    hospital.land()
    assert secret not in repr(hospital.settings)
    for path in hospital.settings.home.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes()
