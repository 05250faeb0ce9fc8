"""The objects of a compiled script: those of rpycdec, made without its own unpickler.

rpycdec brings the classes that write a script's statements as text, as a package `renpy` of its own. Its unpickler
takes any name out of these modules, `renpy.lexer` `os.system` too (seen with 0.2.0), so a script could run what it
likes. Here only classes are made, none is called with what a script says but for plain texts and lists, and where a
script names a class or a function as a value, there stands its name.
"""

import importlib
import importlib.util
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from translator.games.renpy.pickles import Named, old_bytes

_MODULE = re.compile(r"renpy(?:\.[a-z][a-z0-9_]*)+")
_AHEAD = frozenset(("next", "parent"))
"""Attributes that lead from a statement to all that follow: not part of its text."""
_ABSENT: Mapping[str, tuple[str, ...]] = {"SLUse": ("args", "block", "ast")}
"""Attributes that rpycdec asks for and that scripts of older engines (6.15) do not have."""
_MOST_CLASSES = 2_000
_MOST_COPIED = 4_000_000
_COPIES: Mapping[tuple[str, str], type[list[object]] | type[dict[Hashable, object]] | type[set[Hashable]]] = {
    ("builtins", "list"): list,
    ("builtins", "set"): set,
    ("builtins", "frozenset"): set,
    ("builtins", "dict"): dict,
    ("collections", "OrderedDict"): dict,
    ("collections", "defaultdict"): dict,
}


@dataclass(frozen=True, slots=True)
class Reference:
    """What stands where a script names a class or a function as a value; it has its name, as these have."""

    module: str
    name: str

    @property
    def __name__(self) -> str:
        return self.name


def available() -> bool:
    """Whether rpycdec is installed and the `renpy` that would be imported is its own, not that of a game."""
    return classes_folder() is not None


@cache
def classes_folder() -> Path | None:
    """Where rpycdec's `renpy` is; None where it is not installed, or where another `renpy` would be imported."""
    try:
        own, brought = importlib.util.find_spec("rpycdec"), importlib.util.find_spec("renpy")
    except (ImportError, ValueError):
        return None
    if own is None or brought is None or own.origin is None or brought.origin is None:
        return None
    folder = Path(brought.origin).parent
    return folder if folder.parent == Path(own.origin).parent.parent else None


class Objects:
    """Makes the objects of one script."""

    def __init__(self) -> None:
        self._classes: dict[tuple[str, str], type] = {}
        self._copied = 0

    def value(self, named: Named) -> object:
        """The name itself."""
        return Reference(named.module, named.name)

    def make(self, named: Named, arguments: tuple[object, ...]) -> object:
        """An object of rpycdec, a list or the like, or one of which only the name is known."""
        module, name = named.module, named.name
        if name == "_reconstructor" and module in ("copyreg", "copy_reg") and isinstance(arguments[0], Reference):
            return self.make(Named(arguments[0].module, arguments[0].name), arguments[2:] if arguments[2] else ())
        blob = old_bytes(named, arguments)
        if blob is not None:
            return blob
        module = "builtins" if module == "__builtin__" else module
        if (module, name) in _COPIES:
            return _COPIES[module, name](self._copy(arguments))  # pyright: ignore[reportArgumentType, reportCallIssue]  the kind of elements is what the caller gave
        return self._object(self._class(module, name), arguments)

    def _object(self, kind: type, arguments: tuple[object, ...]) -> object:
        maker: Callable[..., object] = kind
        bare = cast("Callable[[object], object]", kind.__new__)
        if issubclass(kind, str):
            if not arguments or not isinstance(arguments[0], str):
                raise TypeError("an expression without its text")
            return maker(*arguments)
        if issubclass(kind, (list, dict, set)):
            return maker(self._copy(arguments))
        if issubclass(kind, tuple):
            return maker(*arguments)
        made = bare(maker)
        for name in _ABSENT.get(kind.__name__, ()):
            setattr(made, name, None)
        return made

    def _copy(self, arguments: tuple[object, ...]) -> Iterable[object]:
        """The elements that a list, a set or a dictionary begins with; copies of the same ones over and over end."""
        found = next((one for one in arguments if not isinstance(one, Reference)), None)
        if found is None:
            return ()
        if not isinstance(found, (list, tuple, dict, set)):
            raise TypeError("elements that are no list")
        elements = cast("list[object] | tuple[object, ...] | dict[Hashable, object] | set[Hashable]", found)
        self._copied += len(elements)
        if self._copied > _MOST_COPIED:
            raise ValueError("more copies than a script has")
        return elements

    def _class(self, module: str, name: str) -> type:
        kind = self._classes.get((module, name))
        if kind is None:
            if len(self._classes) >= _MOST_CLASSES or not name.isidentifier():
                raise ValueError("more classes than a script has" if name.isidentifier() else f"a class named {name}")
            kind = _brought(module, name) or type(name, (_unknown(),), {"__module__": module})
            self._classes[module, name] = kind
        return kind

    def fill(self, made: object, state: object) -> None:
        """Set an object's attributes: those in its dictionary, and those in slots."""
        if isinstance(made, set) and isinstance(state, (tuple, list, dict)):
            parts = cast("tuple[object, ...] | list[object] | dict[object, object]", state)
            inner = parts[0] if isinstance(parts, tuple) and len(parts) == 1 else parts
            cast("set[object]", made).update(self._copy((inner,)))
        else:
            _set_attributes(cast("object", made), state)


