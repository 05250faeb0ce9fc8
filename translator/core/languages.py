"""Languages by their codes: names for people and for prompts, and the scripts they are written in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its code, its name in English and in Chinese, the scripts of its texts (`core.scripts` names)."""

    code: str
    english: str
    chinese: str
    scripts: tuple[str, ...]


_LANGUAGES = (
    Language("ja", "Japanese", "日文", ("kana", "han")),
    Language("zh-CN", "Simplified Chinese", "简体中文", ("han",)),
    Language("zh-TW", "Traditional Chinese", "繁体中文", ("han",)),
    Language("en", "English", "英文", ("latin",)),
    Language("ko", "Korean", "韩文", ("hangul",)),
    Language("fr", "French", "法文", ("latin",)),
    Language("de", "German", "德文", ("latin",)),
    Language("es", "Spanish", "西班牙文", ("latin",)),
    Language("it", "Italian", "意大利文", ("latin",)),
    Language("pt", "Portuguese", "葡萄牙文", ("latin",)),
    Language("pl", "Polish", "波兰文", ("latin",)),
    Language("tr", "Turkish", "土耳其文", ("latin",)),
    Language("vi", "Vietnamese", "越南文", ("latin",)),
    Language("id", "Indonesian", "印尼文", ("latin",)),
    Language("ru", "Russian", "俄文", ("cyrillic",)),
    Language("uk", "Ukrainian", "乌克兰文", ("cyrillic",)),
    Language("th", "Thai", "泰文", ("thai",)),
    Language("ar", "Arabic", "阿拉伯文", ("arabic",)),
)
LANGUAGES = {language.code: language for language in _LANGUAGES}

_ALIASES = {
    "jp": "ja", "jpn": "ja", "ja-jp": "ja", "japanese": "ja",
    "zh": "zh-CN", "zh-hans": "zh-CN", "zh-sg": "zh-CN", "chs": "zh-CN", "cn": "zh-CN", "sc": "zh-CN",
    "chinese": "zh-CN",
    "zh-hant": "zh-TW", "zh-hk": "zh-TW", "cht": "zh-TW", "tw": "zh-TW", "tc": "zh-TW",
    "en-us": "en", "en-gb": "en", "eng": "en", "english": "en",
    "kr": "ko", "kor": "ko", "ko-kr": "ko", "korean": "ko",
    "pt-br": "pt", "pt-pt": "pt", "ru-ru": "ru", "de-de": "de", "fr-fr": "fr", "es-es": "es",
}  # fmt: skip


def language(code: str) -> Language:
    """The language that `code` means, in any usual spelling (`zh`, `zh_CN`, `CHS`, `jp`); KeyError if none."""
    wanted = code.strip().replace("_", "-").lower()
    wanted = _ALIASES.get(wanted, wanted)
    for known in _LANGUAGES:
        if known.code.lower() == wanted.lower():
            return known
    raise KeyError(code)
