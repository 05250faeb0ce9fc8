"""What the model says of its work, or instead of it."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.engine.chatter import ANNOUNCEMENTS, LABELS
from translator.engine.checks import Case, Check, Flaw
from translator.engine.leaks import leak

# Each kind of saying has its own excuse: words of a source of which it may be the right translation. What can only be
# said of a translation is excused by a source about language alone, what people say every day by much more.
_WORK = (
    r"translat|翻[译譯訳]|[译譯訳]文|(?<!言い|申し)訳(?!が?[分わあ]|もな|あり)|[译譯]|번역|übersetz|перев[оеё]д|переклад"
    r"|traduc|tradu[zç]|interpret|通[詞辞]"
)
_LANGUAGE = (
    rf"{_WORK}|読め|読む|読ん|読み|解読|言葉|文字|語|書いて|書か|意味|通じ|字(?:が|は|を)|read|language|word|speak|mean"
    r"|글자|언어|읽|뜻|통하|语言|文字|读|讀|意思|看不懂"
)
_SORRY = (
    r"sorry|すみません|ごめん|申し訳|お詫び|悪い(?:けど|が)|悪いね|抱歉|对不起|對不起|죄송|미안|残念|勘弁|すまな|すまん|わりぃ"
    r"|失礼|恐れ入|不好意思|遗憾|遺憾|afraid|regret|apolog|유감|unfortunately|許して"
)
_HELP = (
    r"手伝|手を|助|救|力|役に立|加勢|味方|支援|世話|付き合|頼|願|望|依頼|要求|注文|申し出|リクエスト|応え|応じ|従|教え|言え|話せ"
    r"|答|質問|対応|提供|できな|出来な|できま|無理|help|assist|request|wish|demand|answer|comply|fulfil|provide|cannot|can['’]t"
    r"|unable|no can do|impossible|부탁|소원|요청|도와|도울|대답|帮|幫|协助|協助|请求|請求|要求|回答|满足|滿足"
)
_DENIES = (
    r"な[いくけか]|ね[えぇー]|ませ[んぬ]|[ぬん](?:[。！!…、]|$)|ず(?:[、。にと]|$)|まい|だめ|ダメ|駄目|断|嫌|いや|かね|がた|難し|[不無没无别別]"
    r"|못|없|안 |\bno[tn]?\b|n['’]t\b|never|refus|nicht|kein|не\b"
)
_MACHINE = (
    r"(?<![a-z])ai(?![a-z])|ＡＩ|人工|言語モデル|语言模型|인공지능|language model|機械|机器|機器|ロボット|アンドロイド"
    r"|人造|プログラム|로봇|기계|robot|android|machine|artificial|program|マシン|システム|助手|アシスタント|assistant"
)
_OFFER = (
    r"[?？]|tell|want|when|\bask|call|告诉|的话|要是|想要|たら|れば|なら|何か|いつでも|困|必要|言って|言え|聞い|聞け|尋ね|質問|疑問|相談|声|呼|役|助|力|手伝|気軽|遠慮|用件|御用"
    r"|\bif\b|anything|need|help|hope|any\b|면|언제|필요|도움|도와|문제|무슨|질문|如果|需要|随时|有事|帮|希望|问"
)
_GREETS = (
    r"[?？]|か[。！!]?$|用件|御用|ご用|いらっしゃい|ようこそ|困|手伝|助|力に|何か|何の|呼|受付"
    r"|もしもし|help|assist|welcome|도와|도움|어서|帮|服务|欢迎"
)
_NOTES = (
    r"note|注[：:意]|注\b|註|備考|※|[(（]注|备注|說明|说明|解説|説明|訳|译|역주|주[：:]|p\.?s\.?\b|補足|メモ|ヒント|書き置き"
    r"|但し|直訳|原文|意味|解釈|文字通り|literal|original|explan|楽譜|音符|ノート|注释|解释|hint|memo|메모|힌트"
)
_HEAD = r"(?m:^[^\n：:「]{1,8}[：:「])"
_BRACKET = r"[（(\[【［〔]"
_BOXED_HEAD = rf"{_BRACKET}[^（(\[【\n：:]{{1,8}}[：:]"
_TONGUES = (
    rf"{_HEAD}|つまり|要する|すなわち|즉|i\.e|{_LANGUAGE}|[英国日本韓独露]語|[中英日]文|english|chinese|japanese"
    r"|output|出力|영어|日本"
)

_AI = r"(?<![A-Za-z])(?-i:AI)(?![A-Za-z])"
_CANNOT_ZH = r"(?:无法|無法|不能|不会|没办法|沒辦法|不便|拒绝|拒絕)"
_CANNOT_EN = r"(?:can(?:['’]t|not)|unable\s+to|not\s+able\s+to|won['’]t(?:\s+be\s+able\s+to)?)"
_SORRY_ZH = r"(?:抱歉|对不起|對不起)"
_AGREED = r"(?:sure(?:\s+thing)?|certainly|of\s+course|okay|ok|absolutely|al(?:l\s+)?right)[,!.]?\s*"

_Kind = tuple["regex.Pattern[str]", "regex.Pattern[str]"]


def _kind(excuse: str, *says: str) -> _Kind:
    """What is said, and what excuses it in the source."""
    return regex.compile("|".join(says), regex.IGNORECASE), regex.compile(excuse, regex.IGNORECASE)


def _start(excuse: str, *says: str) -> _Kind:
    return _kind(excuse, rf"\s*[\"“「*#]*\s*(?:{'|'.join(says)})")


# What a text begins with that was announced.
_STARTS = (
    _start(rf"{_WORK}|解読|意味|[英国本古和]語|言い換え|読め[なん]|읽을 수", *ANNOUNCEMENTS),
    _start(
        _LANGUAGE,
        r"[\"“][^\n\"”]{1,200}[\"”]\s+is\s+the\s+translation",
        r"untranslatable\b",
        rf"{_AGREED}(?:i(?:['’]ll|\s+will|\s+can)|let\s+me)\b[^\n.]{{0,40}}\btranslat",
    ),
    _start(_TONGUES, *LABELS),
    _start(
        rf"{_HEAD}|文|テキスト|結果|版|手紙|text|letter|version|result|バージョン|[:：]$",
        rf"{_AGREED}here(?:['’]s|\s+is|\s+are)(?:\s+(?:the|your|a)\s+(?:[\w-]+\s+){{0,2}}(?:text|version|result))?\s*[:：]",
    ),
)
# What a text has in it or after it that nobody said.
_SAYINGS = (
    _kind(
        rf"{_WORK}|読め[なん]",
        rf"{_SORRY_ZH}[^\n。]{{0,20}}{_CANNOT_ZH}[^\n。]{{0,8}}(?:翻译|翻譯)[^\n。]{{0,8}}(?:内容|內容|文本|请求|請求)",
        rf"{_CANNOT_EN}\s+translat\w*\s+(?:this|that|the|such|your)\s+(?:\w+\s+)?(?:content|text|request|material)",
        r"以上(?:が|は)[^\n。]{0,12}(?:翻訳|訳文)(?:です|になります|となります)",
        r"以上(?:是|为|就是)[^\n。]{0,16}(?:翻译|译文)",
        r"希望(?:这|以上|我的)[^\n。]{0,12}(?:翻译|译文)",
        r"i\s+hope\s+this\s+translation",
        r"[（(]\s*(?:翻译|翻譯|译文)\s*[）)]",
        r"this\s+is\s+(?:a|the)\s+translation",
    ),
    _kind(
        _LANGUAGE,
        rf"{_CANNOT_ZH}[^\n。！？，,]{{0,12}}(?:翻译|翻譯)",
        r"(?:不适合|不宜|不适宜)(?:进行|被)?翻译",
        r"(?:提供|发送|输入|给出)[^\n。，,]{0,12}(?:翻译|翻譯)",
        r"需要(?:我)?(?:翻译|翻譯)(?:的|什么|哪)",
        r"上下文[^\n。]{0,10}(?:翻译|翻譯)",
        rf"(?:{_CANNOT_EN}|will\s+not|comfortable|decline\s+to|refuse\s+to)\s+(?:directly\s+)?translat",
        rf"{_CANNOT_EN}\s+provide\s+(?:a|the|any)\s+translat",
        r"please\s+provide\s[^\n.]{0,60}translat",
        r"(?:text|content)\s+(?:you(?:['’]d|\s+would)\s+like\s+(?:me\s+)?(?:to\s+)?|to\s+(?:be\s+)?)(?:have\s+)?translat",
        r"(?:kann|darf|werde)\b[^\n.]{0,30}\bnicht\s+übersetzen",
        r"не\s+(?:могу|смогу|буду)\s[^\n.]{0,20}?перев(?:ести|одить)",
        r"ne\s+peux\s+pas\s+(?:le\s+)?traduire|n(?:o\s+puedo|ão\s+posso)\s+tradu[cz]ir|non\s+posso\s+tradurre",
        r"申し訳(?:ありません|ございません)[がけ、。][^\n]{0,30}翻訳[^\n]{0,8}でき(?:ません|かねます)",
        r"(?:죄송|미안)[^\n]{0,30}번역[^\n]{0,10}(?:수 없|못)",
    ),
    _kind(
        _MACHINE,
        rf"as\s+an?\s+(?:{_AI}|artificial|(?:large\s+)?language\s+model)",
        rf"\bi(?:['’]m|\s+am)\s+(?:just\s+|only\s+)?an?\s+(?:{_AI}|artificial|(?:large\s+)?language\s+model)",
        rf"[作身][为為](?:一[个個名款])?(?:{_AI}|人工智[能慧]|(?:大型)?[语語]言模型|智能助手)",
        rf"我(?:只)?是(?:一[个個名款]|由)?[^\n。，,]{{0,8}}(?:{_AI}|人工智能|语言模型|通义千问|智能助手|qwen|chatgpt)",
        rf"(?:私は)?(?:{_AI}|人工知能|言語モデル)(?:です|として|なので)",
        rf"(?:저는\s*)?(?:{_AI}|인공지능|언어 모델)(?:로서|이기 때문)",
    ),
    _kind(
        rf"{_WORK}|{_SORRY}|{_HELP}",
        rf"(?:sorry|apologi[sz]e|regret)[^\n]{{0,20}}{_CANNOT_EN}[^\n.]{{0,40}}\b(?:request|translat|assist|language\s+model"
        r"|(?:this|that|the|such|explicit|sexual|inappropriate)\s+content)",
        rf"apologi[sz]e,?\s+but\s+i(?:['’]m|\s+am)?\s*{_CANNOT_EN}\s+help",
        rf"\bi(?:['’]m|\s+am)?\s*{_CANNOT_EN}\s+(?:assist\s+(?:you\s+)?with|help\s+(?:you\s+)?with\s+th[ai]"
        r"|(?:fulfil\w*|comply\s+with)\s+(?:this|that|your|the)\s+request)",
        rf"{_CANNOT_ZH}[^\n。！？，,]{{0,6}}(?:[协協]助|提供|[满滿]足|[处處]理|完成|执行|回答)[^\n。！？，,]{{0,14}}(?:[请請]求|[内內]容)",
        r"申し訳(?:ありません|ございません)[がけ、。][^\n]{0,30}(?:お手伝い|お答え|対応|提供)(?:する(?:こと)?(?:は|が)?)?"
        r"でき(?:ません|かねます)",
        r"(?:죄송(?:합니다|하지만)|미안하지만)[^\n]{0,30}(?:도와|제공)[^\n]{0,10}(?:수 없|못)",
    ),
    _kind(
        rf"{_WORK}|{_SORRY}|{_HELP}|{_DENIES}",
        rf"{_CANNOT_ZH}[^\n。！？，,]{{0,6}}(?:[协協]助|提供|[满滿]足)[^\n。！？，,]{{0,14}}(?:要求|需求|帮助|幫助|[协協]助|服务|信息)",
        rf"{_SORRY_ZH}[^\n。]{{0,12}}(?:[无無]法|不能)(?:[协協]助|提供|回答|[处處]理)",
        rf"(?:sorry|apologi[sz]e|regret)[^\n]{{0,20}}{_CANNOT_EN}\s+(?:comply|provide)",
    ),
    _kind(
        rf"{_WORK}|文脈|背景|状況|事情|詳し|context|맥락|上下文",
        r"(?:provide|need)\s+(?:me\s+with\s+)?(?:some\s+)?more\s+context",
        r"需要更多(?:的)?(?:上下文|语境)",
    ),
    _kind(
        _GREETS,
        r"how\s+(?:can|may)\s+i\s+(?:assist\s+you|help\s+you\s+today)",
        r"有什[么麼][^\n。]{0,8}(?:可以|能)[^\n。]{0,4}[帮幫]",
    ),
    _kind(
        rf"{_WORK}|{_OFFER}",
        r"i\s+hope\s+(?:this|that)\s+helps",
        r"let\s+me\s+know\s+if\s+you(?:['’]d|\s+(?:need|have|would\s+like|want))",
        r"feel\s+free\s+to\s+(?:ask|reach\s+out|contact)",
        r"is\s+there\s+anything\s+else\s+(?:i\s+can|you)",
        r"希望(?:能)?[对對][您你]有(?:所)?[帮幫]助",
        r"如果[您你](?:[还還])?(?:有|需要)[^\n。]{0,16}(?:翻译|问题|帮助|需要)[^\n。]{0,12}(?:告诉|随时|联系)",
    ),
    _kind(
        _NOTES,
        r"translator['’]?s?\s+note",
        r"\b(?:tl\s?note|t/?n|n\.?\s?b\.?\s*translator)\b\s*[:：]",
        r"[（(\[【]?\s*(?:译者注|譯者註|译注|译者按|訳注|訳者注|翻訳者注|역주)\s*[:：]?",
    ),
    _kind(rf"{_NOTES}|{_BOXED_HEAD}", r"[（(\[【]\s*(?:注|note)\s*[:：]"),
    _kind(
        rf"{_NOTES}|{_HEAD}",
        r"(?:^|\n)\s*(?:note|注|註|备注|備註)\s*[:：]",
        r"\n\s*[（(\[【]?\s*(?:说明|說明|解释|解釋|注释|注釋|explanation)\s*[:：]",
    ),
    _kind(
        rf"{_NOTES}|{_BRACKET}",
        r"[（(\[【]\s*(?:注意|原文|原意|解释|注释|original|[直意][译譯]|literal(?:ly)?)\s*[:：]",
        r"[（(\[]\s*lit\.",
        r"[（(\[【](?:此处|这里|此句|这句|本句)[为是][^\n）)]{0,8}(?:译|口语|用法)",
    ),
    _kind("```", r"\n```"),
)

# ** is bold type around some characters; beside a letter of an alphabet it is one that somebody left out (f**k).
_BOLD = regex.compile(
    r"(?<![\p{Latin}\p{Cyrillic}*])\*\*(?![\s*])[^*\n]{2,}(?<!\s)\*\*(?![\p{Latin}\p{Cyrillic}*])|(?m:^#{1,6} )"
)
_TAG = regex.compile(r"</?(?:(think(?:ing)?)|answer|translation|output|assistant|text)>", regex.IGNORECASE)
_SOURCE_TAG = regex.compile("[<＜〈][^<>＜＞〈〉]+[>＞〉]")
_WIDE = str.maketrans("＊＃", "*#")
# One of these is in whatever the patterns find, in lower case: most texts have none, which is quickly told so.
_LATIN_SIGNS = (
    "<", "# ", "**", "```", "[inst", "[/inst", "[system_", "[/system_", "[available_", "[/available_", "[tool_",
    "[/tool_", "transl", "tradu", "bersetz", "assist", "request", "comply", "provide", "content", "context", "here's",
    "here is", "here are", "an ai", "language model", "artificial", "note:", "note :", "s note", "n.b", "t/n", "tn:",
    "hope th", "let me know", "feel free", "anything else", "help you today", "not able", "unable", "can't help",
    "cannot help", "(lit", "[lit", "original", "output", "ausgabe", "explanation", "english", "chinese", "japanese",
    "korean", "german", "deutsch", "russian", "french", "spanish",
)  # fmt: skip
_OTHER_SIGNS = (
    "here’s", "can’t help", "（lit", "note：", "tn：", "译", "譯", "訳", "перев", "번역", "русский", "文：", "文:",
    "意思是", "日本語", "协助", "協助", "提供", "满足", "滿足", "处理", "處理", "完成", "执行", "回答", "上下文",
    "语境", "ai", "智能", "智慧", "千问", "qwen", "chatgpt", "知能", "言語", "인공", "언어", "죄송", "미안", "역주",
    "申し訳", "注：", "注:", "註：", "註:", "意：", "意:", "释：", "释:", "釋：", "釋:", "说明", "說明", "解释",
    "解釋", "原文", "原意", "直译", "备注", "備註", "如果您", "如果你", "希望", "有什", "（此", "（这", "（本", "(此",
    "(这", "(本",
)  # fmt: skip


def look(case: Case) -> Iterator[Flaw]:
    """Flag what a model says of its work: an announcement ("Here is the translation", 以下是翻译), a refusal ("I can't
    translate this", 作为一个AI), a translator's note, thanks and offers, fences, bold type and tags.

    Not flagged: what the source may say itself (a text about languages or machines, an apology, an offer, a note).
    """
    target = case.masked
    low = target.lower()
    if not any(map(low.__contains__, _LATIN_SIGNS)) and (low.isascii() or not any(map(low.__contains__, _OTHER_SIGNS))):
        return
    found = _shown(target, case.unit.source) or _said(target, case.unit.source)
    if found is not None:
        yield Flaw(f"the model speaks of its work: {found.group().strip()!r}", found.span())


def _shown(target: str, source: str) -> "regex.Match[str] | None":
    """Marks that the source has not: tags, those of a chat template, bold type, a heading."""
    found = _TAG.search(target)
    # <text> may be the translation of <テキスト>, but nobody thinks in a tag.
    if (
        found is not None
        and found.group().lower() not in source.lower()
        and (found[1] is not None or _SOURCE_TAG.search(source) is None)
    ):
        return found
    if (mark := leak(target, source)) is not None:
        return mark
    found = _BOLD.search(target)
    if found is not None and found.group()[:2].strip() not in source.translate(_WIDE):
        return found
    return None


def _said(target: str, source: str) -> "regex.Match[str] | None":
    for said, excuse in _STARTS:
        if (found := said.match(target)) is not None and excuse.search(source) is None:
            return found
    for said, excuse in _SAYINGS:
        found = said.search(target)
        if found is not None and found.group().strip() not in source and excuse.search(source) is None:
            return found
    return None


CHECK = Check(
    "chatter",
    Severity.ERROR,
    look,
    "what the model says of its work or instead of it, where the source says nothing like it: announcements "
    "(`以下是翻译`, `Here is the translation`), "
    "refusals (`I can't assist with that`, `作为一个AI`), translator's notes, fences and bold type",
)
