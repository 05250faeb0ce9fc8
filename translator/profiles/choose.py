"""Which profile a model needs, by its name, and which of a server's models a short name means."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath, PureWindowsPath

import regex

from translator.profiles.profile import Profile
from translator.profiles.registry import all_profiles

FALLBACK = "chat"
"""The profile of a model whose name says nothing."""

_SIZE = regex.compile(r"(?<![\d.a-z])(\d+(?:\.\d+)?)(b|m)(?![a-z0-9])", regex.IGNORECASE)
_VERSION = regex.compile(r"v(\d+(?:\.\d+)*)", regex.IGNORECASE)
_BITS = regex.compile(r"(?:bf|fp|f)(16|32)|i?q(\d)(?:[_k]|x|$|\b)|int(\d)", regex.IGNORECASE)
_USUAL_BITS = 4


def for_model(name: str, profiles: Mapping[str, Profile] | None = None) -> Profile:
    """The profile whose pattern matches a model's name with the highest priority; the general chat profile if none.

    The name may be an Ollama name, a name of a model hub, or the path of a GGUF file (whose folders do not count).
    """
    known = all_profiles() if profiles is None else profiles
    plain = _plain(name)
    ranked = [(priority, p.rank, p.id) for p in known.values() if (priority := p.priority(plain)) is not None]
    return known[max(ranked)[2]] if ranked else known[FALLBACK]


def best_installed(alias: str, names: Iterable[str], profiles: Mapping[str, Profile] | None = None) -> list[str]:
    """The installed models that a short name means, the best first: empty when it means none.

    A name that is installed just so (`qwen3` or `qwen3:latest`) means itself. An alias of profiles (`sakura`) means
    the models of those profiles, the profile with the higher rank first, then the larger model, then the newer, then
    the finer quantised.
    """
    known = all_profiles() if profiles is None else profiles
    installed = list(dict.fromkeys(names))
    wanted = alias.strip().lower()
    exact = [name for name in installed if name.lower() in {wanted, f"{wanted}:latest"}]
    family = [profile for profile in known.values() if wanted in profile.aliases]
    if not family:
        return exact
    ids = {profile.id for profile in family}
    ranked = [(name, profile) for name in installed if (profile := for_model(name, known)).id in ids]
    ranked.sort(key=lambda found: (found[1].rank, *_worth(found[0])), reverse=True)
    rest = [name for name, _ in ranked if name not in exact]
    return [*exact, *rest]


def _plain(name: str) -> str:
    """The name itself, without the folders of a file's path."""
    name = name.strip()
    if not name.lower().endswith(".gguf"):
        return name
    return PureWindowsPath(PurePosixPath(name).name).name


def _worth(name: str) -> tuple[float, tuple[int, ...], int]:
    """What a name tells of a model: billions of parameters, version, bits of a weight."""
    plain = _plain(name)
    size = max((float(n) / (1 if unit in "bB" else 1000) for n, unit in _SIZE.findall(plain)), default=0.0)
    versions = [tuple(int(part) for part in v.split(".")) for v in _VERSION.findall(plain)]
    bits = [int(next(filter(None, groups))) for groups in _BITS.findall(plain)]
    return size, max(versions, default=()), max(bits, default=_USUAL_BITS)
