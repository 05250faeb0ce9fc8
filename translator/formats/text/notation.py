"""The notation of Aozora Bunko and of the sites for web novels: readings, emphasis, notes, characters by their code.

Sources: Aozora Bunko's annotation manual and its table of accent separation; the help pages on readings of Kakuyomu
and Narou (`|漢字《かんじ》`, `|漢字(かんじ)`, `《《強調》》`; `|《` is a plain 《, and `漢字|(かんじ)` has no reading).
`漢字(かんじ)` without a bar is left alone: it cannot be told from text in brackets.

Readings can also be kept (setting `ruby`: `keep`), each behind a base that `｜` begins, or stand in brackets behind
their base (`parens`), where they are text like any other. Then a reading that a note tells
(`銀［＃「銀」に「ぎん」のルビ］`, also `「銀」の左に`) is as one in `《》`, and a second one of the same base stays in
notes.

Fates: a reading (`《…》` and the `｜` that starts its base) is dropped, and so are the notes of the editors (`ママ`,
`底本では`, marks for reading Chinese) and layout that concerns single characters (`縦中横`). Emphasis, underlining,
bold, headings and inserted notes are pairs and stay. `X［＃「X」に傍点］` is brought to
`［＃傍点］X［＃傍点終わり］`, which means the same, and so are several such notes (`text.quoting`); where X does not
stand before the note, the note is dropped. A `※［＃…］` character with a code that is certain (JIS X 0213 or Unicode)
is read as that character, any other stays as it is. All other notes stay.
A `［＃` that no `］` closes is text, and is brought to `［#`: a `］` in the translation would make a note of it.
"""

import unicodedata
from collections.abc import Callable

import regex

from translator.core.markup import Fate, MarkupRule, MarkupSyntax, Rewrite
from translator.core.readings import IDEOGRAPHS, barred, behind, in_brackets, kept, read
from translator.formats.text.quoting import Ends, in_pairs

_MARKED = (
    r"(?:(?:左に)?(?:(?:白ゴマ|丸|白丸|×|黒三角|白三角|二重丸|蛇の目|ばつ)?傍点|(?:二重傍|鎖|破|波|傍)線)"
    r"|太字|斜体|ゴシック体|罫囲み|枠囲み|上付き小文字|下付き小文字|行右小書き|行左小書き|\d?段階(?:大き|小さ)な文字"
    r"|(?:同行|窓)?[大中小]見出し|キャプション|横組み)"
)
_PAIRED = rf"(?:{_MARKED}|割り注|縦中横|小書き)"
_NOTE = r"［＃(?:[^［］\n]++|［[^［］\n]*+］)*+］"
_CLOSED = regex.compile(_NOTE)
_UNCLOSED = regex.compile(rf"(?!{_NOTE})［＃")
_BASE = r"[^｜|《》\n]{1,50}"
_BASE_BEFORE = r"[^｜|《》（）()\n]{1,50}"
_IN_BRACKETS = r"[（(][\p{Hiragana}\p{Katakana}ー・゠＝‐\-　 ]{1,50}[）)]"
_KANA_READING = r"《[\p{Hiragana}\p{Katakana}ー・゠＝‐\-　 ]{1,50}》"

_BAR = "[｜|]"
_READ_IN_BRACKETS = barred(_BAR, _BASE_BEFORE, _IN_BRACKETS)
_READ = (*barred(_BAR, _BASE), behind(rf"{IDEOGRAPHS}］"), behind(r"\p{L}\p{N}ー", _KANA_READING))

# The letters and marks of the table of accent separation, but for the apostrophe after letters that French and
# English elide before (`n'est`, `qu'il`): there it cannot be told from an apostrophe.
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", ":": "\u0308", "&": "\u030a", "_": "\u0304",
    ",": "\u0327",
}  # fmt: skip
_ACCENTED = regex.compile(
    r"(?P<ligature>[AaOo][Ee]&|s&)|(?P<letter>[A-Za-z])(?P<mark>[`^~:&_]|(?<=[aeiAEI])'|(?<=[cC]),)"
)
_LIGATURES = {"AE&": "Æ", "ae&": "æ", "OE&": "Œ", "oe&": "œ", "s&": "ß"}
_CODE = regex.compile(r"U\+(?P<unicode>[0-9A-Fa-f]{4,6})|(?P<plane>[12])-(?P<row>\d{1,2})-(?P<cell>\d{1,2})")
_JIS_FIRST, _JIS_LAST = 1, 94


