"""Examinations: modality, body part and contrast, read from name, category and region."""

import pytest


@pytest.mark.parametrize(
    ("modality", "name", "region", "concept"),
    [
        ("CT", "胸部CT增强", "胸部", "CT of thorax with contrast"),
        ("CT", "胸部CT（平扫）＋增强扫描", "胸部", "CT of thorax with contrast"),
        ("CT", "颈胸腹部CT平扫+增强", "-", "CT of thorax with contrast"),
        ("CT", "胸部CT平扫", "胸部", "CT of chest"),
        ("CT", "双肺CT(未增强)", "-", "CT of chest"),
        ("CT", "胸腹部CT平扫", "-", "CT of chest"),
        ("CT", "CT增强扫描", "胸部", "CT of thorax with contrast"),
        ("CT", "CT平扫", "纵膈", "CT of chest"),
        ("CT", "全腹CT平扫+增强", "-", "CT with intravenous contrast"),
        ("CT", "全腹CT", "-", "CT of abdomen"),
        ("CT", "胸椎CT", "-", "Computed tomography"),
        ("-", "鼻咽+颈部磁共振增强", "-", "MRI of head and neck"),
        ("MR", "颅脑MRI平扫", "-", "MRI of brain"),
        ("MR", "颅脑MR平扫加增强", "-", "MRI of brain with contrast"),
        ("MR", "腰椎MRI", "-", "MRI of spine"),
        (
            "PETCT",
            "18F-FDG全身PET-CT显像",
            "-",
            "PET CT FDG (fluorodeoxyglucose) imaging of cranial vertex to mid-thigh",
        ),
        ("ECT", "全身骨显像", "-", "Radioisotope scan of bone"),
        ("骨扫描", "-", "全身", "Radioisotope scan of bone"),
        ("DR", "胸部正侧位", "-", "Standard chest X-ray"),
        ("US", "腹部彩超", "-", "Ultrasonography of abdomen"),
        ("US", "双侧颈部淋巴结彩超", "-", "Ultrasonography of superficial lymph nodes"),
        ("US", "彩超", "甲状腺", "Ultrasonography of thyroid"),
        ("内镜", "电子鼻咽镜检查", "-", "Nasopharyngoscopy"),
        ("CT", "CT", "-", "Computed tomography"),
    ],
)
def test_an_examination_is_its_modality_body_part_and_contrast(
    given, specification, modality, name, region, concept
):
    given(
        "stage.imaging_report",
        f"row_id | modality_text | exam_text | region_text \n 1 | {modality} | {name} | {region}",
    )
    specification.run("stage.exam_name")
    found = specification.con.execute(
        "SELECT line.concept_name FROM stage.exam_name AS exam JOIN vocabulary.code_map AS line"
        " ON line.source_code = exam.map_code AND line.source_vocabulary_id = 'npc_exam'"
    ).fetchall()
    assert found == [(concept,)]
