-- One row per current order. A discharge drug is known by its flag and, where vendors disagree on
-- the flag's meaning, by its category (trap 15). Without a strength column the name may hold one in
-- its plain form ("10mg*1支", "100mg:10ml"); a bare amount in a name may be the dose and is none.
SELECT
    o.row_id,
    o.YZH                                           AS order_key,
    coalesce(o.YZZH, o.YZH)                         AS group_key,
    link.person_id,
    link.visit_id,
    link.end_at                                     AS visit_end_at,
    o.YZLB                                          AS category_text,
    -- An order without a category may be a drug: its name decides, and no exposure is lost.
    coalesce(
        o.YZLB IN ('西药', '成药', '中成药', '中药', '草药', '药品', '出院带药'), TRUE
    )                                               AS is_drug,
    coalesce(
        o.YZLB = '出院带药' OR (o.CYDYBZ = '1' AND o.YZLB IN ('西药', '成药', '中成药')), FALSE
    )                                               AS is_discharge_drug,
    coalesce(o.ZBBZ, '0') = '1'
    OR coalesce(
        contains(o.YZMC, '自备') OR contains(o.YZMC, '赠药') OR contains(o.YZMC, '自带')
        OR contains(o.YZMC, '自购') OR contains(o.YZMC, '外购'), FALSE
    )                                               AS is_own_supply,
    o.YZQX = '1'                                    AS is_long_order,
    o.YZMC                                          AS name_text,
    CASE
        WHEN o.GG <> '' THEN o.GG
        ELSE nullif(
            regexp_extract(
                lower(half_width(o.YZMC)),
                '(\d+\.?\d*) *(mg|ug|μg|g|万?iu|万?u|毫克|微克|克|万?单位|%) *[:/(*x×] *(\d+\.?\d*)? *(ml|毫升|支|瓶|片|粒|袋|丸)'
            ),
            ''
        )
    END                                             AS strength_text,
    source_number(o.YCJL)                           AS dose,
    o.JLDW                                          AS dose_unit_text,
    o.GYTJ                                          AS route_text,
    o.PC                                            AS frequency_text,
    o.YSZT                                          AS instruction_text,
    coalesce(source_timestamp(o.KZSJ), link.start_at) AS start_at,
    source_timestamp(o.TZSJ)                        AS stop_at,
    CASE
        WHEN link.visit_key IS NULL THEN 'no such visit'
        ELSE link.reject_reason
    END                                             AS reject_reason
FROM raw.YZ_YZJL AS o
LEFT JOIN stage.visit_link AS link ON link.visit_key = o.JZLSH
WHERE o.fate = 'current'
