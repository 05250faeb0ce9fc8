r"""The control codes of the engine's texts.

Seen in the engine's manual (silversecond.com/WolfRPGEditor/Help, "special characters") and in twelve real games:
values `\cself[n] \self[n] \v[n] \v2[n] \s[n] \sys[n] \t[n] \udb[a:b:c] \cdb[…] \sdb[…]` (nested: `\f[\cself[18]]`),
style `\c[n] \f[n] \font[n] \i[n] \img[…] \space[n] \A- \A+ \cE[n] \sp[n] \w[n] \ax[n] \ay[n] \mx[n] \my[n] \m[n]
\d[n] \-[n] \+[n]`, ruby `\r[kanji,reading]`, one-sign codes `\E \N \n \> \< \! \. \^ \\`, `<C> <R> <L>`,
`<<GET_…>>`, and `@1` on a line of its own (a face).
"""

from translator.core.markup import Fate, MarkupRule, MarkupSyntax

_INNER = r"(?:[^\[\]\n]|\[(?:[^\[\]\n]|\[[^\[\]\n]*+\])*+\])*+"

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"\\\\"),
        # The reading of a ruby is dropped with its code, its base stays: two codes around it.
        MarkupRule(r"\\r\[(?=[^\[\],\n]*+,[^\[\]\n]*+\])", Fate.DROP),
        MarkupRule(r"(?<=\\r\[[^\[\],\n]{1,40}),[^\[\]\n]*+\]", Fate.DROP),
        MarkupRule(r"\\(?:[a-z]{1,8}[A-Z]?\d?|[-+])\[" + _INNER + r"\]"),
        # A code that a further piece of the sentence closes (`\img[` and, once the number is there, `]`).
        MarkupRule(r"\\[a-z]{1,8}[A-Z]?\d?\[[^\[\]\n]*+\Z"),
        # Codes without brackets have one letter (`\EThe end` is `\E` and words).
        MarkupRule(r"\\(?:A[-+]|[A-Za-z])"),
        MarkupRule(r"\\[^\s\\]|\\"),
        MarkupRule(r"(?m)^@-?\d+(?=\r?$)"),
        MarkupRule(r"<<[A-Za-z_0-9=,-]+>>"),
        MarkupRule(r"<[CRL]>"),
        MarkupRule(r"<[A-Z][A-Z0-9_-]*>"),
    )
)
