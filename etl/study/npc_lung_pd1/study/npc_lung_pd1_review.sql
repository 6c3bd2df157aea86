-- One row per patient whose chart must be read: what is missing, criterion by criterion.
SELECT
    candidate.person_id,
    candidate.index_on,
    candidate.unknown_criteria,
    count(*)                                      AS unknown_count,
    string_agg(answered.criterion || ': ' || answered.value, '; ' ORDER BY answered.criterion_no)
                                                  AS missing
FROM study.npc_lung_pd1_candidate AS candidate
INNER JOIN study.npc_lung_pd1_criterion AS answered
    ON answered.person_id = candidate.person_id AND answered.answer = 'unknown'
WHERE candidate.eligible = 'review'
GROUP BY candidate.person_id, candidate.index_on, candidate.unknown_criteria
ORDER BY candidate.person_id
