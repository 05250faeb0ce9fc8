"""The texts of event pages, common events and battle events.

What each command holds and what the engine does with it is seen in `Game_Interpreter` (VX, VX Ace) and `Interpreter 1`
to `7` (XP) of the engines' own scripts. Keys count the commands of one kind in a list (the third message, the second
choice): lines that a translation adds to a message move nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from translator.core.collecting import SINGLE, About
from translator.core.ruby_marshal_values import RubyArray, RubyObject, RubyString, Value
from translator.core.segment import Limits, Role, Segment
from translator.core.speakers import find_speaker
from translator.formats.rpgmaker_rgss.blocks import Block, find_inset, run_of, strings_of
from translator.formats.rpgmaker_rgss.collector import NAME, Collector, Command, Spot
from translator.formats.rpgmaker_rgss.facts import MESSAGE_LINES, GameFacts
from translator.formats.rpgmaker_rgss.kinds import Engine
from translator.formats.rpgmaker_rgss.scripts import event_parts, has_case

MESSAGE, CHOICES, NUMBER, SCROLL, COMMENT, CONDITION, VARIABLE = 101, 102, 103, 105, 108, 111, 122
RENAME, NICKNAME, SCRIPT = 320, 324, 355
MESSAGE_LINE, WHEN, CHOICES_END, SCROLL_LINE, COMMENT_LINE, SCRIPT_LINE = 401, 402, 404, 405, 408, 655
_CONDITION_ACTOR, _CONDITION_SCRIPT, _ACTOR_NAME = 4, 12, 1

_OTHER = Command(0, -1, (), RubyObject(0, ""))


def read_commands(items: Iterable[Value]) -> list[Command]:
    """The event commands of a list; one that can hold no text only keeps its place."""
    commands: list[Command] = []
    for item in items:
        command = _OTHER
        if isinstance(item, RubyObject):
            fields = item.fields
            code, parameters = fields.get("@code"), fields.get("@parameters")
            if code in _HANDLED and isinstance(code, int) and isinstance(parameters, RubyArray):
                indent = fields.get("@indent")
                command = Command(code, indent if isinstance(indent, int) else -1, parameters.items, item)
        commands.append(command)
    return commands


class EventList:
    """Takes the texts of one list of commands. prefix: how their keys start; it names their scene, too."""

    def __init__(self, collector: Collector, facts: GameFacts, prefix: str) -> None:
        self._collector = collector
        self._facts = facts
        self._prefix = prefix
        self._counts: Counter[str] = Counter()
        self._list = RubyArray(0, 0)
        self._commands: Sequence[Command] = ()
        self._open_choices: dict[int, tuple[Sequence[Value], dict[int, Spot]]] = {}

    def take(self, commands: RubyArray) -> None:
        """Take the texts of the commands, in their order."""
        self._list = commands
        self._commands = read = read_commands(commands.items)
        handlers = self.handlers
        index = 0
        while index < len(read):
            handler = handlers.get(read[index].code)
            index = handler(self, index) if handler else index + 1

    def _next(self, kind: str) -> str:
        """The key of the next command of a kind."""
        self._counts[kind] += 1
        return f"{self._prefix}/{kind}/{self._counts[kind]}"

    def _about(self, role: Role, limits: Limits = SINGLE, binding: str | None = None) -> About:
        return About(role, scene=self._prefix, limits=limits, binding=binding)

    def _message(self, index: int) -> int:
        """101 and its 401 lines; XP's 101 is the first line itself. Lines without a head are passed over by the
        engine, but not by all scripts.
        """
        command = self._commands[index]
        head = command if command.code == MESSAGE else None
        own_line = self._facts.engine is Engine.XP and head is not None and head.string(0) is not None
        run = run_of(self._commands, index + 1 if head else index, MESSAGE_LINE)
        following = index + len(run) + (1 if head else 0)
        if head is not None and own_line:
            run = [head, *run]
        key = self._next("message")
        notes: tuple[str, ...] = ()
        face = False
        if head is not None and not own_line and head.parameters:
            name = self._collector.text(head.parameters[0])
            face = bool(name)
            if name and len(head.parameters) > 1:
                notes = (f"face: {name} {head.parameters[1]}",)
        if run:
            block = self._block(key, head, run)
            if block is not None:
                self._inset(block, key)
                self._take_message(block, key, notes, face=face, most=self._room(following, len(block.lines)))
        return max(following, index + 1)

    def _room(self, following: int, lines: int) -> int:
        """How many lines a message may have: XP and VX show choices and number input in the same window if they fit."""
        if self._facts.engine is Engine.ACE or following >= len(self._commands):
            return MESSAGE_LINES
        after = self._commands[following]
        taken = 0
        if after.code == CHOICES and after.parameters and isinstance(after.parameters[0], RubyArray):
            taken = len(after.parameters[0].items)
        elif after.code == NUMBER:
            taken = 1
        return MESSAGE_LINES - taken if lines <= MESSAGE_LINES - taken else MESSAGE_LINES

    def _block(self, key: str, head: Command | None, run: Sequence[Command], more: int = MESSAGE_LINE) -> Block | None:
        """A run of commands as one text; None where a string is no text, or stands elsewhere already.

        Several lines of which one is also used elsewhere are left alone: none of them could come or go.
        """
        strings = strings_of(run)
        lines = [line for string in strings if (line := self._collector.texts.read(string)) is not None]
        if len(lines) != len(strings):
            return None
        owned = [string for string in strings if string in self._collector.owners]
        if owned or len(set(strings)) != len(strings):
            role = Role.DIALOGUE if more == MESSAGE_LINE else Role.NARRATION
            for string in owned:
                self._collector.also(string, key, About(role))
            return None
        linked = any(self._collector.is_linked(command) for command in run)
        if linked and len(run) > 1:
            return None
        block = Block(self._list, head, run, strings, lines, more, splits=head is not None)
        block.shared = linked
        return block

    def _inset(self, block: Block, key: str) -> None:
        """Take a name that stands inside of the message."""
        inset = find_inset("\n".join(block.lines))
        if inset is None:
            return
        block.inset = inset
        if inset.name.strip():
            name = Segment(f"{key}/name", inset.name, Role.NAME, self._prefix, limits=SINGLE, binding=NAME)
            block.name_key = name.key
            self._collector.add_block(block, name)

    def _take_message(self, block: Block, key: str, notes: tuple[str, ...], *, face: bool, most: int) -> None:
        text = block.text
        if not text.strip():
            return
        if block.inset:
            most = max(1, most - block.inset.lines)
            known = block.inset.is_speaker(text, self._facts.actors.names)
            speaker = self._facts.spoken(block.inset.name) if known else None
        else:
            speaker = self._facts.spoken(find_speaker(text, self._facts.actors.names) or "")
        block.key = key
        segment = Segment(
            key=key,
            source=text,
            role=Role.DIALOGUE,
            scene=self._prefix,
            speaker=speaker,
            notes=notes + self._facts.actors.notes(text),
            limits=self._facts.message(face=face, lines=most, splits=block.splits),
        )
        self._collector.add_block(block, segment)

    def _scroll(self, index: int) -> int:
        """105 and its 405 lines (Ace): as many as there are, each shown as it is (verse, credits)."""
        head = None if self._commands[index].code == SCROLL_LINE else self._commands[index]
        run = run_of(self._commands, index + 1 if head else index, SCROLL_LINE)
        if self._facts.engine is not Engine.ACE:  # XP's 105 waits for a button
            return index + 1
        key = self._next("scroll")
        block = self._block(key, head, run, SCROLL_LINE) if run else None
        if block is not None and block.text.strip():
            block.key, block.splits = key, False
            limits = Limits(columns=self._facts.window.columns.plain)
            self._collector.add_block(block, Segment(key, block.text, Role.NARRATION, self._prefix, limits=limits))
        return index + max(1, len(run) + (1 if head else 0))

    def _choices(self, index: int) -> int:
        """102: its options. The interpreter compares the option's number (command_402), not the text of a 402."""
        command = self._commands[index]
        key = self._next("choice")
        options = command.parameters[0] if command.parameters else None
        if isinstance(options, RubyArray):
            about = self._about(Role.CHOICE, Limits(columns=self._facts.window.columns.plain, single=True))
            spots: dict[int, Spot] = {}
            for number, option in enumerate(options.items):
                spot = self._collector.add(f"{key}/{number + 1}", option, about)
                if spot is not None:
                    spots[number] = spot
            self._open_choices[command.indent] = (options.items, spots)
        return index + 1

    def _when(self, index: int) -> int:
        """402: the editor's copy of the option (in most files a link to it), kept in step where it is one."""
        command = self._commands[index]
        options, spots = self._open_choices.get(command.indent, ((), {}))
        label, number = command.string(1), command.parameters[0] if command.parameters else None
        if label is not None and label in self._collector.owners:
            self._collector.meets(label)
        elif label is not None and isinstance(number, int) and number in spots:
            option = options[number]
            if isinstance(option, RubyString) and self._collector.text(label) == self._collector.text(option):
                spots[number].copies.append(label)
                self._collector.owners[label] = self._collector.owners[option]
        return index + 1

    def _choices_end(self, index: int) -> int:
        self._open_choices.pop(self._commands[index].indent, None)
        return index + 1

    def _actor_text(self, index: int) -> int:
        """320, 324: an actor's new name, nickname."""
        command = self._commands[index]
        renamed = command.code == RENAME
        key = self._next("name" if renamed else "nickname")
        if len(command.parameters) > 1:
            self._collector.add(key, command.parameters[1], self._about(Role.NAME, binding=NAME if renamed else None))
        return index + 1

    def _condition(self, index: int) -> int:
        """111: a comparison with an actor's name changes with that name, and only a name that an actor can have."""
        command = self._commands[index]
        parameters = command.parameters
        key = self._next("condition")
        kind = parameters[0] if parameters else None
        if kind == _CONDITION_ACTOR and len(parameters) > 3 and parameters[2] == _ACTOR_NAME:  # noqa: PLR2004
            if self._collector.text(parameters[3]) in self._facts.actors.names:
                self._collector.add(key, parameters[3], self._about(Role.NAME, binding=NAME))
        elif kind == _CONDITION_SCRIPT:
            self._script_texts(key, [command.string(1)])
        return index + 1

    def _variable(self, index: int) -> int:
        """122: a variable that is set by a script (Ace)."""
        key = self._next("variable")
        self._script_texts(key, [self._commands[index].string(4)])
        return index + 1

    def _script(self, index: int) -> int:
        """355 and its 655 lines."""
        key = self._next("script")
        end = index + 1
        while end < len(self._commands) and self._commands[end].code == SCRIPT_LINE:
            end += 1
        self._script_texts(key, [command.string(0) for command in self._commands[index:end]])
        return end

    def _script_texts(self, key: str, lines: Sequence[RubyString | None]) -> None:
        """Take the shown strings of a script."""
        number = 0
        case = any(has_case(self._collector.text(line) or "") for line in lines)
        for line in lines:
            script = self._collector.text(line)
            if script is None or line is None or line in self._collector.owners:
                continue
            for part in event_parts(script, self._facts.actors.names, case=case):
                number += 1
                role = part.rule.role
                limits = Limits(columns=self._facts.window.columns.plain) if role is Role.DIALOGUE else SINGLE
                about = self._about(role, limits, NAME if part.rule.name else None)
                self._collector.add_part(f"{key}/{number}", Spot(line, part=part), part.source, about)

    handlers: ClassVar[Mapping[int, Callable[..., int]]] = {
        MESSAGE: _message,
        MESSAGE_LINE: _message,
        CHOICES: _choices,
        WHEN: _when,
        CHOICES_END: _choices_end,
        SCROLL: _scroll,
        SCROLL_LINE: _scroll,
        CONDITION: _condition,
        VARIABLE: _variable,
        RENAME: _actor_text,
        NICKNAME: _actor_text,
        SCRIPT: _script,
    }
    """What takes the text of a command, by its code: from the command's index to that of the next."""


_HANDLED = frozenset(EventList.handlers) | {NUMBER, SCRIPT_LINE}
