"""What stands in Ren'Py's texts beside language: text tags, interpolated expressions, readings, disambiguation."""

from translator.core.markup import Fate, MarkupRule, MarkupSyntax, Rewrite

_PAIRED = "a|alpha|alt|art|axis|b|color|cps|feature|font|i|instance|k|noalt|outlinecolor|plain|rb|s|shader|size|u"

MARKUP = MarkupSyntax(
    rules=(
        MarkupRule(r"\{\{", cells=1),
        MarkupRule(r"\{rt\}[^{}\n]*\{/rt\}", Fate.DROP),
        MarkupRule(r"\{/?rb\}", Fate.DROP),
        MarkupRule(r"\{\#[^{}\n]*\}", Fate.DROP),
        MarkupRule(r"\{/[^{}\n]*\}", Fate.CLOSE),
        MarkupRule(rf"\{{(?:{_PAIRED})(?:[=:][^{{}}\n]*)?\}}", Fate.OPEN),
        MarkupRule(r"\{[^{}\n]*\}"),
        MarkupRule(r"\[\[", cells=1),
        MarkupRule(r"\[[^\[\]\n]*+(?:\[[^\[\]\n]*+\][^\[\]\n]*+)*+\]", cells=6),
        MarkupRule(r"%%", cells=1),
        MarkupRule(r"%\([^()\n]*\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]", cells=6),
    ),
    rewrites=(Rewrite(r"【([^【】|｜\n]*+)[|｜][^【】\n]*+】", r"\1"),),
)
"""Text tags (paired where they enclose text), `[expressions]`, `%(names)s`; readings (`{rt}`, `【漢字｜かんじ】`) and
`{#what tells equal strings apart}` are left out of a translation. Words in brackets without a bar stay as they are.
"""
