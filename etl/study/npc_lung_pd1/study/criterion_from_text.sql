-- One row per index event and criterion that structured data cannot answer. Each gets a file of its own
-- when the text work puts its evidence into the CDM; until then nobody can be eligible.
SELECT
    event.person_id,
    listed.criterion,
    'unknown'                                     AS answer,
    listed.value,
    CAST(NULL AS DATE)                            AS found_on
FROM study.index_event AS event
CROSS JOIN (
    VALUES
        ('i3', 'needs text'),
        ('i4', 'needs text'),
        ('i5', 'needs text'),
        ('e2', 'needs text'),
        ('e4', 'needs text'),
        ('e5', 'needs text'),
        ('e6', 'needs text'),
        ('e7', 'needs text'),
        ('e8', 'needs text'),
        ('e9', 'needs the review file')
) AS listed(criterion, value)
