r"""The control codes of message texts, in MV and MZ and in the message plugins that most games use.

Seen in the engines: `Window_Base.convertEscapeCharacters` (`\\`, `\V[n]`, `\N[n]`, `\P[n]`, `\G`, any case),
`obtainEscapeCode` (`^[\$\.\|\^!><\{\}\\]|^[A-Z]+`, any case), `processEscapeCharacter` (`\C[n] \I[n] \{ \}`; MZ also
`\PX[n] \PY[n] \FS[n]`), `Window_Message.processEscapeCharacter` (`\$ \. \| \! \> \< \^`, in the community core script
also `\S[n]`), `String.format` (`%1`). All take no room that the window's columns could count.
"""

from translator.core.markup import MarkupRule, MarkupSyntax

_BRACKETS = r"\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]"

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"\\\\"),
        MarkupRule(r"\\[A-Za-z]{1,24}\d?(?:" + _BRACKETS + r"|<[^<>\n]*>)"),
        MarkupRule(r"\\[Gg](?![A-Za-z])|\\G(?=[a-z])"),
        MarkupRule(r"\\[A-Za-z]+"),
        # An escape that no engine knows (`\メ`, seen in real games) shows or does nobody knows what: kept with what
        # it stands before.
        MarkupRule(r"\\[^\s\\]|\\"),
        MarkupRule(r"%\d+"),
        MarkupRule(r"</?[A-Za-z][^<>\n]{0,60}>"),
        # Conditions of a choice in choice plugins: if(s[1]), en(v[3] > 2).
        MarkupRule(r"(?<![A-Za-z])(?:if|en)\([^()\n]{1,40}\)"),
    )
)
