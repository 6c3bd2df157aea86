-- One row: the day up to which the hospital handed over its records.
-- The latest visit start or master-index update that is not after the landing itself would know;
-- a single wild date must not move it, so visits alone decide where there are any.
SELECT
    coalesce(
        (SELECT max(source_date(RYSJ)) FROM raw.JZ_JZJL WHERE fate = 'current'),
        (SELECT max(source_date(GXSJ)) FROM raw.HZ_ZSY WHERE fate = 'current')
    ) AS extract_on
