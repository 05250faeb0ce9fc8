r"""Texts that take a run of commands: a message (101 and its 401), scrolling text (105, 405), a choice's help.

Each command of the run holds one line. A speaker's name that stands inside of the first line (`\n<name>`, a first
line that is `【name】`) is a text of its own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from translator.core import speakers
from translator.core.json_spans import Span, Spelling, encode_string, locate, rewrite
from translator.core.message_lines import boxes, distributed
from translator.core.speakers import Inset
from translator.core.splice import Edit, splice
from translator.formats.rpgmaker_mv.collector import Command
from translator.formats.rpgmaker_mv.forms import INSETS, PLAIN, WITH_RETURNS

_ONE_STRING = re.compile(
    r'\{\s*+"code"\s*+:\s*+\d++\s*+,\s*+"indent"\s*+:\s*+\d++\s*+,\s*+"parameters"\s*+:\s*+\['
    r'\s*+("(?:[^"\\]|\\.)*+")\s*+\]\s*+\}'
)


def find_inset(text: str) -> Inset | None:
    """The name that a message's text starts with."""
    return speakers.find_inset(text, INSETS)


@dataclass(slots=True)
class Block:
    """A run of commands that hold one text.

    head: the command before the run that opens it, if any. spans: the commands of the run. lines: the string of each.
    key, name_key: of the segments of the text and of the inset name; None where it has no such. head_name: the key of
    the name in the head's parameters. splits: a translation may go on in another message.
    """

    head: Span | None
    spans: Sequence[Span]
    lines: Sequence[str]
    inset: Inset | None = None
    key: str | None = None
    name_key: str | None = None
    head_name: str | None = None
    splits: bool = False

    @property
    def text(self) -> str:
        """What all lines say, without the inset name."""
        whole = "\n".join(self.lines)
        return whole.removeprefix(self.inset.whole) if self.inset else whole

    def edit(self, text: str, targets: dict[str, str], spelling: Spelling) -> Edit | None:
        """What becomes of the run in the file's `text`; None when nothing changes. Raises RefusedTextError."""
        old = self.text
        new = targets.get(self.key, old) if self.key else old
        form = WITH_RETURNS if "\r" in old else PLAIN
        if self.key and new is not old:
            new = form.spell(self.key, new)
        before = self._named(targets)
        parts = boxes(new, old, splits=self.splits and self.head is not None)
        messages = [distributed(before + part, self.lines) for part in parts]
        if len(messages) == 1 and messages[0] == list(self.lines):
            return None
        return Edit(self.spans[0].start, self.spans[-1].end, "".join(self._written(text, messages, targets, spelling)))

    def _named(self, targets: dict[str, str]) -> str:
        """The inset name with all that belongs to it."""
        if self.inset is None:
            return ""
        name = self.inset.name
        if self.name_key and self.name_key in targets:
            name = INSETS[self.inset.kind].spell(self.name_key, targets[self.name_key])
        return self.inset.named(name)

    def _written(
        self, text: str, messages: list[list[str]], targets: dict[str, str], spelling: Spelling
    ) -> Iterator[str]:
        """The run as it is written: a further line copies the last command, a further message the head too."""
        own = self.spans
        between = self._separator(text)
        for index, strings in enumerate(messages):
            if index and self.head:
                yield between
                yield self._head_copy(text, self.head, targets, spelling)
                yield between
            for number, string in enumerate(strings):
                there = index == 0 and number < len(own)
                span = own[number] if there else own[-1]
                if number:
                    yield text[own[number - 1].end : span.start] if there else between
                if there and string == self.lines[number]:
                    yield text[span.start : span.end]
                else:
                    yield _with_string(text, span, string, spelling)

    def _separator(self, text: str) -> str:
        """What parts two commands of this run."""
        if len(self.spans) > 1:
            return text[self.spans[-2].end : self.spans[-1].start]
        if self.head:
            return text[self.head.end : self.spans[0].start]
        return _before(text, self.spans[0].start)

    def _head_copy(self, text: str, head: Span, targets: dict[str, str], spelling: Spelling) -> str:
        copied = text[head.start : head.end]
        name = targets.get(self.head_name) if self.head_name else None
        return copied if name is None else splice(copied, rewrite(copied, 0, [(("parameters", 4), name)], spelling))


def _before(text: str, start: int) -> str:
    """A comma and the white space that stands before a command that is alone."""
    space = start
    while space and text[space - 1] in " \t\r\n":
        space -= 1
    return "," + text[space:start]


def _with_string(text: str, command: Span, string: str, spelling: Spelling) -> str:
    """A command with another string as its first parameter."""
    found = _ONE_STRING.fullmatch(text, command.start, command.end)
    start, end = found.span(1) if found else locate(text, command.start, ("parameters", 0))
    token = encode_string(string, text[start:end], spelling)
    return text[command.start : start] + token + text[end : command.end]


def run_of(commands: Sequence[Command], start: int, code: int) -> list[Command]:
    """The commands with this code and one string from `start` on."""
    end = start
    while end < len(commands):
        command = commands[end]
        if command.code != code or not command.parameters or not isinstance(command.parameters[0], str):
            break
        end += 1
    return list(commands[start:end])