def _set_attributes(made: object, state: object) -> None:
    slots: object = None
    if isinstance(state, tuple):
        parts = cast("tuple[object, ...]", state)
        if len(parts) == 2 and all(part is None or isinstance(part, dict) for part in parts):  # noqa: PLR2004
            state, slots = parts
    if isinstance(state, dict):
        own = vars(made)
        own.update(_attributes(cast("Mapping[object, object]", state)))
    elif state is not None:
        own = vars(made)
        own["state"] = state
    if isinstance(slots, dict):
        for name, value in _attributes(cast("Mapping[object, object]", slots)).items():
            setattr(made, name, value)
    if type(made).__name__ == "ArgumentInfo":
        _plain_arguments(made)


def _plain_arguments(made: object) -> None:
    """Write stars into the arguments that have them: rpycdec gives up at those that are marked otherwise."""
    own = vars(made)
    listed = own.get("arguments")
    if not isinstance(listed, list):
        return
    pairs: list[object] = []
    for index, pair in enumerate(cast("list[object]", listed)):
        if not isinstance(pair, tuple) or len(cast("tuple[object, ...]", pair)) != 2:  # noqa: PLR2004
            raise TypeError("an argument that is none")
        keyword, value = cast("tuple[object, object]", pair)
        stars = (
            "**" if _has(own, "doublestarred_indexes", index) else "*" if _has(own, "starred_indexes", index) else ""
        )
        pairs.append((None, f"{stars}{value}") if stars else (keyword, value))
    for name, stars in (("extrapos", "*"), ("extrakw", "**")):
        if isinstance(own.get(name), str):
            pairs.append((None, f"{stars}{own[name]}"))
        own[name] = None
    own |= {"arguments": pairs, "starred_indexes": frozenset[int](), "doublestarred_indexes": frozenset[int]()}


def _has(own: Mapping[str, object], name: str, index: int) -> bool:
    found = own.get(name)
    return isinstance(found, (set, frozenset, list, tuple)) and index in cast("set[object]", found)


def _attributes(state: Mapping[object, object]) -> dict[str, object]:
    return {
        name: value
        for name, value in state.items()
        if isinstance(name, str) and not name.startswith("__") and name not in _AHEAD
    }


@cache
def _brought(module: str, name: str) -> type | None:
    """A class of rpycdec's `renpy`; None where it has none of this name."""
    folder = classes_folder()
    if folder is None or not _MODULE.fullmatch(module):
        return None
    place = folder.joinpath(*module.split(".")[1:])
    if not place.with_suffix(".py").is_file() and not (place / "__init__.py").is_file():
        return None
    found = vars(importlib.import_module(module)).get(name)
    return found if isinstance(found, type) and found.__module__.startswith("renpy.") else None


@cache
def _unknown() -> type:
    found = vars(importlib.import_module("rpycdec.safe_pickle"))["DummyClass"]
    assert isinstance(found, type)  # noqa: S101  rpycdec's own placeholder
    return found
