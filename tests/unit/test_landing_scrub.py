"""Landing: what a free text says about who is taken out, and the medicine is left."""

import duckdb
import pytest

from etl.source.scrub import scrub_sql
from tests.unit.small_hospital import NOTE, PERSON, SmallHospital

OWN = {
    "own_names": ["欧阳张三", "张三丰"],
    "own_phones": ["85559999"],
    "own_addresses": ["四川省未名市东区新华路1号"],
}


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as connection:
        yield connection


def scrub(con, text, own=OWN):
    """A text as it would be stored."""
    lists = ", ".join(f"?::VARCHAR[] AS {name}" for name in OWN)
    found = con.execute(
        f"SELECT {scrub_sql('t')} FROM (SELECT ? AS t, {lists})",
        [text, *(own.get(name) for name in OWN)],
    ).fetchone()
    return found[0]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("患者张三丰，男", "患者[姓名]，男"),
        ("欧阳张三又名张三丰", "[姓名]又名[姓名]"),
        ("住四川省未名市东区新华路1号。", "住[地址]。"),
        ("电话13800001111", "电话[电话]"),
        ("家属138 0000 2222联系", "家属[电话]联系"),
        ("138-0000-2222、13900003333", "[电话]、[电话]"),
        ("13900003333 13900004444", "[电话] [电话]"),
        ("(028)-85551234", "[电话]"),
        ("028-85551234", "[电话]"),
        ("联系电话：85551234", "联系电话：[电话]"),
        ("请打85559999联系", "请打[电话]联系"),
        ("身份证11010519491231002X。", "身份证[证件号]。"),
        ("证件号码：110105491231002", "证件号码：[证件号]"),
        ("现住址：未名市西区2号，", "现住址：[地址]，"),
        ("医师：李四 2024-05-06", "医师：[姓名] 2024-05-06"),
        ("主治医师：李四光/住院医师：王五", "主治医师：[姓名]/住院医师：[姓名]"),
        ("报告医师：欧阳修　审核医师：王五", "报告医师：[姓名]　审核医师：[姓名]"),
        ("签名: 王五", "签名: [姓名]"),
        ("记录者：赵六", "记录者：[姓名]"),
        ("审核：赵六", "审核：[姓名]"),
        ("今日王建国主任医师查房", "今日[姓名]主任医师查房"),
        ("患者曾桂兰，女，69岁", "患者[姓名]，女，69岁"),
        ("患者欧阳秀兰，40岁女性", "患者[姓名]，40岁女性"),
        ("患者程佳怡之妻子接听", "患者[姓名]之妻子接听"),
        ("姓名：钱七 性别：女", "姓名：[姓名] 性别：女"),
    ],
)
def test_who_is_taken_out(con, text, kept):
    assert scrub(con, text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "双肺多发结节影，较大者位于右肺下叶，约1.8cm×1.5cm，考虑转移",
        "DT6800CGY/30F/7.5W，GTV60GY/30F/42D",
        "EBV DNA 13800001111222 copies/mL",
        "标本855599991，检查号12345678901，图像(se8,im221)",
        "WBC 13.8×10^9/L，PLT 156",
        "2024-05-06至2024-05-09住院",
        "主任：继续化疗",
        "医师：同意出院",
        "患者高热，白细胞2.3，男科会诊",
        "患者女，52岁，黄疸1月",
        "KPS评分80分，ECOG 1分",
        "予特瑞普利单抗240mg ivgtt d1，顺铂80mg/m2",
        "流水号202405060012345678901",
    ],
)
def test_the_medicine_is_left(con, text):
    assert scrub(con, text) == text


def test_without_a_known_person_the_form_still_tells(con):
    assert scrub(con, "张三丰 13800001111", {}) == "张三丰 [电话]"


def test_no_text_stays_no_text(con):
    assert scrub(con, None) is None


def test_every_name_of_a_person_is_taken_out_of_every_visits_texts(tmp_path):
    hospital = SmallHospital(tmp_path)
    hospital.write(
        "HZ_ZSY",
        [
            PERSON | {"XM": "李　明"},
            PERSON | {"EMPI_ID": "E2", "HZID": "2", "XM": "李晓明", "HBZT": "1", "HBDZ": "E1"},
            PERSON | {"EMPI_ID": "E3", "HZID": "3", "XM": "王刚"},
        ],
    )
    hospital.write("EMR_WS", [NOTE | {"WSNR": "李晓明即李　明，同室王刚，王 刚"}])
    hospital.write(
        "SF_SFJL", [{"SFID": "S1", "EMPI_ID": "E3", "SFRQ": "2024-06-01", "BZ": "王 刚体健"}]
    )
    hospital.land()
    assert hospital.query("SELECT WSNR FROM raw.EMR_WS") == [("[姓名]即[姓名]，同室王刚，王 刚",)]
    assert hospital.query("SELECT BZ FROM raw.SF_SFJL") == [("[姓名]体健",)]
