"""The identifiers that Ren'Py ships with its own games, in all their languages, against ours.

RENPY_SOURCES names a copy of the repository renpy/renpy (MIT); nothing of it is kept here. What is shipped and not
computed must be explained: a line that the game no longer has (its original is in the comment, and no block of today's
scripts says it), or the checksum of an older engine, in which `nvl clear` counted too.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import regex

from translator.formats.renpy_tl.entries import headers
from translator.formats.renpy_tl.lexer import read_script
from translator.games.renpy.folder import find
from translator.games.renpy.skeleton import decoded
from translator.games.renpy.sources import read_game

SOURCES = os.environ.get("RENPY_SOURCES", "")

pytestmark = pytest.mark.skipif(not SOURCES, reason="RENPY_SOURCES names no copy of renpy/renpy")


def shipped(language: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each identifier with the code that its comments have."""
    for path in sorted(language.rglob("*.rpy")):
        text = decoded(path.read_bytes())
        script = read_script(text)
        rows = text.split("\n")
        for header in headers(script):
            if header.what in ("strings", "python", "style") or header.language != language.name:
                continue
            block = script.block(header.index)
            first = script.lines[header.index].number
            last = script.lines[block.stop - 1].number if block else first
            codes = tuple(row.strip()[2:] for row in rows[first:last] if row.strip().startswith("# "))
            yield header.what, codes


def checksum(codes: tuple[str, ...]) -> str:
    return hashlib.md5("".join(f"{code}\r\n" for code in codes).encode(), usedforsecurity=False).hexdigest()[:8]


GONE = "of a line that no longer stands under its label"
OTHER = "not of the line in its comment, which was changed by hand after a line was"
OLDER = "of an older engine, which took the checksum of nvl clear too"


def label_of(identifier: str) -> str:
    return regex.sub(r"_[0-9a-f]{8}(_\d+)?$", "", identifier)


def explained(identifier: str, codes: tuple[str, ...], today: set[tuple[str, str]]) -> str:
    """Why an identifier is not one of today's; "" if there is no reason."""
    digests = {checksum(codes[-1:]): "", checksum(codes): OLDER if codes[:1] == ("nvl clear",) else ""}
    found = regex.search(r"_([0-9a-f]{8})(_\d+)?$", identifier)
    assert found is not None
    if found[1] not in digests:
        return OTHER
    if not codes or (codes != ("nvl clear",) and (label_of(identifier), codes[-1]) not in today):
        return GONE
    return digests[found[1]]


@pytest.mark.parametrize("name", ["the_question", "tutorial"])
def test_computes_the_identifiers_that_are_shipped(name: str, record_property: Callable[[str, object], None]) -> None:
    root = Path(SOURCES) / name
    game = read_game(root, find(root), "piglatin")
    blocks = [block for source in game.sources for block in source.blocks]
    known = {block.identifier for block in blocks} | {block.alternate for block in blocks if block.alternate}
    today = {(label_of(block.identifier), block.codes[-1]) for block in blocks}
    told: Counter[str] = Counter()
    for language in sorted(path for path in (root / "game" / "tl").iterdir() if path.name != "None"):
        for identifier, codes in shipped(language):
            told["equal" if identifier in known else explained(identifier, codes, today)] += 1
    record_property(name, dict(told))
    assert not told[""], "identifiers that nothing explains"
    assert told["equal"] > 800, dict(told)
    living = told["equal"] + told[OLDER]
    assert told["equal"] / living >= 0.995
