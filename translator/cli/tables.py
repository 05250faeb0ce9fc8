"""What is known of formats, games, profiles and checks, as rows: for the commands that list them and for the docs."""

from collections.abc import Iterable, Iterator, Sequence

from translator.core.document import FormatInfo
from translator.core.game import GameInfo
from translator.engine.checks import Check
from translator.profiles import Profile

FORMAT_COLUMNS = ("ID", "Format", "Command", "Files", "Charsets")
GAME_COLUMNS = ("ID", "Engine")
CHECK_COLUMNS = ("Code", "Level", "What it finds", "In profiles")
PROFILE_COLUMNS = ("ID", "For", "Family", "Languages", "Glossary", "Tokens")


def format_rows(infos: Iterable[FormatInfo]) -> Iterator[tuple[str, ...]]:
    """One row for each format."""
    for info in infos:
        yield info.id, info.title, info.family.value, ", ".join(info.patterns), ", ".join(info.charsets)


def game_rows(infos: Iterable[GameInfo]) -> Iterator[tuple[str, ...]]:
    """One row for each engine."""
    for info in infos:
        yield info.id, info.title


def profile_rows(profiles: Iterable[Profile]) -> Iterator[tuple[str, ...]]:
    """One row for each profile."""
    for profile in profiles:
        yield (
            profile.id,
            profile.title,
            ", ".join(profile.aliases),
            profile_languages(profile),
            "yes" if profile.takes_glossary else "no",
            str(profile.budget.num_ctx),
        )


def profile_languages(profile: Profile) -> str:
    """The pairs that a profile can do, in words."""
    source, target = profile.languages.default
    if not profile.languages.pairs:
        return f"any (default: {source} to {target})"
    pairs = [f"{a} to {b}" for a, b in profile.languages.pairs]
    pairs += [
        f"{a} to {wanted} (converted)"
        for wanted, asked, _ in profile.languages.convert
        for a, b in profile.languages.pairs
        if b == asked
    ]
    return ", ".join(pairs)


def check_rows(checks: Iterable[Check], profiles: Sequence[Profile]) -> Iterator[tuple[str, ...]]:
    """One row for each check."""
    for check in checks:
        others = ", ".join(f"{name}: {level}" for name, level in profile_severities(check, profiles).items())
        yield check.code, check.severity.value, check.about, others


def profile_severities(check: Check, profiles: Iterable[Profile]) -> dict[str, str]:
    """How bad the findings of a check are in the profiles that say something of it; by the profiles' ids."""
    decided = ((profile.id, profile.severity_by_check) for profile in profiles)
    return {name: level.value if (level := said[check.code]) else "off" for name, said in decided if check.code in said}
