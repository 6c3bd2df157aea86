-- One row per current front page of a stay, its fifteen other diagnoses and seven operations as lists.
SELECT
    page.row_id,
    link.person_id,
    link.visit_id,
    link.start_at,
    link.end_at,
    page.JBDM                                       AS principal_code,
    page.ZYZD                                       AS principal_name,
    [
        {'position': 1, 'code': page.JBDM1, 'name': page.QTZD1, 'condition': page.RYBQ1},
        {'position': 2, 'code': page.JBDM2, 'name': page.QTZD2, 'condition': page.RYBQ2},
        {'position': 3, 'code': page.JBDM3, 'name': page.QTZD3, 'condition': page.RYBQ3},
        {'position': 4, 'code': page.JBDM4, 'name': page.QTZD4, 'condition': page.RYBQ4},
        {'position': 5, 'code': page.JBDM5, 'name': page.QTZD5, 'condition': page.RYBQ5},
        {'position': 6, 'code': page.JBDM6, 'name': page.QTZD6, 'condition': page.RYBQ6},
        {'position': 7, 'code': page.JBDM7, 'name': page.QTZD7, 'condition': page.RYBQ7},
        {'position': 8, 'code': page.JBDM8, 'name': page.QTZD8, 'condition': page.RYBQ8},
        {'position': 9, 'code': page.JBDM9, 'name': page.QTZD9, 'condition': page.RYBQ9},
        {'position': 10, 'code': page.JBDM10, 'name': page.QTZD10, 'condition': page.RYBQ10},
        {'position': 11, 'code': page.JBDM11, 'name': page.QTZD11, 'condition': page.RYBQ11},
        {'position': 12, 'code': page.JBDM12, 'name': page.QTZD12, 'condition': page.RYBQ12},
        {'position': 13, 'code': page.JBDM13, 'name': page.QTZD13, 'condition': page.RYBQ13},
        {'position': 14, 'code': page.JBDM14, 'name': page.QTZD14, 'condition': page.RYBQ14},
        {'position': 15, 'code': page.JBDM15, 'name': page.QTZD15, 'condition': page.RYBQ15}
    ]                                               AS other_diagnosis,
    [
        {'position': 1, 'code': page.SSJCZBM1, 'day_text': page.SSJCZRQ1},
        {'position': 2, 'code': page.SSJCZBM2, 'day_text': page.SSJCZRQ2},
        {'position': 3, 'code': page.SSJCZBM3, 'day_text': page.SSJCZRQ3},
        {'position': 4, 'code': page.SSJCZBM4, 'day_text': page.SSJCZRQ4},
        {'position': 5, 'code': page.SSJCZBM5, 'day_text': page.SSJCZRQ5},
        {'position': 6, 'code': page.SSJCZBM6, 'day_text': page.SSJCZRQ6},
        {'position': 7, 'code': page.SSJCZBM7, 'day_text': page.SSJCZRQ7}
    ]                                               AS operation,
    page.BLZD                                       AS pathology_text,
    page.JBMM                                       AS morphology_code,
    CASE
        WHEN link.visit_key IS NULL THEN 'no such visit'
        ELSE link.reject_reason
    END                                             AS reject_reason
FROM raw.BA_SY AS page
LEFT JOIN stage.visit_link AS link ON link.visit_key = page.JZLSH
WHERE page.fate = 'current'
