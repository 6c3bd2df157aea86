-- One row per criterion, in the protocol's order; population criteria come before the others.
SELECT
    criterion_no,
    criterion,
    kind,
    title
FROM (
    VALUES
        (1, 'p1', 'population', 'thoracic metastasis of a nasopharyngeal carcinoma'),
        (2, 'p2', 'population', 'PD-1 inhibitor with chemotherapy (index date)'),
        (3, 'i1', 'inclusion', 'age 18 or over'),
        (4, 'i2', 'inclusion', 'KPS 60 or over'),
        (5, 'i3', 'inclusion', 'histologically confirmed nasopharyngeal squamous carcinoma'),
        (6, 'i4', 'inclusion', 'metastatic after primary standard treatment'),
        (7, 'i5', 'inclusion', 'measurable lesion in lung, mediastinum or pleura'),
        (8, 'i6', 'inclusion', 'adequate kidney, liver and marrow'),
        (9, 'e1', 'exclusion', 'earlier immune checkpoint inhibitor'),
        (10, 'e2', 'exclusion', 'recurrent disease'),
        (11, 'e3', 'exclusion', 'earlier systemic chemotherapy for metastatic disease'),
        (12, 'e4', 'exclusion', 'symptomatic CNS metastases'),
        (13, 'e5', 'exclusion', 'pneumonitis needing glucocorticoids, or active autoimmune disease'),
        (14, 'e6', 'exclusion', 'severe organ dysfunction, unfit for chemoradiotherapy'),
        (15, 'e7', 'exclusion', 'serious disease of another organ'),
        (16, 'e8', 'exclusion', 'another drug trial within three months'),
        (17, 'e9', 'exclusion', 'unsuitable in the researchers'' judgement')
) AS listed(criterion_no, criterion, kind, title)
