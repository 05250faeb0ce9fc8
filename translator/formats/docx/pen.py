"""Spelling what is written into a part of a DOCX file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from translator.core.splice import Edit
from translator.core.xml_spans import escape_text, read_references
from translator.formats.docx.forms import Form
from translator.formats.docx.notation import END, READING, RUBY
from translator.formats.docx.ruby import with_base
from translator.formats.docx.scanner import SIGNS, Atom, Run

_ADDED = {"\n": "br /", "\t": "tab /", **{said: f"{name}/" for name, said in SIGNS.items()}}
_SIGN = re.compile(rf"[{''.join(_ADDED)}]|{RUBY}[^{END}]*{END}")


@dataclass(frozen=True, slots=True)
class Pen:
    """Spells what is written into a part. `raw` is its text, `w` the prefix; `forms` has a run of each formatting.

    signs: the paragraph's elements that stand for hyphens, by what they say, and for words with readings, by these. A
    hyphen that the paragraph has as a character is written as one.
    """

    raw: str
    w: str
    forms: Mapping[Form, Run]
    signs: Mapping[str, Atom]

    def _element(self, match: re.Match[str]) -> str:
        """The element for a line break, a tab, a hyphen, a word with its reading, between two text elements."""
        sign = match.group()
        if sign[0] == RUBY:
            base, _, reading = sign[1:-1].partition(READING)
            like = self.signs[read_references(reading)]
            made = with_base(self.raw[like.start : like.end], self.w, base)
        elif sign in "\n\t" or sign in self.signs:
            made = f"<{self.w}{_ADDED[sign]}>"
        else:
            return sign
        return f"</{self.w}t>{made}<{self.w}t xml:space='preserve' >"

    def _spelled(self, text: str) -> str:
        """A text's characters and elements inside of `w:t`."""
        return _SIGN.sub(self._element, escape_text(text).replace(">", "&gt;"))

    def text(self, text: str) -> str:
        """A text element that is added."""
        return f"<{self.w}t xml:space='preserve' >{self._spelled(text)}</{self.w}t>"

    def run(self, form: Form, text: str) -> str:
        """A run that is added, with a formatting that the paragraph has."""
        w, run = self.w, self.forms[form]
        properties, change, _ = run.properties.partition(f"<{w}rPrChange")
        properties += f"</{w}rPr>" if change else ""
        made = f"<{w}r >{properties}{self.text(text)}</{w}r>"
        return f"{run.wrapper}{made}</{w}hyperlink>" if run.wrapper else made

    def amid(self, run: Run, form: Form, text: str) -> str:
        """A run that is added in the middle of another, which goes on behind it."""
        start = self.raw[run.start : self.raw.index(">", run.start) + 1]
        return f"</{self.w}r>{self.run(form, text)}{start}{run.properties}"

    def written(self, atom: Atom, text: str) -> Edit:
        """A text element that says `text`, its start tag as it was but for what white space needs."""
        tag = self.raw[atom.start : atom.tag_end].removesuffix(">").removesuffix("/")
        first, end, rest = f"{self._spelled(text)}</{self.w}t>".partition(f"</{self.w}t>")
        if not atom.ours:
            tag = tag.removesuffix(" xml:space='preserve'")
            if first != first.strip(" ") and "preserve" not in tag:
                tag += " xml:space='preserve'"
            elif "preserve" not in tag:
                first = f"{atom.unsaid[0]}{first}{atom.unsaid[1]}"
        return Edit(atom.start, atom.end, f"{tag}>{first}{end}{rest}")
