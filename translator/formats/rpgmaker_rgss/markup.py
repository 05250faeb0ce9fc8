r"""The control codes of message texts in XP, VX and VX Ace, and what scripts put into their own texts.

Seen in the engines' own scripts: Ace `Window_Base#convert_escape_characters` (`\V[n] \N[n] \P[n] \G \\`, any case),
`obtain_escape_code` (`^[\$\.\|\^!><\{\}\\]|^[A-Z]+`, any case), `process_escape_character` (`\C[n] \I[n] \{ \}`) and
`Window_Message` (`\$ \. \| \! \> \< \^`); VX `Window_Message#convert_special_characters` (`\V[n] \N[n] \C[n] \G \. \|
\! \> \< \^ \\`); XP `Window_Message#refresh` (`\V[n] \N[n] \C[n] \G \\`). `Vocab` is filled in by `sprintf` (`%s`), and
Ruby puts `#{…}` into strings.
"""

from translator.core.markup import MarkupRule, MarkupSyntax

_BRACKETS = r"\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]"

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"\\\\"),
        MarkupRule(r"\\[A-Za-z]{1,24}\d?(?:" + _BRACKETS + r"|<[^<>\n]*>)"),
        MarkupRule(r"\\[Gg](?![A-Za-z])|\\G(?=[a-z])"),
        MarkupRule(r"\\[A-Za-z]+"),
        # An escape that no engine knows: kept with what it stands before.
        MarkupRule(r"\\[^\s\\]|\\"),
        MarkupRule(r"#\{[^{}\n]*\}"),
        MarkupRule(r"%(?:\d+\$)?[-+0#]*\d*(?:\.\d+)?[sdf](?![A-Za-z])|%%"),
        MarkupRule(r"</?[A-Za-z][^<>\n]{0,60}>"),
    )
)
