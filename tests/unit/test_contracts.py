"""The contracts: what is written in `mappings/sources`, and what is refused there."""

from pathlib import Path

import pytest

from etl.errors import ContractError
from etl.settings import PROJECT
from etl.source.contracts import Contract, Type, load_contract, load_contracts

SOURCES = PROJECT / "mappings" / "sources"

WRITTEN = """\
table: LIS_JG
title: 检验结果
system: LIS
source_no: 10
stage: lab_result
key: [JGLSH]
watermark: BGSJ
columns:
  JGLSH: {label: 结果流水号, type: id, required: true}
  BGSJ: {label: 报告时间, type: datetime}
  JG: {label: 结果, type: text}
series:
  BZ: {label: 备注, type: text, count: 3}
ignored:
  JCFF: it does not change the concept
"""


@pytest.fixture
def write(tmp_path):
    def _write(text, name="lis_jg.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return _write


def test_all_18_tables_and_258_columns_of_the_hospital_are_named():
    contracts = load_contracts(SOURCES)
    assert len(contracts) == 18
    assert sum(len(contract.known) for contract in contracts.values()) == 258


def test_source_numbers_are_what_event_ids_were_built_with():
    numbers = {table: contract.source_no for table, contract in load_contracts(SOURCES).items()}
    assert list(numbers.values()) == list(range(1, 19))
    assert (numbers["HZ_ZSY"], numbers["LIS_JG"], numbers["SF_SFJL"]) == (1, 10, 18)


def test_only_the_master_index_and_the_visits_are_required():
    required = [table for table, contract in load_contracts(SOURCES).items() if contract.required]
    assert required == ["HZ_ZSY", "JZ_JZJL"]


def test_every_ignored_column_says_why():
    for contract in load_contracts(SOURCES).values():
        assert all(len(reason) > 10 for reason in contract.ignored.values())


def test_direct_identifiers_are_in_no_raw_table():
    raw = {name for c in load_contracts(SOURCES).values() for name in c.raw_columns()}
    assert not raw & {"XM", "SFZH", "LXDH", "XZZ", "ZYH"}


def test_every_id_and_every_natural_key_is_hashed():
    for contract in load_contracts(SOURCES).values():
        for name in contract.key:
            assert contract.read[name].type in (Type.ID, Type.SERIAL, Type.INTEGER)


def test_a_serial_is_the_whole_key_and_does_not_survive_landing(write):
    contract = load_contract(write(WRITTEN.replace("type: id, required", "type: serial, required")))
    assert "JGLSH" in contract.read
    assert "JGLSH" not in contract.kept
    assert "JGLSH" not in contract.raw_columns()


def test_a_series_stands_for_its_columns_and_may_be_missing(write):
    contract = load_contract(write(WRITTEN))
    assert list(contract.read) == ["JGLSH", "BGSJ", "JG", "BZ1", "BZ2", "BZ3"]
    assert contract.expected == {"JGLSH", "BGSJ", "JG", "JCFF"}
    assert contract.known == contract.expected | {"BZ1", "BZ2", "BZ3"}


def test_a_raw_table_starts_with_what_is_known_of_every_row(write):
    columns = load_contract(write(WRITTEN)).raw_columns()
    assert list(columns)[:7] == [
        "row_id", "load_no", "file_no", "row_no", "fate", "reject_reason", "JGLSH",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title:", "titel:", "titel: no contract has such a key"),
        ("key: [JGLSH]", "key: [BGDH]", "key: BGDH is no kept column"),
        ("key: [JGLSH]", "key: [JG]", "key: JG must be required"),
        ("watermark: BGSJ", "watermark: XGSJ", "watermark: XGSJ is no kept column"),
        ("watermark: BGSJ", "watermark: JG", "watermark: JG is no date"),
        ("watermark: BGSJ", "version: JG", "version: JG is no number"),
        ("watermark: BGSJ", 'void: {SHZT: ["9"]}', "void: SHZT is no kept column"),
        ("type: datetime", "type: moment", "columns.BGSJ.type"),
        ("  JCFF: it", "  JG: it", "ignored: JG is a kept column too"),
        ("  JCFF: it does not change the concept", "  JCFF: ''", "ignored.JCFF"),
        ("source_no: 10", "source_no: 90", "source_no"),
        ("type: text, count", "type: identifier, count", "an identifier cannot be a series"),
        ("  JG: {", "  BZ1: {", "series: a column is named twice"),
        ("  JG: {", "  BGSJ: {", "BGSJ is written twice"),
        ("columns:", "columns: [", "cannot be read"),
        ("table: LIS_JG", "table: LIS_BG", "table: the file of LIS_BG is called lis_bg.yaml"),
        ("type: text}", "type: text, scrub_as: name}", "scrub_as goes with type identifier"),
    ],
)
def test_a_wrong_contract_is_named_by_file_and_field(write, old, new, message):
    assert old in WRITTEN
    with pytest.raises(ContractError) as error:
        load_contract(write(WRITTEN.replace(old, new, 1)))
    assert str(error.value).startswith("lis_jg.yaml: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_source_number_is_given_once(write):
    write(WRITTEN)
    other = WRITTEN.replace("LIS_JG", "LIS_XX")
    folder = write(other, "lis_xx.yaml").parent
    with pytest.raises(ContractError, match=r"lis_xx.yaml: source_no: 10 is taken by LIS_JG"):
        load_contracts(folder)


def test_a_folder_without_contracts_is_an_error(tmp_path):
    with pytest.raises(ContractError, match="holds no contract"):
        load_contracts(tmp_path)


def test_a_file_that_is_no_contract_is_an_error(write):
    with pytest.raises(ContractError, match=r"lis_jg.yaml: holds no contract"):
        load_contract(write("- a\n- b\n"))


def test_contracts_cannot_be_changed_by_accident(write):
    contract = load_contract(Path(write(WRITTEN)))
    assert isinstance(contract, Contract)
    with pytest.raises(ValueError, match="frozen"):
        contract.source_no = 3  # type: ignore[misc]
