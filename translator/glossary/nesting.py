"""Names that stand inside other names, which are to be translated before those."""

from collections.abc import Iterable, Mapping

from translator.glossary.matcher import Matcher, normalised
from translator.glossary.names import wanted

Round = Mapping[str, frozenset[str]]
"""Names that can be translated together, each with all that stand inside of it: those are in earlier rounds."""


def rounds(names: Iterable[str], sought: Iterable[str]) -> list[Round]:
    """Names (without markup) in rounds, spelled as `normalised` does it.

    sought: those of them that are looked for in the others. What an entry would be found of in a name counts, however
    it is translated later, so that the rounds are the same in each run.
    """
    looked_for = {normalised(name.strip()) for name in sought}
    matcher = Matcher(map(wanted, sorted(looked_for)))
    depths: dict[str, int] = {}
    found: list[dict[str, frozenset[str]]] = []
    # What stands inside of a name is shorter than it.
    for name in sorted(
        looked_for.union(normalised(name.strip()) for name in names), key=lambda name: (len(name), name)
    ):
        inside = frozenset(matcher.inside(name))
        depths[name] = depth = 1 + max((depths[each] for each in inside), default=-1)
        found.extend({} for _ in range(depth + 1 - len(found)))
        found[depth][name] = inside
    return list(found)