def jis_character(plane: int, row: int, cell: int) -> str | None:
    """The character of JIS X 0213 at a place (plane 1 or 2, row and cell 1 to 94), None if there is none."""
    if not (_JIS_FIRST <= row <= _JIS_LAST and _JIS_FIRST <= cell <= _JIS_LAST):
        return None
    code = bytes((0xA0 + row, 0xA0 + cell))
    try:
        return (code if plane == 1 else b"\x8f" + code).decode("euc_jis_2004")
    except UnicodeDecodeError:
        return None


def _by_code(match: "regex.Match[str]") -> str:
    """The character that a gaiji note means, the note itself where it has no code or no character has it."""
    found = _CODE.search(match.group())
    if found is None:
        return match.group()
    if found["unicode"]:
        number = int(found["unicode"], 16)
        if number > 0x10FFFF or not chr(number).isprintable():  # noqa: PLR2004  the end of Unicode
            return match.group()
        return chr(number)
    return jis_character(int(found["plane"]), int(found["row"]), int(found["cell"])) or match.group()


def _accented(match: "regex.Match[str]") -> str:
    """The text in 〔〕 with its accents on the letters, without the brackets; as it is where it has none."""
    text, number = _ACCENTED.subn(_letter, match["text"])
    return text if number else match.group()


def _letter(match: "regex.Match[str]") -> str:
    if match["ligature"]:
        return _LIGATURES.get(match["ligature"], match.group())
    composed = unicodedata.normalize("NFC", match["letter"] + _ACCENTS[match["mark"]])
    return composed if len(composed) == 1 else match.group()


_BY_CODE = (
    Rewrite(rf"※{_NOTE}", _by_code),
    Rewrite(r"〔(?P<text>[^〔〕\p{Han}\p{Hiragana}\p{Katakana}\n]+)〕", _accented),
)
RULES = (
    MarkupRule(rf"※{_NOTE}", cells=2),
    MarkupRule(r"［＃(?:左に)?(?:ルビ|注記)付き］", Fate.DROP),
    MarkupRule(r"［＃(?:左に)?「[^［］\n]*」の(?:ルビ|注記)付き終わり］", Fate.DROP),
    MarkupRule(r"［＃[^［］\n]*（[^（）［］\n]+\.(?:png|jpe?g|gif)[^（）［］\n]*）入る］"),
    MarkupRule(r"［＃(?:ここで)?[^［］「」\n]*終わり］", Fate.CLOSE),
    MarkupRule(rf"［＃(?:ここから)?{_PAIRED}］", Fate.OPEN),
    MarkupRule(r"［＃「(?:[^［］\n]|［[^［］\n]*］)*］", Fate.DROP),
    MarkupRule(
        r"［＃(?:ルビ|左にルビ|[一二三四上中下甲乙丙丁天地人レ]{1,2}］|（[^（）\n]*）］)(?:(?<=］)|[^［］\n]*(?:［[^［］\n]*］[^［］\n]*)*］)",
        Fate.DROP,
    ),
    MarkupRule(_NOTE),
    MarkupRule(r"《《(?=[^《》\n]+》》)", Fate.OPEN),
    MarkupRule(r"》》(?<=《《[^《》\n]+》》)", Fate.CLOSE),
    MarkupRule(r"[｜|]《", cells=2),
    *_READ_IN_BRACKETS,
    MarkupRule(r"[｜|](?=[（(])", Fate.DROP),
    *_READ,
)
_SEEN = MarkupSyntax(RULES)
_IS_MARKED = regex.compile(rf"[にはの]({_MARKED})")
_TELLS_READING = regex.compile(r"(?P<left>の左)?に「(?P<reading>[^「」《》［］\n]{1,50})」のルビ")


