"""Which columns of a table hold the texts, their translations, their keys, who speaks, and what helps."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from translator.core.languages import LANGUAGES
from translator.core.locales import is_locale, language_of

KEYS = frozenset(
    [
        "key",
        "keys",
        "id",
        "ids",
        "identifier",
        "stringid",
        "textid",
        "label",
        "entry",
        "uid",
        "hash",
        "msgctxt",
        "编号",
        "键",
    ]
)
SOURCES = frozenset(
    [
        "source",
        "sourcetext",
        "sourcestring",
        "original",
        "originaltext",
        "originalline",
        "src",
        "msgid",
        "sourcelanguage",
        "原文",
        "原文本",
        "源文",
        "源文本",
        "源语言",
        "原語",
        "ソース",
        "原句",
    ]
)
TEXTS = frozenset(
    ["text", "texts", "message", "messages", "dialogue", "dialog", "line", "文本", "テキスト", "台詞", "セリフ", "正文"]
)
"""Names of columns with texts that may have a column of translations beside them; else they are translated in place."""
TARGETS = frozenset(
    [
        "target",
        "targettext",
        "targetstring",
        "translation",
        "translations",
        "translated",
        "translatedtext",
        "translatedline",
        "dst",
        "msgstr",
        "targetlanguage",
        "译文",
        "譯文",
        "訳文",
        "翻訳",
        "翻译",
        "翻譯",
        "译文本",
        "目标语言",
    ]
)
STAGES = ("initial", "machinetranslation", "bettertranslation", "besttranslation")
"""Translator++'s columns: the last one that is filled holds. What is new goes into the second."""
_LATER = ("checkedline", "editedline")
"""VNTextPatch's columns behind `Translated line`: the last one that is filled holds."""
SPEAKERS = frozenset(
    [
        "speaker",
        "character",
        "charactername",
        "originalcharacter",
        "actor",
        "talker",
        "name",
        "who",
        "说话人",
        "說話人",
        "話者",
        "キャラ",
        "キャラクター",
        "角色",
        "人物",
        "人名",
        "名前",
    ]
)
NOTES = frozenset(
    [
        "context",
        "contexts",
        "note",
        "notes",
        "comment",
        "comments",
        "remark",
        "remarks",
        "description",
        "developercomments",
        "translatorcomments",
        "info",
        "location",
        "file",
        "tags",
        "备注",
        "注释",
        "备考",
        "コメント",
        "メモ",
        "備考",
        "上下文",
        "说明",
    ]
)
GLOSSARY = frozenset(["kind", "case", "regex"])
"""Columns of this program's own glossaries (`glossary.files`)."""

NEEDED = (
    "name the columns in its first row: source,target (or original,translation; 原文,译文), or a code for each "
    "language (key,ja,zh-CN)"
)

_NO_LANGUAGES = KEYS | SPEAKERS | NOTES
_NOTES = 8
_IGNORED = re.compile(r"[\s_.:/()（）#*\-]+")
_IN_BRACKETS = re.compile(r"\(([A-Za-z]{2,3}(?:[_-]\w+)*)\)\s*$")
"""`English(en)`: Unity's tables."""
_NAMED: dict[str, str] = {
    **{re.sub(r"\W+", "", language.english.lower()): code for code, language in LANGUAGES.items()},
    **{language.chinese: code for code, language in LANGUAGES.items()},
    "chinesesimplified": "zh-CN", "chinese": "zh-CN", "chinesetraditional": "zh-TW", "中文": "zh-CN", "汉语": "zh-CN",
    "简中": "zh-CN", "繁中": "zh-TW", "繁體中文": "zh-TW", "日语": "ja", "日本語": "ja", "英语": "en", "英語": "en",
    "韩语": "ko",
}  # fmt: skip


class UnknownTableError(ValueError):
    """Nothing says which columns of a table hold what."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table, by their numbers.

    targets: where translations stand; the last one that is filled holds, and `write` takes what is new. In place:
    `write` is the source's own, and there are none. notes: with their names. heads: whether the first row names them.
    """

    source: int
    targets: tuple[int, ...]
    write: int
    key: int | None = None
    speaker: int | None = None
    notes: tuple[tuple[str, int], ...] = ()
    heads: bool = True

    @property
    def in_place(self) -> bool:
        """Whether translations replace their sources."""
        return self.write == self.source


@dataclass(frozen=True, slots=True)
class Missing:
    """A table that lacks the column for the translations: what to add to its first row."""

    reason: str


def plain(name: str) -> str:
    """A column's name without what people vary in it."""
    return _IGNORED.sub("", name.strip("\ufeff").lower())


def is_glossary(names: Sequence[str]) -> bool:
    """Whether a first row is that of one of this program's glossaries."""
    found = {plain(name) for name in names}
    return {"src", "dst"} <= found and bool(found & GLOSSARY)


