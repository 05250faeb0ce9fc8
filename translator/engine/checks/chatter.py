"""What the model says of its work, or instead of it."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw
from translator.engine.leaks import leak

_WORK = r"(?:translat|翻译|翻譯|翻訳|译文|譯文|訳文|訳|번역)"

# At a text's beginning: an announcement that is followed by the text, with what shows that it is one.
_BEGINS = (
    (
        r"(?:好的|当然|當然|没问题|沒問題)?[，,！!。]?\s*(?:以下|下面|这里|這裡)(?:是|为|為|就是)[^\n：:。]{0,20}"
        r"(?:翻译|翻譯|译文|譯文)[^\n：:。]{0,8}[：:。\n]"
    ),
    r"(?:翻译|翻譯|译文|譯文|訳文|翻訳)(?:结果|結果|如下|内容)?(?:为|為)?\s*[：:]",
    r"(?:我)?(?:已)?(?:将|将会|会)?[^\n。：:]{0,12}翻译成(?:简体|繁体)?中文(?:如下)?[：:，]",
    r"(?:以下が|以下は|こちらが|次が)[^\n。：:]{0,16}(?:翻訳|訳文|訳)[^\n。：:]{0,8}[：:。\n]",
    r"(?:다음은|아래는)[^\n.:：]{0,20}번역[^\n.:：]{0,8}[.:：\n]",
    r"번역(?:문|\s?결과)?\s*[：:]",
    r"(?:sure|certainly|of course|okay|ok|absolutely)[,!.]?\s*here(?:'s| is| are)\b",
    r"(?:sure|certainly|of course|okay|ok|absolutely)[,!.]?\s*(?:i(?:'ll| will| can)|let me)\b[^\n.]{0,40}\btranslat",
    r"here(?:'s| is| are)\s+(?:the|your|a|my)\s+(?:[\w-]+\s+){0,3}translat\w*",
    r"(?:the\s+)?(?:[\w-]+\s+)?translation(?:\s+(?:is|into\s+\w+|of[^\n:]{0,40}))?\s*:",
    r"translated(?:\s+text|\s+into\s+[^\n:]{0,30})?\s*:",
    r"```",
)
# A refusal: nothing that it is put before.
_REFUSES = (
    (
        r"i(?:'m| am)\s+(?:very\s+|really\s+)?sorry,?\s+but\s+(?:i\s+(?:can(?:'t|not)|am\s+(?:not\s+able|unable))"
        r"|as\s+an\s+ai)"
    ),
    (
        r"i\s+(?:can(?:'t|not)|am\s+unable\s+to|'m\s+unable\s+to|won't\s+be\s+able\s+to)\s+"
        r"(?:assist\s+(?:you\s+)?with|help\s+with|translate|provide|fulfil|comply\s+with)"
    ),
    r"as\s+an?\s+(?:ai|artificial|language\s+model|large\s+language)",
    (
        r"(?:非常|很|十分)?抱歉[，,。]?\s*(?:但)?\s*(?:我)?(?:作为|無法|无法|不能|没办法)[^\n。]{0,12}"
        r"(?:ai|人工智能|语言模型|翻译|翻譯|协助|協助|提供|满足|滿足|完成|处理|回答)"
    ),
    r"(?:对不起|對不起)[，,。]?\s*(?:但)?\s*我?(?:作为|无法|無法|不能)[^\n。]{0,10}(?:翻译|翻譯|协助|協助|提供|满足|處理|处理|回答)",
    r"(?:作为|身为|作為|身為)(?:一个|一個|一名|一款)?(?:ai|人工智能|人工智慧|语言模型|語言模型|大型语言模型|智能助手)",
    r"(?:我)?无法(?:翻译|协助|提供)(?:这|该|此|您|你|这些|这段)",
    r"申し訳(?:ありません|ございません)[がけ、。][^\n]{0,30}(?:翻訳|お手伝い|お答え|対応|提供)(?:する(?:こと)?(?:は|が)?)?でき(?:ません|かねます)",
    r"(?:私は)?(?:ai|人工知能|言語モデル)(?:です|として|なので)",
    r"(?:죄송(?:합니다|하지만)|미안하지만)[^\n]{0,30}(?:번역|도와|제공)[^\n]{0,10}(?:수 없|못)",
    r"(?:저는\s*)?(?:ai|인공지능|언어 모델)(?:로서|이기 때문)",
)
# After the text, or in it: a note of a translator that nobody wrote.
_NOTES = (
    r"[（(\[【]?\s*(?:translator'?s?\s+note|tl\s?note|t/?n|n\.?\s?b\.?\s*translator)\b\s*[:：]",
    r"(?:^|\n)\s*(?:[（(\[]\s*)?note\s*:\s",
    r"[（(\[【]\s*note\s*[:：]",
    r"[（(\[【]?\s*(?:译者注|譯者註|译注|译者按|訳注|訳者注|翻訳者注|역주)\s*[:：]?",
    r"(?:^|\n)\s*(?:[（(\[【]\s*)?(?:注|註|备注|備註|说明|說明|解释|解釋)\s*[:：]",
    r"[（(\[【]\s*注\s*[:：]",
    r"以上(?:が|は)[^\n。]{0,12}(?:翻訳|訳文)(?:です|になります|となります)",
    r"以上(?:是|为|就是)[^\n。]{0,16}(?:翻译|译文)",
    r"(?:希望(?:这|以上|我的)[^\n。]{0,12}(?:翻译|译文)|如果(?:您|你)(?:还)?(?:有|需要)[^\n。]{0,16}(?:翻译|问题|帮助)[^\n。]{0,12}(?:告诉|随时|联系))",
    r"(?:i\s+hope\s+this\s+(?:helps|translation)|let\s+me\s+know\s+if\s+you\s+(?:need|have|would\s+like|want))",
    r"\n```",
)
_BOLD = regex.compile(r"\*\*[^*\n]+\*\*|(?m:^#{1,6} )")
_TAG = regex.compile(r"</?(?:think(?:ing)?|answer|translation|output|assistant|text)>", regex.IGNORECASE)

_AT_START = regex.compile(rf"\s*[\"“「*#]*\s*(?:{'|'.join((*_BEGINS, *_REFUSES))})", regex.IGNORECASE)
_ANYWHERE = regex.compile("|".join((*_NOTES, *_REFUSES)), regex.IGNORECASE)
# One of these is in whatever the patterns find: most texts have none, and this is the quick way to tell.
_SIGNS = regex.compile(
    r"transl|sure|certainly|of course|okay|absolutely|sorry|unable|can't|cannot|won't|as an|note|n\.?b|t/?n|hope|let me"
    r"|译|譯|訳|抱歉|对不起|對不起|作为|作為|身为|身為|无法|申し訳|です|として|なので|注|註|说明|說明|解释|解釋|备注|備註|如果"
    r"|번역|역주|죄송|미안|로서|이기|```|\*\*|#|<|\[/?[A-Z_]+\]",
    regex.IGNORECASE,
)
_SOURCE_SAYS = regex.compile(
    rf"{_WORK}|sorry|cannot|can't|unable|すみません|ごめん|申し訳|お詫び|悪い(?:けど|が)|抱歉|对不起|對不起|죄송|미안"
    r"|残念|勘弁|無理|すまな|すまん|わりぃ|失礼|恐れ入|申し訳|不好意思|遗憾|遺憾|afraid|regret|apolog|미안|유감"
    r"|(?<![a-z])ai(?![a-z])|ＡＩ|人工知能|人工智能|言語モデル|语言模型|인공지능|language model",
    regex.IGNORECASE,
)
_SOURCE_NOTES = regex.compile(
    r"note|注[：:意]|注\b|註|備考|※|[(（]注|备注|說明|说明|解説|説明|訳|译|역주|주[：:]|p\.?s\.?\b|補足",
    regex.IGNORECASE,
)
_SOURCE_AGREES = regex.compile(
    r"sure|certainly|of course|もちろん|いいよ|いいです|了解|わかり|わかった|どうぞ|はい|当然|好的|물론|네",
    regex.IGNORECASE,
)


def look(case: Case) -> Iterator[Flaw]:
    """Flag what a model says of its work: an announcement ("Sure, here is", 以下是翻译), a refusal ("I'm sorry, but I
    can't", 作为一个AI), a translator's note, thanks and offers, fences, bold type and tags that the source has not.

    Not flagged: what the source says itself (a text about translations, an apology, a note).
    """
    target, source = case.masked, case.unit.source
    if _SIGNS.search(target) is None:
        return
    found = _said(target, source)
    if found is not None:
        yield Flaw(f"the model speaks of its work: {found.group().strip()!r}", found.span())


def _said(target: str, source: str) -> "regex.Match[str] | None":
    found = _TAG.search(target)
    if found is not None and found.group().lower() not in source.lower():
        return found
    if (mark := leak(target, source)) is not None:
        return mark
    found = _BOLD.search(target)
    if found is not None and found.group()[:2] not in source:
        return found
    found = _AT_START.match(target)
    if found is not None and not _SOURCE_SAYS.search(source) and not _is_agreed(found, source):
        return found
    found = _ANYWHERE.search(target)
    if found is None or found.group().strip() in source:
        return None
    return None if _SOURCE_SAYS.search(source) or _SOURCE_NOTES.search(source) else found


def _is_agreed(found: "regex.Match[str]", source: str) -> bool:
    """Whether "Sure, here is" is what somebody in the source says."""
    agrees = regex.match(r"\W*(?:sure|certainly|of course|ok|absolutely)", found.group(), regex.IGNORECASE)
    return agrees is not None and _SOURCE_AGREES.search(source) is not None


CHECK = Check(
    "chatter",
    Severity.ERROR,
    look,
    "what the model says of its work or instead of it, where the source says nothing like it: announcements "
    "(`以下是翻译`, `Sure, here is`), "
    "refusals (`I'm sorry, but I can't`, `作为一个AI`), translator's notes, fences and bold type",
)
