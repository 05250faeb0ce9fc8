"""What stands in the texts of scenarios and is no language.

A ruby tag gives the reading of the character after it. It says nothing about a translation, whose characters are
others, so it is dropped: what is kept would stand above a character that it does not belong to.
"""

from translator.core.markup import Fate, MarkupRule, MarkupSyntax

_QUOTED = r"""(?:"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|\[[^\[\]\n]*\]|[^\[\]"'`\n])*+"""

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"\[\[", cells=1),
        MarkupRule(r"\[ *(?i:ruby)(?= )" + _QUOTED + r"\]", Fate.DROP),
        MarkupRule(r"\[ *(?i:nowait|mark|hmark|indent)(?=[ \]])" + _QUOTED + r"\]", Fate.OPEN),
        MarkupRule(r"\[ *(?i:endnowait|endmark|endhmark|endindent)\]", Fate.CLOSE),
        MarkupRule(r"\[" + _QUOTED + r"\]"),
        MarkupRule(r"\[[^\s\[\]]+[^\]\n]*\]"),
    )
)
"""Tags, and the bracket that is written twice."""
