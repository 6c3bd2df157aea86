-- One row per fact that a text states, found by the rules of etl/notes: where it stands, how sure the
-- text is, and as JSON what else is told of it.
SELECT
    source_no,
    row_id,
    person_id,
    visit_id,
    noted_at,
    kind,
    fact.fact_no,
    fact.type,
    fact.value,
    fact.span_start,
    fact.span_end,
    note_text[fact.span_start + 1:fact.span_end] AS fact_text,
    fact.certainty,
    fact.rule,
    fact.detail
FROM (
    SELECT
        source_no,
        row_id,
        person_id,
        visit_id,
        noted_at,
        kind,
        note_text,
        unnest(note_facts(kind, note_text, CAST(noted_at AS DATE))) AS fact
    FROM note.text
) AS read_text
-- An id has room for a thousand facts; a text that states more is no report.
WHERE fact.fact_no <= 999
