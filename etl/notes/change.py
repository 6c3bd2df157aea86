"""How a lesion has changed since the examination before: 较前缩小, 与上次相仿, 前片未见."""

import re
from collections.abc import Iterator

# 较前, 与上次, 比旧片, and how; or how much or what of it has changed: 略缩小, 体积增大.
_CHANGED = re.compile(
    r"(?=[较与比明稍略部体数范短增减])(?:(?:较(?!大|小|多|长|厚|高|低|清|密|粗|宽|明|著)|[与比](?=(?!前述)[前上旧原老本我外既\d]))[^,。;]{0,28}?"
    r"(?:(?P<stable>相[仿似当同]|同前|一致|类似|稳定|(?:变化|缩小|增大)不[大明显著]|[无未没][有见]?(?:明[显确]|显著|大)?(?:变化?|改变|著变|差[异别]))"
    r"|(?P<smaller>缩小|减[少小轻低弱退]|吸收|变[小薄浅淡少]|好转|[退回]缩|降低|下降|[略稍偏][小少薄])"
    r"|(?P<larger>增[大多厚粗高宽加强长浓]|变[大厚多]|扩[大展]|进展|饱满|加[重深]|升高|长大|[略稍偏][大多厚]|[略稍]?(?:明显|显著)(?=[,。;]|$))"
    r"|(?P<gone>消失|消散)|(?P<new>新[增发见]|新出现))"
    r"|(?:明显|稍|略|部分|体积|数[目量]|范围|短期内?)(?:有所|明显|稍|略)?"
    r"(?:(?P<s2>缩小|减[少小]|[退回]缩|吸收)|(?P<l2>增大(?!淋巴)|增[多加]|扩大))"
    # 转移瘤增多, but not 淋巴结增大.
    r"|(?<=结节|病灶|病变|移瘤|移灶|积液|肿块|肿物|肿瘤)(?:(?P<s3>减[少小])|(?P<l3>增[大多])))"
)
# What the examination before did not show is new.
_UNSEEN = re.compile(
    r"(?:前[片次]|[原旧老]片|上次|\d{4}[-./年]\S{0,8}?(?:CT|MR|片|检查|\)))\s?(?:CT|MR|片)?均?(?:未见|未显示|无)(?:明[确显])?(?:显示)?(?=[,。;)]|$)"
)
# Of the lesion something else than its size or uptake has changed.
_OTHER_CHANGE = re.compile(
    r"(?:密度|信号|强化(?:程度)?|水肿(?:带|范围|区)?|空洞|坏死|分界|边界)[^,。;]?$"
)
_SIGNS = frozenset("较与比缩减退回吸增扩未")
_OLD = frozenset("片次检CM")
_GROUPS = {"s2": "smaller", "l2": "larger", "s3": "smaller", "l3": "larger"}
_RESIZED = frozenset(("larger", "smaller", "s2", "l2", "s3", "l3"))
_NOT_CHANGED = re.compile(r"[未无不](?:见|明显|明确|显著|再)*(?:明显|明确)?$")


def of_a_property(text: str, place: int) -> bool:
    """Whether not the lesion but its density or the oedema around it has changed."""
    return _OTHER_CHANGE.search(text, max(place - 8, 0), place) is not None


def may_change(text: str) -> bool:
    """Whether a sentence has a sign that each telling of a change has: for speed."""
    return not _SIGNS.isdisjoint(text)


def changes(text: str) -> Iterator[tuple[str, int, int]]:
    """The changes that a sentence tells beyond its cues: which, from where to where."""
    for change in _CHANGED.finditer(text):
        name = change.lastgroup or ""
        start = change.start(name)
        if name in _RESIZED:
            if of_a_property(text, change.start()):
                continue
            if _NOT_CHANGED.search(text, max(start - 8, 0), start):
                name = "stable"
        yield _GROUPS.get(name, name), change.start(), change.end()
    if "未" in text and not _OLD.isdisjoint(text):
        for unseen in _UNSEEN.finditer(text):
            yield "new", unseen.start(), unseen.end()