def locales_only(names: Sequence[str]) -> bool:
    """Whether a first row names nothing but locales behind its first name: Godot's tables do."""
    others = [name.strip() for name in names[1:] if name.strip()]
    return bool(others) and all(map(is_locale, others))


def choose(names: Sequence[str], source: str | None, target: str | None) -> Columns | Missing:
    """The columns by the names in the first row; raises UnknownTableError where these say nothing."""
    named = [plain(name) for name in names]
    texts = _first(named, SOURCES)
    languages = _languages(names, named)
    key = next((n for n, name in enumerate(named) if name in KEYS), None)
    key = 0 if key is None and names and names[0].strip("\ufeff ") in ("#", "") else key
    stages = tuple(named.index(stage) for stage in STAGES if stage in named)
    if texts is not None and stages and _first(named, TARGETS) is None:
        write = stages[min(1, len(stages) - 1)] if named[stages[0]] == STAGES[0] else stages[0]
        return _with_rest(Columns(texts, stages, write, key), names, named)
    goal = _first(named, TARGETS)
    if texts is None:
        texts = _first(named, TEXTS)
    if texts is None:
        texts = _language_column(languages, source, goal, target)
    if texts is None:
        raise UnknownTableError("its first row names no column of texts")
    if goal is None:
        goal = _goal(languages, texts, target)
    if goal is not None:
        later = tuple(named.index(name) for name in _LATER if name in named)
        return _with_rest(Columns(texts, (goal, *later), goal, key), names, named)
    if named[texts] in TEXTS and not languages:
        return _with_rest(Columns(texts, (), texts, key), names, named)
    column = target or "the target language (such as zh-CN)"
    return Missing(f"no text: the table has no column for {column}; add one to its first row")


def _first(named: Sequence[str], known: frozenset[str]) -> int | None:
    return next((number for number, name in enumerate(named) if name in known), None)


def _languages(names: Sequence[str], named: Sequence[str]) -> dict[int, str]:
    """The columns that are named after languages, each with its code (of those not known here, the name)."""
    found: dict[int, str] = {}
    for number, (name, bare) in enumerate(zip(names, named, strict=True)):
        if not bare or bare in _NO_LANGUAGES:
            continue
        inside = _IN_BRACKETS.search(name)
        locale = inside[1] if inside else name.strip()
        code = language_of(locale) or _NAMED.get(bare)
        if code is None and is_locale(locale):
            code = locale
        if code is not None:
            found[number] = code
    return found


def _language_column(languages: dict[int, str], source: str | None, goal: int | None, target: str | None) -> int | None:
    """The column of the source language, else the first one that is not the target's."""
    wanted = [number for number, code in languages.items() if code == source]
    others = [number for number, code in languages.items() if code != target and number != goal]
    return next(iter(wanted or others), None)


def _goal(languages: dict[int, str], texts: int, target: str | None) -> int | None:
    """The column of the target language; the first other one where there is none to find."""
    others = {number: code for number, code in languages.items() if number != texts}
    if target is None:
        return next(iter(others), None)
    return next((number for number, code in others.items() if code == target), None)


def _with_rest(columns: Columns, names: Sequence[str], named: Sequence[str]) -> Columns:
    taken = {columns.source, columns.key, columns.write, *columns.targets}
    rest = [(number, name) for number, name in enumerate(named) if number not in taken]
    speaker = next((number for number, name in rest if name in SPEAKERS), None)
    notes = tuple((names[number].strip(), number) for number, name in rest if name in NOTES and number != speaker)[
        :_NOTES
    ]
    return Columns(columns.source, columns.targets, columns.write, columns.key, speaker, notes)


_LETTER = re.compile(r"[^\W\d_]")
_IDENTIFIER = re.compile(r"(?=[^_.:/\\\d]*[_.:/\\\d])[A-Za-z0-9_.:/\\-]+(?<![.:])|[a-z]+")
_MOSTLY = 0.9


def of_two(rows: Sequence[Sequence[str]]) -> Columns:
    """The columns of a table of two without a first row that names them: texts, then their translations.

    Raises UnknownTableError where it does not look so: another number of columns, no texts in the first one (numbers,
    or identifiers).
    """
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    two = [row for row in filled if len(row) == 2]  # noqa: PLR2004  columns
    if not filled or len(two) < _MOSTLY * len(filled):
        raise UnknownTableError("its first row names no column of texts")
    first, second = [row[0].strip() for row in two], [row[1].strip() for row in two]
    if sum(1 for cell in first if _LETTER.search(cell)) < _MOSTLY * len(two):
        raise UnknownTableError("its first column holds no texts")
    if sum(1 for cell in first if _IDENTIFIER.fullmatch(cell)) >= _MOSTLY * len(two):
        raise UnknownTableError("its first column holds identifiers, and its first row names no column of texts")
    if sum(1 for cell in second if cell and not _LETTER.search(cell)) > (1 - _MOSTLY) * len(two):
        raise UnknownTableError("its second column holds no texts")
    return Columns(0, (1,), 1, heads=False)
