"""What stands in the texts of scenarios and is no language.

A ruby tag gives the reading of the character after it. It says nothing about a translation, whose characters are
others, so it is dropped: what is kept would stand above a character that it does not belong to.

A tag that shows letters (`[ch text="…"]`) is two codes, one on each side of them.
"""

from translator.core.markup import Fate, MarkupRule, MarkupSyntax

_QUOTED = r"""(?:"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|\[[^\[\]\n]*\]|[^\[\]"'`\n])*+"""

_LETTERS = r"""\[ *+(?i:h?ch) ++(?i:text) *+= *+"""
_QUOTE = r"""(?:"(?=(?:`.|[^"`\[\]\n])*+"[^"'\[\]\n]*+\])|'(?=(?:`.|[^'`\[\]\n])*+'[^"'\[\]\n]*+\]))(?= *+[^\s"'&%])"""
_BARE = r"""(?=[^\s"'&%=\[\]][^"'=\[\]\n]*+\])"""
_INSIDE = r"""\[ *(?i:h?ch) +(?i:text) *= *"""
_TAIL = r"""[^"'\[\]\n]*\]"""
_REST = rf"""["']{_TAIL}"""

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"\[\[", cells=1),
        MarkupRule(f"{_LETTERS}(?:{_QUOTE}|{_BARE})", Fate.OPEN),
        MarkupRule(rf"""{_REST}(?<={_INSIDE}"(?:`.|[^"`\[\]\n])+"{_TAIL})""", Fate.CLOSE),
        MarkupRule(rf"""{_REST}(?<={_INSIDE}'(?:`.|[^'`\[\]\n])+'{_TAIL})""", Fate.CLOSE),
        MarkupRule(rf"""\](?<={_INSIDE}[^\s"'&%=\[\]][^"'=\[\]\n]*\])""", Fate.CLOSE),
        MarkupRule(r"\[ *(?i:ruby)(?= )" + _QUOTED + r"\]", Fate.DROP),
        MarkupRule(r"\[ *(?i:nowait|mark|hmark|indent)(?=[ \]])" + _QUOTED + r"\]", Fate.OPEN),
        MarkupRule(r"\[ *(?i:endnowait|endmark|endhmark|endindent)\]", Fate.CLOSE),
        MarkupRule(r"\[" + _QUOTED + r"\]"),
        MarkupRule(r"\[[^\s\[\]]+[^\]\n]*\]"),
    )
)
"""Tags, and the bracket that is written twice."""
