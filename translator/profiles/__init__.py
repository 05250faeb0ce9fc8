"""Model families, their prompts and limits: one TOML file each."""

from translator.profiles.choose import best_installed, for_model
from translator.profiles.load import ProfileError, load_profile, read_profile
from translator.profiles.profile import Profile
from translator.profiles.registry import all_profiles, user_folder

__all__ = [
    "Profile",
    "ProfileError",
    "all_profiles",
    "best_installed",
    "for_model",
    "load_profile",
    "read_profile",
    "user_folder",
]
