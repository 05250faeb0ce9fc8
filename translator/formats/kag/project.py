"""A game's own rules: the table `[kag]` of a `translate.toml` in its folder.

[kag]
names = ["talk.who"]            # [talk who="太郎"] says who speaks; an entry with - before it takes one away
choices = ["answer.text"]       # values that are choices
texts = ["balloon.text"]        # other values that are shown
breaks = ["lr"]                 # tags that end a message
pages = ["np"]                  # such tags after which nobody speaks
voices = ["taro"]               # tags after which somebody else speaks
inline = ["heart"]              # tags that may end a line amid a message
words = ["hero"]                # tags that stand for words of a sentence, as [emb] does
name_pairs = ["ns.nse"]         # the name stands between [ns] and [nse]
"""

import tomllib
from pathlib import Path
from typing import cast

from translator.core.game import GameError
from translator.formats.kag.rules import DOTTED, SETTINGS

FILE = "translate.toml"
TABLE = "kag"


def with_own_rules(found: dict[str, str], root: Path) -> dict[str, str]:
    """Settings, each with what the game's `translate.toml` adds to it. Raises GameError for what is wrong in it.

    A file that cannot be read or is no TOML is told by the command line, which reads it too.
    """
    file = root / FILE
    try:
        table: object = tomllib.loads(file.read_text("utf-8")).get(TABLE, {})
    except (OSError, ValueError):
        return found
    if not isinstance(table, dict):
        raise GameError(f"{file}: {TABLE} is a table; write it as [{TABLE}]")
    joined = dict(found)
    for name, value in cast("dict[str, object]", table).items():
        if name not in SETTINGS:
            raise GameError(f"{file}: [{TABLE}] has no {name}; it can have {', '.join(SETTINGS)}")
        entries = cast("list[object]", value) if isinstance(value, list) else [value]
        if not all(isinstance(entry, str) and entry.strip() for entry in entries):
            raise GameError(f"{file}: [{TABLE}] {name} is a list of texts")
        said = [str(entry).strip() for entry in entries]
        plain = next((one for one in said if name in DOTTED and not all(one.removeprefix("-").partition("."))), None)
        if plain is not None:
            wanted = "the tags around a name, as in ns.nse" if name == "name_pairs" else "tag.attribute, as in nm.t"
            raise GameError(f"{file}: [{TABLE}] {name}: {plain!r} is not {wanted}")
        joined[name] = "\n".join([found[name], *said] if name in found else said)
    return joined
