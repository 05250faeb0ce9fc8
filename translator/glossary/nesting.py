"""Names that stand inside other names, which are to be translated before those."""

from collections.abc import Iterable

from translator.glossary.matcher import Matcher, normalised
from translator.glossary.names import wanted


def rounds(names: Iterable[str], sought: Iterable[str]) -> list[list[str]]:
    """Names (without markup) in rounds, spelled as `normalised` does it: all that stand inside of one are in earlier
    rounds.

    sought: those of them that are looked for in the others. What an entry would be found of in a name counts, however
    it is translated later, so that the rounds are the same in each run.
    """
    looked_for = {normalised(name.strip()) for name in sought}
    matcher = Matcher(map(wanted, sorted(looked_for)))
    depths: dict[str, int] = {}
    found: list[list[str]] = []
    # What stands inside of a name is shorter than it.
    for name in sorted(
        looked_for.union(normalised(name.strip()) for name in names), key=lambda name: (len(name), name)
    ):
        depths[name] = depth = 1 + max((depths[inside] for inside in matcher.inside(name)), default=-1)
        found.extend([] for _ in range(depth + 1 - len(found)))
        found[depth].append(name)
    return found
