r"""Texts that take a run of commands: a message (101 and its 401), scrolling text (105, 405).

Each command of the run holds one line; in XP the 101 holds the first. A speaker's name that stands inside of the
first line (`\n<name>`, `\name[name]`, a first line that is `【name】`) is a text of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from translator.core import speakers
from translator.core.document import RefusedTargetError
from translator.core.message_lines import boxes, distributed
from translator.core.ruby_marshal_edits import Changes, NotWritableError, Patch, Writer
from translator.core.ruby_marshal_values import RubyArray, RubyString
from translator.core.speakers import Inset
from translator.formats.rpgmaker_rgss.collector import Command
from translator.formats.rpgmaker_rgss.forms import INSETS, PLAIN, WITH_RETURNS
from translator.formats.rpgmaker_rgss.texts import Texts


def find_inset(text: str) -> Inset | None:
    """The name that a message's text starts with."""
    return speakers.find_inset(text, INSETS)


@dataclass(slots=True)
class Block:
    """A run of commands that hold one text.

    elements: the array that they stand in. head: the command before the run that opens it, if any (in XP it is the
    first of the run). strings, lines: what each holds. more: the code of further lines. key, name_key: of the segments
    of the text and of the inset name; None where it has no such. splits: a translation may go on in another message.
    shared: another run has some of these strings, so none can come or go.
    """

    elements: RubyArray
    head: Command | None
    commands: Sequence[Command]
    strings: Sequence[RubyString]
    lines: Sequence[str]
    more: int
    inset: Inset | None = None
    key: str | None = None
    name_key: str | None = None
    splits: bool = False
    shared: bool = False

    @property
    def text(self) -> str:
        """What all lines say, without the inset name."""
        whole = "\n".join(self.lines)
        return whole.removeprefix(self.inset.whole) if self.inset else whole

    def change(self, targets: dict[str, str], changes: Changes, texts: Texts, writer: Writer) -> Patch | None:
        """What becomes of the run; gives the patch that it needs. Raises RefusedTargetError and UnencodableError."""
        old = self.text
        new = targets.get(self.key, old) if self.key else old
        key = self.key or self.name_key or ""
        form = WITH_RETURNS if "\r" in old else PLAIN
        if self.key and new is not old:
            new = form.spell(self.key, new)
        before = self._named(targets)
        self._check_name(key, before, new)
        parts = boxes(new, old, splits=self.splits)
        messages = [distributed(before + part, self.lines) for part in parts]
        first = messages[0]
        for string, line, now in zip(self.strings, self.lines, first, strict=False):
            if line != now:
                changes.strings[string] = texts.write(key, string, now)
        if len(messages) == 1 and len(first) == len(self.lines):
            return None
        try:
            patch, more = self._patch(key, messages, texts, writer)
        except NotWritableError as error:
            raise RefusedTargetError(key, f"its {len(self.lines)} lines cannot become others: {error}") from error
        changes.patches.append(patch)
        changes.counts[self.elements] = changes.counts.get(self.elements, 0) + more
        return patch

    def _check_name(self, key: str, before: str, new: str) -> None:
        """Refuse what would be read as another name, or as one where there is none (`【…】` alone on its line)."""
        found = find_inset(before + new)
        if (found.whole if found else "") != before:
            raise RefusedTargetError(key, f"{(before + new)[:60]!r} would be read as a name and a text")

    def _named(self, targets: dict[str, str]) -> str:
        """The inset name with all that belongs to it."""
        if self.inset is None:
            return ""
        name = self.inset.name
        if self.name_key and self.name_key in targets:
            name = INSETS[self.inset.kind].spell(self.name_key, targets[self.name_key])
        return self.inset.named(name)

    def _patch(self, key: str, messages: list[list[str]], texts: Texts, writer: Writer) -> tuple[Patch, int]:
        """The commands that come or go, and how many more there are."""
        nodes = [command.node for command in self.commands]
        if self.shared or any(one.end != other.start for one, other in pairwise(nodes)):
            raise NotWritableError("they are also used elsewhere")
        if not self.elements.at <= nodes[0].start < nodes[-1].end <= self.elements.end:
            raise NotWritableError("they are also used elsewhere")
        kept = min(len(messages[0]), len(nodes))
        before = writer.objects
        new = [self._command(self.more, key, line, texts, writer) for line in messages[0][kept:]]
        for lines in messages[1:]:
            if self.head and self.head is not self.commands[0]:
                new += (
                    self._copy(self.head, writer),
                    *(self._command(self.more, key, x, texts, writer) for x in lines),
                )
            else:
                new.append(self._command(self.commands[0].code, key, lines[0], texts, writer))
                new += (self._command(self.more, key, line, texts, writer) for line in lines[1:])
        start = nodes[kept - 1].end
        patch = Patch(start, nodes[-1].end, b"".join(new), writer.objects - before)
        return patch, len(new) - (len(nodes) - kept)

    def _command(self, code: int, key: str, line: str, texts: Texts, writer: Writer) -> bytes:
        """A command of one line, like the last of the run."""
        string = self.strings[-1]
        spelled = writer.string(string, texts.write(key, string, line))
        return _spelled(self.commands[-1], code, [spelled], writer)

    @staticmethod
    def _copy(head: Command, writer: Writer) -> bytes:
        return _spelled(head, head.code, [writer.value(value) for value in head.parameters], writer)


def _spelled(like: Command, code: int, parameters: list[bytes], writer: Writer) -> bytes:
    fields: list[tuple[str, bytes]] = []
    for name, value in like.node.fields.items():
        if name == "@code":
            fields.append((name, writer.value(code)))
        elif name == "@parameters":
            fields.append((name, writer.array(parameters)))
        else:
            fields.append((name, writer.value(value)))
    return writer.object(like.node.name, fields)


def run_of(commands: Sequence[Command], start: int, code: int) -> list[Command]:
    """The commands with this code and one string from `start` on."""
    end = start
    while end < len(commands) and commands[end].code == code and commands[end].string(0) is not None:
        end += 1
    return list(commands[start:end])


def strings_of(commands: Iterable[Command]) -> list[RubyString]:
    """The first parameters of commands that `run_of` found."""
    return [string for command in commands if (string := command.string(0)) is not None]
