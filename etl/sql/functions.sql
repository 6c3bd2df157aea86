-- Shared rules, as macros. A rule that two tables need is written here once.

-- Codes and names as maps spell them: half-width, upper case, without spaces.
CREATE OR REPLACE MACRO half_width(t) AS
    CASE
        WHEN strlen(t) = length(t) OR NOT regexp_matches(t, '[！-～　]') THEN t  -- translate() is slow
        ELSE
            translate(
                t,
                '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ（），．：；／＋－＊％＃＜＞＝？～　',
                '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz(),.:;/+-*%#<>=?~ '
            )
    END;

CREATE OR REPLACE MACRO normal_code(t) AS
    nullif(regexp_replace(upper(half_width(t)), '\s+', '', 'g'), '');

-- Dates (trap 11). Chinese numerals become digits, every separator a hyphen; what says "none" is NULL.
CREATE OR REPLACE MACRO chinese_digits(t) AS
    translate(
        replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(t, '三十([一二三四五六七八九])', '三\1', 'g'),
                        '二十([一二三四五六七八九])', '二\1', 'g'
                    ),
                    '([一二三])十', '\1〇', 'g'
                ),
                '十([一二三四五六七八九])', '一\1', 'g'
            ),
            '十', '一〇'
        ),
        '〇零○一二三四五六七八九', '000123456789'
    );

-- "日9时5分", "日 9点5分30秒": the time of day with colons, apart from its date.
CREATE OR REPLACE MACRO colon_time(t) AS
    CASE
        WHEN regexp_matches(t, '\d[时点]\d')
            THEN regexp_replace(
                regexp_replace(t, '日? *(\d{1,2})[时点](\d{1,2})分?(\d{1,2})秒$', ' \1:\2:\3'),
                '日? *(\d{1,2})[时点](\d{1,2})分?$', ' \1:\2'
            )
        ELSE t
    END;

CREATE OR REPLACE MACRO hyphen_date(t) AS
    regexp_replace(
        regexp_replace(
            colon_time(replace(trim(chinese_digits(half_width(t))), 'T', ' ')),
            '^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?', '\1-\2-\3'
        ),
        '^(\d{4})[-/.年](\d{1,2})月?$', '\1-\2'
    );

-- The commonest forms come first and need little rewriting; the last cost a hundred times more.
CREATE OR REPLACE MACRO parsed_date(t) AS
    CASE
        WHEN regexp_full_match(t, '\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?')
            THEN try_cast(t AS TIMESTAMP)
        WHEN regexp_full_match(t, '\d{4}[.年]\d{1,2}[.月]\d{1,2}日?( +\d{1,2}:\d{2}(:\d{2})?)?')
            THEN try_cast(replace(translate(t, '.年月', '---'), '日', '') AS TIMESTAMP)
        WHEN regexp_full_match(t, '\d{8}')
            THEN try_strptime(t, '%Y%m%d')
        WHEN regexp_full_match(t, '\d{14}')
            THEN try_strptime(t, '%Y%m%d%H%M%S')
        WHEN regexp_full_match(t, '\d{8} +\d{1,2}:\d{2}(:\d{2})?')
            THEN try_cast(t[:4] || '-' || t[5:6] || '-' || t[7:] AS TIMESTAMP)
        WHEN regexp_full_match(t, '\d{5}(\.\d+)?')
            THEN CASE
                WHEN try_cast(t AS DOUBLE) BETWEEN 7306 AND 73050  -- Excel serials of 1920 to 2099
                    THEN TIMESTAMP '1899-12-30 00:00:00'
                        + to_seconds(CAST(round(try_cast(t AS DOUBLE) * 86400) AS BIGINT))
            END
        ELSE list_transform(
            [hyphen_date(t)],  -- a list of one, so that the text is rewritten once
            LAMBDA h: CASE
                WHEN regexp_full_match(h, '\d{4}-\d{1,2}-\d{1,2}')
                    THEN try_strptime(h, '%Y-%m-%d')
                WHEN regexp_full_match(h, '\d{4}-\d{1,2}-\d{1,2} +\d{1,2}:\d{1,2}(:\d{1,2})?')
                    THEN coalesce(
                        try_strptime(regexp_replace(h, ' +', ' '), '%Y-%m-%d %H:%M:%S'),
                        try_strptime(regexp_replace(h, ' +', ' '), '%Y-%m-%d %H:%M')
                    )
                WHEN regexp_full_match(h, '\d{4}-\d{1,2}')
                    THEN try_strptime(h || '-1', '%Y-%m-%d')
                WHEN regexp_full_match(h, '(19|20)\d{2}年?')
                    THEN try_strptime(h[:4] || '-1-1', '%Y-%m-%d')
            END
        )[1]
    END;

-- No list for IN: of five and more DuckDB makes a join, and a join changes the order of rows, which
-- is how landing numbers the records of a file.
CREATE OR REPLACE MACRO says_none(t) AS
    t IS NULL OR regexp_full_match(t, '-{0,2}|/|无|不详|未知|NULL|null|N/A');

-- The first instant of what the text names; NULL for none, for a bad date, and for what stands for
-- "none": 1900-01-01 and 9999-12-31.
CREATE OR REPLACE MACRO source_timestamp(t) AS
    list_filter(  -- a list of one, so that the text is read once
        [parsed_date(t)],
        LAMBDA d: d BETWEEN TIMESTAMP '1900-01-02 00:00:00' AND TIMESTAMP '2099-12-31 23:59:59'
    )[1];

CREATE OR REPLACE MACRO source_date(t) AS CAST(source_timestamp(t) AS DATE);

CREATE OR REPLACE MACRO date_precision(t) AS
    CASE
        WHEN source_timestamp(t) IS NULL THEN NULL
        WHEN regexp_full_match(chinese_digits(t), '(19|20)\d{2}年?') THEN 'year'
        WHEN regexp_full_match(hyphen_date(t), '\d{4}-\d{1,2}') THEN 'month'
        ELSE 'day'
    END;

-- Whether a text says none is asked only of what is no date: few are not, and the look costs more.
CREATE OR REPLACE MACRO is_bad_date(t) AS
    coalesce(
        parsed_date(t) BETWEEN TIMESTAMP '2100-01-01 00:00:00' AND TIMESTAMP '9998-12-31 23:59:59',
        NOT says_none(t)
    );

CREATE OR REPLACE MACRO last_of_month(d) AS CAST(date_trunc('month', d) + INTERVAL 1 MONTH - INTERVAL 1 DAY AS DATE);

-- Numbers: thousands separators and full-width digits are forgiven, text is not.
CREATE OR REPLACE MACRO source_number(t) AS
    coalesce(try_cast(t AS DOUBLE), try_cast(replace(trim(half_width(t)), ',', '') AS DOUBLE));

CREATE OR REPLACE MACRO is_bad_number(t) AS NOT says_none(t) AND source_number(t) IS NULL;

-- Event ids say which hospital row an event came from (DESIGN: row ids are given at landing).
CREATE OR REPLACE MACRO event_id(row_id, source_no, ordinal) AS
    CASE
        WHEN ordinal BETWEEN 0 AND 999 THEN row_id * 100000 + source_no * 1000 + ordinal
        ELSE error('row ' || row_id || ' of source ' || source_no || ' has more than 999 events')
    END;

-- Where the n-th event read from a text stands among the events of its row: 50 to 61 are taken by what
-- is derived from the row (date of death, histology); none is left beyond 87.
CREATE OR REPLACE MACRO text_position(n) AS n + CASE WHEN n >= 50 THEN 12 ELSE 0 END;
