"""What free text says about who: taken out before it is stored.

The patient's own names, phone numbers and addresses are known from the master index; the rest is
told by its form: id-card numbers, phone numbers, labelled addresses, signatures. A dose, a date
or an accession number is never a phone number: only whole runs of digits count.
"""

NAME, CARD, PHONE, ADDRESS = "[姓名]", "[证件号]", "[电话]", "[地址]"

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
    "丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱"
    "汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢岳齐"
    "沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋"
    "植甘景薄单包司柏宁柯阮桂闵欧阳解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟"
)
_SURNAME = f"(?:欧阳|司马|诸葛|上官|司徒|尉迟|皇甫|令狐|[{''.join(sorted(set(_SURNAMES)))}])"
_HAN = r"\p{Han}"
_GAP = r"[ \t　]*"
_NUMBER_START, _NUMBER_END = "(^|[^0-9０-９.])", "([^0-9０-９]|$)"

# Pattern and replacement. A rule between two boundary signs runs twice: of neighbours that share
# their boundary the first run sees every other one only.
_RUNS: tuple[tuple[str, str], ...] = (
    (
        _NUMBER_START + r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])"
        r"(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]" + _NUMBER_END,
        CARD,
    ),
    (
        _NUMBER_START
        + r"(?:\+?86[- ]?)?1[3-9][0-9](?:[0-9]{8}|[- ][0-9]{4}[- ][0-9]{4})"
        + _NUMBER_END,
        PHONE,
    ),
    (
        _NUMBER_START + r"[(（]?0[0-9]{2,3}[)）]?[-－—][0-9]{7,8}" + _NUMBER_END,
        PHONE,
    ),
)
# What every run of digits above holds: a cheap look spares most texts the replacing.
_HAS_RUN = r"[0-9]{7}|[0-9]{4}[- ][0-9]{4}"

# Pattern, replacement, and what every match of the pattern holds, where a look for it is cheaper.
_LABELLED: tuple[tuple[str, str, str | None], ...] = (
    (
        r"((?:身份证|证件)(?:号码|号)?[:：]?" + _GAP + r")[1-9][0-9]{13,16}[0-9Xx]",
        rf"\1{CARD}",
        "身份证|证件",
    ),
    (
        r"((?:电话|手机|联系方式)(?:号码?)?[:：]?" + _GAP + r")[0-9][0-9\-－— ]{5,18}[0-9]",
        rf"\1{PHONE}",
        "电话|手机|联系方式",
    ),
    (
        r"((?:现住址|家庭住址|户籍地址|联系地址|住址|地址|住所)[:：]"
        + _GAP
        + r")[^\s，,。；;]{2,60}",
        rf"\1{ADDRESS}",
        "[址所][:：]",
    ),
    (
        r"((?:医师|医生|护士|患者|家属|本人)?(?:签名|签字)|记录者|记录人|书写者|报告者|审核者|"
        r"(?:报告|审核|检查|诊断|主治|住院|主任|经治|经管|主管|管床|会诊|病理|上级|记录|书写)?"
        rf"(?:医师|医生))([:：]{_GAP}){_SURNAME}{_HAN}{{1,2}}"
        rf"(?:{_GAP}[/／、]{_GAP}{_SURNAME}{_HAN}{{1,2}})*",
        rf"\1\2{NAME}",
        None,
    ),
    (
        rf"((?:主任|审核|报告|姓名|联系人|家属|护士)[:：]{_GAP}){_SURNAME}{_HAN}{{1,2}}",
        rf"\1{NAME}",
        "[任核告名人属士][:：]",
    ),
    # Only beside sex, age or kin: "患者高热，" and "患者白细胞" begin with surnames too.
    (
        rf"(患者{_GAP}){_SURNAME}{_HAN}{{1,2}}"
        rf"({_GAP}[，,、（(]?{_GAP}(?:男|女|[0-9]{{1,3}}岁)|[之的](?:妻|丈夫|夫|配偶|儿|女|子|母|父|兄|弟|姐|妹|家属))",
        rf"\1{NAME}\2",
        None,
    ),
    (
        rf"{_SURNAME}{_HAN}{{0,2}}((?:副?主任|主治|住院)医师|主任|教授|医生)",
        rf"{NAME}\1",
        "主任|主治医师|住院医师|教授|医生",
    ),
)


def scrub_sql(name: str) -> str:
    """SQL for a free text without the words in `own_names`, `own_phones`, `own_addresses`.

    Those are VARCHAR[] columns of the same row, NULL where the person is not known.
    """
    text = name  # what a guard looks for in it, no replacement below puts there
    for words, mark in (("own_addresses", ADDRESS), ("own_names", NAME)):
        text = _reduced(text, words, f"replace(t, w, '{mark}')")
    # A landline without its code is told from a laboratory number by being the person's own.
    number = f"'{_NUMBER_START}' || regexp_escape(w) || '{_NUMBER_END}'"
    own_phone = _replaced("t", number, rf"\1{PHONE}\2")
    text = _reduced(text, "own_phones", f"CASE WHEN contains(t, w) THEN {own_phone} ELSE t END")
    runs = "t"
    for pattern, mark in _RUNS:
        for _ in range(2):
            runs = _replaced(runs, f"'{pattern}'", rf"\1{mark}\2")
    text = _guarded(text, name, _HAS_RUN, runs)
    for pattern, replacement, guard in _LABELLED:
        step = _replaced("t", f"'{pattern}'", replacement)
        text = _guarded(text, name, guard, step)
    return text


def _guarded(text: str, name: str, guard: str | None, step: str) -> str:
    """`step` over `text` as t, where `guard` is found in the column `name` or there is none."""
    if guard is not None:
        step = f"CASE WHEN regexp_matches({name}, '{guard}') THEN {step} ELSE t END"
    return f"list_transform([{text}], lambda t: {step})[1]"


def _reduced(text: str, words: str, step: str) -> str:
    return f"list_reduce(coalesce({words}, []), lambda t, w: {step}, {text})"


def _replaced(text: str, pattern: str, replacement: str) -> str:
    return f"regexp_replace({text}, {pattern}, '{replacement}', 'g')"