def _rewrites(reading: Callable[[str, str, str], Ends] | None = None) -> tuple[Rewrite, ...]:
    """The rewrites. reading: what stands around words whose reading a note tells (`左に` or "", reading, words)."""

    def ends_of(how: str, words: str) -> Ends | None:
        if (marked := _IS_MARKED.fullmatch(how)) is not None:
            return f"［＃{marked[1]}］", f"［＃{marked[1]}終わり］"
        told = _TELLS_READING.fullmatch(how) if reading else None
        return reading("左に" if told["left"] else "", told["reading"], words) if reading and told else None

    quoting = Rewrite(r"[^\n]*［＃「[^\n]*", lambda match: in_pairs(match.group(), _SEEN, ends_of))
    return (*_BY_CODE, quoting, Rewrite(_UNCLOSED.pattern, "［#"))


MARKUP = MarkupSyntax(RULES, _rewrites())
"""The markup of novels in plain text."""

_UNREAD = MarkupSyntax(tuple(rule for rule in RULES if rule.fate is Fate.DROP))
_RUN = r"[\p{Hiragana}ー]{1,50}|[\p{Katakana}ー]{1,50}|[\p{Latin}\p{N}]{1,50}"
_IS_READ = (
    read(_BASE, bar=_BAR),
    read(_BASE_BEFORE, _IN_BRACKETS, bar=_BAR),
    read(rf"(?:[{IDEOGRAPHS}]|※{_NOTE}){{1,50}}"),
    read(_RUN, _KANA_READING),
)
"""A base with its reading: marked, or a run of one script before it. A base has 50 characters at most, as in the rules,
so that the time stays linear."""

_UNMARKED = r"(?<![｜|][^｜|《》\n]{0,100})"


_READ_PAIR = (
    MarkupRule(r"［＃(?:左に)?ルビ付き］", Fate.OPEN),
    MarkupRule(r"［＃(?:左に)?「[^［］\n]*」のルビ付き終わり］", Fate.CLOSE),
)
_IN_BRACKETS_PAIR = Rewrite(
    r"［＃(?:左に)?ルビ付き］(?P<base>[^\n]{1,100}?)［＃(?:左に)?「(?P<reading>[^［］\n]{1,50})」のルビ付き終わり］",
    r"\g<base>（\g<reading>）",
)


def _kept_above(left: str, reading: str, words: str) -> Ends:
    """Words that have a reading already get the second one in a pair of notes."""
    if "《" in words:
        return f"［＃{left}ルビ付き］", f"［＃{left}「{reading}」のルビ付き終わり］"
    return "｜", f"《{reading}》"


def markup(ruby: str) -> MarkupSyntax:
    """The markup where readings are dropped (`drop`), kept (`keep`) or text in brackets (`parens`)."""
    if ruby == "keep":
        marked = (Rewrite(rf"{_UNMARKED}{pattern}", r"｜\g<base>\g<reading>") for pattern in _IS_READ[2:])
        rules = (*_READ_PAIR, *kept(RULES, (*_READ_IN_BRACKETS, *_READ)))
        return MarkupSyntax(rules, (*_rewrites(_kept_above), *marked))
    if ruby == "parens":
        told = _rewrites(lambda _, reading, __: ("", f"（{reading}）"))
        return MarkupSyntax(RULES, (*told, _IN_BRACKETS_PAIR, *in_brackets(_IS_READ)))
    return MARKUP


def without_readings(text: str) -> str:
    """`text` as a note that quotes it has it: without readings and without notes that are dropped."""
    return "".join(piece.text for piece in _UNREAD.tokenize(text) if piece.rule is None)


def has_unclosed(text: str) -> bool:
    """Whether there is a `［＃` in a line that nothing closes."""
    return _UNCLOSED.search(text) is not None


def closes_note(source: str, target: str) -> bool:
    """Whether `target` makes a note of a `［＃` that is text in `source`, since nothing closes it there."""
    if not has_unclosed(source):
        return False
    return len(_CLOSED.findall(target)) > len(_CLOSED.findall(MARKUP.normalise(source)))
