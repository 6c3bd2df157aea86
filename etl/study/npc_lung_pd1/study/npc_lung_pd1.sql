-- One row per eligible patient: identification, disease, baseline, treatment and outcome. Adverse events are in
-- npc_lung_pd1_adverse_event.
SELECT
    candidate.person_id,
    candidate.metastasis_on,
    candidate.index_on,
    candidate.index_on                            AS first_pd1_on,
    candidate.first_pd1,
    candidate.first_chemotherapy_on,
    candidate.chemotherapy,
    candidate.arm,
    histology.value                               AS histology,
    stage.staged_on,
    stage.t_category,
    stage.n_category,
    stage.m_category,
    stage.stage,
    stage.edition,
    primary_treatment.induction_drugs,
    primary_treatment.concurrent_drugs,
    primary_treatment.adjuvant_drugs,
    primary_treatment.primary_dose_gy,
    ended.ended_to                                AS primary_end_on,
    ended.date_precision                          AS primary_end_precision,
    distant.found_on - ended.ended_to             AS days_to_metastasis,
    extent.organs,
    extent.organ_count,
    extent.lesion_count,
    extent.is_oligometastatic,
    extent.lung_side,
    extent.is_biopsy_proven,
    lesion.largest_mm,
    age.value                                     AS age,
    person.gender_concept_id,
    person.year_of_birth,
    person.month_of_birth,
    baseline.kps,
    baseline.ecog,
    baseline.bmi,
    baseline.hbsag,
    baseline.ebv_dna,
    baseline.ebv_dna_operator,
    baseline.ebv_dna_unit,
    baseline.ldh_u_per_l,
    baseline.albumin_g_per_l,
    baseline.neutrophil_lymphocyte_ratio,
    treatment.cycles,
    treatment.chemotherapy_days,
    treatment.cisplatin_mg,
    treatment.pd1_doses,
    treatment.pd1_drugs,
    treatment.is_pd1_switched,
    treatment.has_pd1_maintenance,
    treatment.last_pd1_on,
    treatment.rt_site,
    treatment.rt_began_on,
    treatment.rt_days,
    treatment.rt_dose_gy,
    treatment.rt_fractions,
    treatment.rt_bed_gy,
    treatment.lung_local_therapy_on,
    treatment.later_lines,
    outcome.best_response,
    outcome.pfs_days,
    outcome.pfs_event,
    outcome.os_days,
    outcome.os_event,
    outcome.os_precision,
    outcome.cause_of_death,
    outcome.mean_interval_days                    AS scan_interval_days,
    contact.last_contact_on,
    contact.died_on
FROM study.npc_lung_pd1_candidate AS candidate
INNER JOIN cdm.person AS person ON person.person_id = candidate.person_id
INNER JOIN study.last_contact AS contact ON contact.person_id = candidate.person_id
INNER JOIN study.outcome AS outcome ON outcome.person_id = candidate.person_id
INNER JOIN study.index_laboratory AS baseline ON baseline.person_id = candidate.person_id
INNER JOIN study.index_treatment AS treatment ON treatment.person_id = candidate.person_id
LEFT JOIN study.criterion_i3 AS histology ON histology.person_id = candidate.person_id
LEFT JOIN study.criterion_i1 AS age ON age.person_id = candidate.person_id
LEFT JOIN study.first_stage AS stage ON stage.person_id = candidate.person_id
LEFT JOIN study.primary_systemic_treatment AS primary_treatment
    ON primary_treatment.person_id = candidate.person_id
LEFT JOIN study.primary_treatment_end AS ended ON ended.person_id = candidate.person_id
LEFT JOIN study.first_distant_metastasis AS distant ON distant.person_id = candidate.person_id
LEFT JOIN study.disease_extent AS extent ON extent.person_id = candidate.person_id
LEFT JOIN (
    SELECT person_id, max(size_mm) AS largest_mm FROM study.baseline_lesion GROUP BY person_id
) AS lesion ON lesion.person_id = candidate.person_id
WHERE candidate.eligible = 'yes'
ORDER BY candidate.person_id
