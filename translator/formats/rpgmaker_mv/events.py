"""The texts of event pages, common events and battle events.

What each command holds and what the engine does with it is seen in `Game_Interpreter` of the MV core script and of
MZ's rmmz_objects.js. Keys count the commands of one kind in a list (the third message, the second choice): lines that
a translation adds to a message move nothing.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, cast

from translator.core.collecting import SINGLE, About
from translator.core.json_spans import INNER, JsonReader, Path, Span, decode_at
from translator.core.segment import Limits, Role, Segment
from translator.core.speakers import find_speaker
from translator.formats.rpgmaker_mv.blocks import Block, find_inset, run_of
from translator.formats.rpgmaker_mv.collector import NAME, Collector, Command, Copy, Spot
from translator.formats.rpgmaker_mv.facts import HELP_LINES, MESSAGE_LINES, GameFacts
from translator.formats.rpgmaker_mv.rules import CHOICE_HELP, MZ_COMMANDS
from translator.formats.rpgmaker_mv.scripts import Part, argument_parts, note_parts, script_parts

_MESSAGE, _CHOICES, _SCROLL, _COMMENT, _CONDITION, _VARIABLE = 101, 102, 105, 108, 111, 122
_NAME, _NICKNAME, _PROFILE, _SCRIPT, _MV_COMMAND, _MZ_COMMAND = 320, 324, 325, 355, 356, 357
_MESSAGE_LINE, _WHEN, _CHOICES_END, _SCROLL_LINE, _COMMENT_LINE = 401, 402, 404, 405, 408
_SCRIPT_LINE, _COMMAND_COPY = 655, 657
_CONDITION_ACTOR, _CONDITION_SCRIPT, _ACTOR_NAME, _OPERAND_SCRIPT = 4, 12, 1, 4

_OTHER = Command(0, -1, [], Span(0, 0))


def read_commands(reader: JsonReader) -> list[Command]:
    """The list of event commands that comes next; one that can hold no text only keeps its place."""
    commands: list[Command] = []
    for value, start, end in reader.decoded_elements():
        command = _OTHER
        if isinstance(value, dict):
            value = cast("dict[str, object]", value)
            code, parameters = value.get("code"), value.get("parameters")
            if isinstance(code, int) and code in _HANDLED and isinstance(parameters, list):
                indent = value.get("indent")
                command = Command(
                    code, indent if isinstance(indent, int) else -1, cast("list[object]", parameters), Span(start, end)
                )
        commands.append(command)
    return commands


class EventList:
    """Takes the texts of one list of commands. prefix: how their keys start; it names their scene, too."""

    def __init__(self, collector: Collector, facts: GameFacts, prefix: str) -> None:
        self._collector = collector
        self._facts = facts
        self._prefix = prefix
        self._counts: Counter[str] = Counter()
        self._commands: Sequence[Command] = ()
        self._open_choices: dict[int, tuple[list[object], dict[int, Spot]]] = {}

    def take(self, commands: Sequence[Command]) -> None:
        """Take the texts of the commands, in their order."""
        self._commands = commands
        index = 0
        while index < len(commands):
            handler = self.handlers.get(commands[index].code)
            index = handler(self, index) if handler else index + 1

    def _next(self, kind: str) -> str:
        """The key of the next command of a kind."""
        self._counts[kind] += 1
        return f"{self._prefix}/{kind}/{self._counts[kind]}"

    def _about(self, role: Role, limits: Limits | None = None, binding: str | None = None) -> About:
        limits = SINGLE if limits is None else limits
        return About(role, scene=self._prefix, limits=limits, binding=binding)

    def _message(self, index: int) -> int:
        """101 and its 401 lines, or lines without a head, which the engine passes over but plugins may not."""
        command = self._commands[index]
        head = command if command.code == _MESSAGE else None
        run = run_of(self._commands, index + 1 if head else index, _MESSAGE_LINE)
        following = index + len(run) + (1 if head else 0)
        key = self._next("message")
        speaker = name_key = None
        face = False
        notes: tuple[str, ...] = ()
        if head:
            parameters = head.parameters
            face = bool(parameters) and isinstance(parameters[0], str) and parameters[0] != ""
            if face and len(parameters) > 1:
                notes = (f"face: {parameters[0]} {parameters[1]}",)
            if len(parameters) > 4 and isinstance(parameters[4], str):  # noqa: PLR2004  MZ's fifth: the speaker
                spot = Spot(head.span.start, ("parameters", 4))
                if self._collector.add(f"{key}/name", parameters[4], spot, self._about(Role.NAME, binding=NAME)):
                    name_key = f"{key}/name"
                    speaker = self._facts.spoken(parameters[4])
        if not run:
            return following if head else index + 1
        block = Block(
            head=head.span if head else None,
            spans=[c.span for c in run],
            lines=[str(c.parameters[0]) for c in run],
            head_name=name_key,
            splits=head is not None,
        )
        self._inset(block, key, speaker)
        self._take_message(block, key, speaker, notes, face=face)
        return following

    def _inset(self, block: Block, key: str, speaker: str | None) -> None:
        """Take a name that stands inside of the message."""
        inset = find_inset("\n".join(block.lines))
        if inset is None:
            return
        block.inset = inset
        name = Segment(
            key=f"{key}/{'name' if speaker is None and block.head_name is None else 'inner-name'}",
            source=inset.name,
            role=Role.NAME,
            scene=self._prefix,
            limits=SINGLE,
            binding=NAME,
        )
        if name.source.strip():
            block.name_key = name.key
            self._collector.add_block(block, name)

    def _take_message(self, block: Block, key: str, speaker: str | None, notes: tuple[str, ...], *, face: bool) -> None:
        text = block.text
        if not text.strip():
            return
        lines = MESSAGE_LINES
        if block.inset:
            lines -= block.inset.lines
            if speaker is None and block.inset.is_speaker(text, self._facts.actors.names):
                speaker = self._facts.spoken(block.inset.name)
        elif speaker is None:
            speaker = self._facts.spoken(find_speaker(text, self._facts.actors.names) or "")
        block.key = key
        segment = Segment(
            key=key,
            source=text,
            role=Role.DIALOGUE,
            scene=self._prefix,
            speaker=speaker,
            notes=notes + self._facts.actors.notes(text),
            limits=self._facts.message(face=face, lines=lines, splits=block.splits),
        )
        self._collector.add_block(block, segment)

    def _lines(self, index: int, code: int, kind: str, role: Role, limits: Limits) -> int:
        """A head, if any, and the run of lines with this code that follows, as one text."""
        head = None if self._commands[index].code == code else self._commands[index]
        run = run_of(self._commands, index + 1 if head else index, code)
        key = self._next(kind)
        if run:
            lines = [str(c.parameters[0]) for c in run]
            block = Block(head.span if head else None, [c.span for c in run], lines, key=key)
            if block.text.strip():
                segment = Segment(key=key, source=block.text, role=role, scene=self._prefix, limits=limits)
                self._collector.add_block(block, segment)
        return index + max(1, len(run) + (1 if head else 0))

    def _scroll(self, index: int) -> int:
        """105 and its 405 lines: as many as there are, each shown as it is (verse, credits)."""
        limits = Limits(columns=self._facts.columns.plain)
        return self._lines(index, _SCROLL_LINE, "scroll", Role.NARRATION, limits)

    def _comment(self, index: int) -> int:
        """108 and 408: notes of the makers, or a plugin's data; only what a rule names is shown."""
        command = self._commands[index]
        text = command.parameters[0] if command.parameters else None
        if command.code == _COMMENT and isinstance(text, str) and text in CHOICE_HELP:
            limits = Limits(columns=self._facts.columns.plain, lines=HELP_LINES, wrap=True)
            return self._lines(index, _COMMENT_LINE, "help", Role.DESCRIPTION, limits)
        if isinstance(text, str) and (parts := note_parts(text)):
            key = self._next("comment")
            for number, part in enumerate(parts, 1):
                self._part(command, ("parameters", 0), f"{key}/{number}", part)
        return index + 1

    def _choices(self, index: int) -> int:
        """102: its options. The interpreter compares the option's number (command402), not the text of a 402."""
        command = self._commands[index]
        key = self._next("choice")
        options = command.parameters[0] if command.parameters else None
        if isinstance(options, list):
            options = cast("list[object]", options)
            limits = Limits(columns=self._facts.columns.plain, single=True)
            spots: dict[int, Spot] = {}
            for number, option in enumerate(options):
                spot = Spot(command.span.start, ("parameters", 0, number))
                if self._collector.add(f"{key}/{number + 1}", option, spot, self._about(Role.CHOICE, limits)):
                    spots[number] = spot
            self._open_choices[command.indent] = (options, spots)
        return index + 1

    def _when(self, index: int) -> int:
        """402: the editor's copy of the option, kept in step where it is one."""
        command = self._commands[index]
        options, spots = self._open_choices.get(command.indent, ([], {}))
        if len(command.parameters) > 1:
            number, label = command.parameters[:2]
            if isinstance(number, int) and number in spots and options[number] == label:
                spots[number].copies.append(Copy(command.span.start, ("parameters", 1)))
        return index + 1

    def _choices_end(self, index: int) -> int:
        self._open_choices.pop(self._commands[index].indent, None)
        return index + 1

    def _actor_text(self, index: int) -> int:
        """320, 324, 325: an actor's new name, nickname, profile."""
        command = self._commands[index]
        kind, about = {
            _NAME: ("name", self._about(Role.NAME, binding=NAME)),
            _NICKNAME: ("nickname", self._about(Role.NAME)),
            _PROFILE: ("profile", self._about(Role.DESCRIPTION, self._facts.help())),
        }[command.code]
        key = self._next(kind)
        if len(command.parameters) > 1:
            self._collector.add(key, command.parameters[1], Spot(command.span.start, ("parameters", 1)), about)
        return index + 1

    def _condition(self, index: int) -> int:
        """111: a comparison with an actor's name changes with that name, and only a name that an actor can have."""
        command = self._commands[index]
        parameters = command.parameters
        key = self._next("condition")
        if parameters[:1] == [_CONDITION_ACTOR] and parameters[2:3] == [_ACTOR_NAME] and len(parameters) > 3:  # noqa: PLR2004  kind, actor, name, text
            name = parameters[3]
            if isinstance(name, str) and name in self._facts.actors.names:
                spot = Spot(command.span.start, ("parameters", 3))
                self._collector.add(key, name, spot, self._about(Role.NAME, binding=NAME))
        elif parameters[:1] == [_CONDITION_SCRIPT] and len(parameters) > 1:
            self._script_text(command, 1, key)
        return index + 1

    def _variable(self, index: int) -> int:
        """122: a variable that is set by a script."""
        command = self._commands[index]
        key = self._next("variable")
        if command.parameters[3:4] == [_OPERAND_SCRIPT] and len(command.parameters) > 4:  # noqa: PLR2004  the script
            self._script_text(command, 4, key)
        return index + 1

    def _script(self, index: int) -> int:
        """355 and its 655 lines."""
        key = self._next("script")
        number = 0
        while True:
            number = self._script_text(self._commands[index], 0, key, number)
            index += 1
            if index >= len(self._commands) or self._commands[index].code != _SCRIPT_LINE:
                return index

    def _script_text(self, command: Command, parameter: int, key: str, number: int = 0) -> int:
        """Take the shown strings of a script; gives the number of the last."""
        script = command.parameters[parameter] if len(command.parameters) > parameter else None
        if not isinstance(script, str):
            return number
        for part in script_parts(script, self._facts.actors.names):
            number += 1
            self._part(command, ("parameters", parameter), f"{key}/{number}", part)
        return number

    def _part(self, command: Command, path: Path, key: str, part: Part) -> None:
        limits = Limits(columns=self._facts.columns.plain) if part.role is Role.DIALOGUE else SINGLE
        about = self._about(part.role, limits, NAME if part.name else None)
        self._collector.add(key, part.raw, Spot(command.span.start, (*path, part.cut), part.form), about)

    def _mv_command(self, index: int) -> int:
        """356: words that the engine splits at spaces."""
        command = self._commands[index]
        key = self._next("command")
        words = command.parameters[0] if command.parameters else None
        if isinstance(words, str):
            for number, part in argument_parts(words):
                self._part(command, ("parameters", 0), f"{key}/{number}", part)
        return index + 1

    def _mz_command(self, index: int) -> int:
        """357: a plugin, its command, the command's label, arguments by name. 657 shows an argument in the editor."""
        command = self._commands[index]
        key = self._next("command")
        copies = index + 1
        while copies < len(self._commands) and self._commands[copies].code == _COMMAND_COPY:
            copies += 1
        parameters = command.parameters
        if len(parameters) > 3 and isinstance(parameters[0], str) and isinstance(parameters[1], str):  # noqa: PLR2004
            rule = MZ_COMMANDS.get((parameters[0].rpartition("/")[2], parameters[1]))
            arguments = parameters[3]
            if rule and isinstance(arguments, dict):
                given = cast("dict[str, object]", arguments)
                for name in rule.arguments:
                    shown = self._shown_in(index + 1, copies, given, name)
                    self._argument(command, f"{key}/{name}", name, given.get(name), (rule.role, shown))
        return copies

    def _argument(self, command: Command, key: str, name: str, value: object, given: tuple[Role, list[Copy]]) -> None:
        """One argument; a "note" argument is a JSON string inside of the string."""
        role, copies = given
        path: Path = ("parameters", 3, name)
        if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
            try:
                value = decode_at(value, 0)[0]
            except ValueError:
                pass
            else:
                path, copies = (*path, INNER), []
        self._collector.add(
            key, value, Spot(command.span.start, path, copies=copies), self._about(role, Limits(columns=None))
        )

    def _shown_in(self, start: int, end: int, given: Mapping[str, object], name: str) -> list[Copy]:
        """The 657 commands that are just `name = value` of an argument; the editor may show the name translated."""
        found: list[Copy] = []
        position = list(given).index(name) if name in given else -1
        for number, command in enumerate(self._commands[start:end]):
            line = command.parameters[0] if command.parameters else None
            if isinstance(line, str):
                label, _, value = line.partition(" = ")
                if value == given.get(name) and value and (label == name or number == position):
                    found.append(Copy(command.span.start, ("parameters", 0), f"{label} = "))
        return found

    handlers: ClassVar[Mapping[int, Callable[..., int]]] = {
        _MESSAGE: _message,
        _MESSAGE_LINE: _message,
        _CHOICES: _choices,
        _WHEN: _when,
        _CHOICES_END: _choices_end,
        _SCROLL: _scroll,
        _SCROLL_LINE: _scroll,
        _COMMENT: _comment,
        _COMMENT_LINE: _comment,
        _CONDITION: _condition,
        _VARIABLE: _variable,
        _NAME: _actor_text,
        _NICKNAME: _actor_text,
        _PROFILE: _actor_text,
        _SCRIPT: _script,
        _MV_COMMAND: _mv_command,
        _MZ_COMMAND: _mz_command,
    }
    """What takes the text of a command, by its code: from the command's index to that of the next."""


_HANDLED = frozenset(EventList.handlers) | {_SCRIPT_LINE, _COMMAND_COPY}
