-- One row: the day up to which the hospital handed over its records. The setting says it
-- (NPC_OMOP_EXTRACT_ON); else it is the latest visit's start, leaving out dates after the landing
-- itself, which no visit can have; without any visit the latest master-index update.
SELECT
    coalesce(
        (SELECT max(stated_on) FROM raw.extract),
        max(source_date(RYSJ)) FILTER (
            source_date(RYSJ) <= coalesce(
                (SELECT CAST(max(landed_at) AS DATE) FROM raw.source_file), DATE '9999-12-31'
            )
        ),
        (SELECT max(source_date(GXSJ)) FROM raw.HZ_ZSY WHERE fate = 'current')
    ) AS extract_on
FROM raw.JZ_JZJL
WHERE fate = 'current'
