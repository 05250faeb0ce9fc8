r"""The control codes of RPG Maker 2000 and 2003.

Seen in EasyRPG Player (`Window_Message`, `Game_Message`, `ExFontNext`), any case: `\C[n]` colour, `\S[n]` speed,
`\N[n]` an actor's name, `\V[n]` a variable, `\T[n]` a string variable (Maniac Patch), each also with a variable inside
(`\C[\V[1]]`); `\$` the money, `\!` waits for a key, `\.` and `\|` pause, `\>` and `\<` instantly and not, `\^`
closes, `\_` half a space, `\\` a backslash; `$A` to `$Z` and `$a` to `$z` are signs of ExFont.bmp. The official
English 2000 has `%S`, `%O`, `%V` and `%U` in its battle messages.
"""

from translator.core.markup import MarkupRule, MarkupSyntax

_BRACKETS = r"\[(?:[^\[\]\n]|\\[VvTt]\[[^\[\]\n]*\])*\]"

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"\\\\", cells=1),
        MarkupRule(r"\\[A-Za-z]" + _BRACKETS),
        MarkupRule(r"\\_", cells=1),
        MarkupRule(r"\\[$!.|><^]"),
        # An escape that the engine does not know shows nobody knows what: kept with what it stands before.
        MarkupRule(r"\\[^\s\\]|\\"),
        MarkupRule(r"\$[A-Za-z](?![A-Za-z])", cells=2),
        MarkupRule(r"%[SOVU]"),
    )
)
