"""Every profile that there is: those that ship, those of other packages, the user's own."""

from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

from translator.profiles.load import ProfileError, load_profile, read_profile
from translator.profiles.profile import Profile

ENTRY_POINTS = "translator.profiles"
"""The entry point group by which another package adds profiles: each names a Profile, or the path of a TOML file or
of a folder of them."""


def user_folder() -> Path:
    """The folder for the user's own profiles; it need not exist."""
    from platformdirs import user_config_path  # noqa: PLC0415  (slow to import, and not needed to see what ships)

    return user_config_path("honyaku", appauthor=False) / "profiles"


@cache
def shipped_profiles() -> dict[str, Profile]:
    """The profiles that come with the program, by id."""
    home = files("translator.profiles")
    found = sorted((f for f in home.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {p.id: p for p in (read_profile(f.read_bytes(), f.name) for f in found)}


@cache
def all_profiles(folder: Path | None = None) -> dict[str, Profile]:
    """Every known profile by id: of those with one id the user's wins over another package's, that over the shipped.

    folder: where the user's are; None: `user_folder()`. Raises ProfileError for a file that is no profile.
    """
    found = dict(shipped_profiles())
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda p: p.name):
        for profile in _of_entry_point(point.name, point.load()):
            found[profile.id] = profile
    for profile in _of_folder(folder or user_folder()):
        found[profile.id] = profile
    return found


def _of_folder(folder: Path) -> list[Profile]:
    return [load_profile(path) for path in sorted(folder.glob("*.toml"))] if folder.is_dir() else []


def _of_entry_point(name: str, value: object) -> list[Profile]:
    if isinstance(value, Profile):
        return [value]
    if isinstance(value, str | Path):
        path = Path(value)
        return _of_folder(path) if path.is_dir() else [load_profile(path)]
    raise ProfileError(f"entry point {name} of {ENTRY_POINTS}: neither a profile nor a path of one")
