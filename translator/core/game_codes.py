r"""The codes of all engines in one, for files whose texts come from any of them: what translators exchange.

What the engines' own formats know of their codes, less what would take words for codes where the engine is unknown:
`[r]` and `[font size=12]` are KiriKiri's tags and `[player.name]` is Ren'Py's, `[Press any key]` and `[Yes]` are texts.
A code that is kept though it was a word costs a word; a word that was a code costs the game.
"""

from translator.core.markup import Fate, MarkupRule, MarkupSyntax

_BRACKETS = r"\[(?:[^\[\]\n]|\[(?:[^\[\]\n]|\[[^\[\]\n]*+\])*+\])*+\]"
_RENPY_PAIRED = "a|alpha|alt|art|axis|b|color|cps|feature|font|i|instance|k|noalt|outlinecolor|plain|s|shader|size|u"
_HTML_PAIRED = (
    "a|align|alpha|b|big|c|center|cspace|del|div|em|font|g|gradient|i|indent|ins|link|lowercase|margin|mark|mspace"
    "|nobr|noparse|p|q|ruby|s|small|smallcaps|span|strike|strong|sub|sup|u|uppercase|voffset|width"
)
_BB_PAIRED = "b|i|u|s|color|size|font|url|center|wave|shake|rainbow|fade|tornado|nowait|mark|hmark"

MARKUP = MarkupSyntax(
    (
        # Backslashes: RPG Maker, WOLF, Naninovel, and line breaks that are written out.
        MarkupRule(r"\\\\"),
        MarkupRule(r"\\r\[(?=[^\[\],\n]++,[^\[\]\n]++\])", Fate.DROP),
        MarkupRule(r"(?<=\\r\[[^\[\],\n]{1,40}),[^\[\]\n]++\]", Fate.DROP),
        MarkupRule(r"\\(?:[A-Za-z]{1,24}\d?|[-+])(?:" + _BRACKETS + r"|<[^<>\n]*+>)"),
        MarkupRule(r"\\r\\n|\\[nrt]"),
        MarkupRule(r"\\u[0-9A-Fa-f]{4}"),
        MarkupRule(r"\\[A-Za-z]++"),
        MarkupRule(r"\\[^\s\\]|\\"),
        # Square brackets: KiriKiri, TyranoScript, Ren'Py, Godot, NGUI.
        MarkupRule(r"\[\["),
        MarkupRule(r"\[ ?ruby (?:\"[^\"\n]*+\"|[^\[\]\"\n])++\]", Fate.DROP),
        MarkupRule(r"\[/[A-Za-z_]*+\]|\[end(?:nowait|mark|hmark|indent)\]", Fate.CLOSE),
        MarkupRule(rf"\[(?:{_BB_PAIRED})(?:=[^\[\]\n]*+)?\]", Fate.OPEN),
        MarkupRule(r"\[(?:\#[0-9A-Fa-f]{3,8}|[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?|-)\]"),
        MarkupRule(r"\[[a-z_]\w*+(?:=[^\[\]\n]*+)?\]"),
        MarkupRule(r"\[[A-Za-z_]\w*+(?:\.\w++|\[\w++\])++(?:![a-z]++)?\]|\[[A-Za-z_]\w*+![a-z]++\]"),
        MarkupRule(r"\[[A-Z][A-Z0-9]*+[_0-9]\w*+\]"),
        MarkupRule(r"\[[a-z_]\w*+(?: ++[A-Za-z_]\w*+ ?= ?(?:\"[^\"\n]*+\"|'[^'\n]*+'|[^\s\[\]\"']++))++ ?\]"),
        # Braces: Ren'Py, C#, JavaScript, ICU.
        MarkupRule(r"\{\{[^{}\n]*+\}\}"),
        MarkupRule(r"\$\{[^{}\n]*+\}|\#\{[^{}\n]*+\}|\$[A-Z][A-Z0-9_]*+\$"),
        MarkupRule(r"\{\#[^{}\n]*+\}|\{/?r[bt]\}", Fate.DROP),
        MarkupRule(r"\{/[A-Za-z][^{}\n]*+\}", Fate.CLOSE),
        MarkupRule(rf"\{{(?:{_RENPY_PAIRED})(?:[=:][^{{}}\n]*+)?\}}", Fate.OPEN),
        MarkupRule(r"\{[!-z|~ ]*+\}"),
        # Angle brackets: HTML, rich text of Unity, WOLF, notes of RPG Maker, EasyRPG.
        MarkupRule(r"<<[A-Za-z_0-9=,-]++>>"),
        MarkupRule(r"</[A-Za-z][^<>\n]{0,60}+>", Fate.CLOSE),
        MarkupRule(r"<[A-Za-z][^<>\n]{0,120}/>"),
        MarkupRule(rf"<(?:{_HTML_PAIRED}|color|size|style|rotate|pos|material|quad)(?:[= ][^<>\n]*+)?>", Fate.OPEN),
        MarkupRule(r"<(?:[A-Za-z][^<>\n]{0,120}|\#[0-9A-Fa-f]{3,8})>"),
        MarkupRule(r"&(?:[A-Za-z]{2,8}|\#\d++|\#x[0-9A-Fa-f]++);", cells=1),
        # Signs: printf, RPG Maker's terms, KiriKiri's compiled scenarios, WOLF's faces.
        MarkupRule(r"%%|%\d++\$[a-zA-Z]|%\(\w++\)[sdifr]|%\{\w++\}"),
        MarkupRule(r"%[A-Za-z]?\d*+;|\#[0-9A-Fa-f]{6,8};?"),
        MarkupRule(r"%[-+0#]*+\d*+(?:\.\d++)?[sdifuxXc@](?![A-Za-z])"),
        MarkupRule(r"%\d{1,2}(?![\d.])"),
        MarkupRule(r"(?m)^@-?\d++(?=\r?$)"),
    )
)
"""A union; pairs that enclose text are OPEN and CLOSE, readings above characters are dropped."""
