import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast a machine is, or what else it does, is no test's matter: Hypothesis fails an example that takes 0.2 s.
settings.register_profile("untimed", settings(), deadline=None, suppress_health_check=(HealthCheck.too_slow,))
settings.load_profile("untimed")

_DEFAULT = Path(__file__).parents[1].parent / "shared" / "corpora"


@pytest.fixture
def corpus() -> Callable[[str], Path]:
    """The folder of a corpus of real files by its name; the test is skipped where it is absent."""

    def find(name: str) -> Path:
        folder = Path(os.environ.get("TRANSLATOR_CORPORA", _DEFAULT)) / name
        if not folder.exists():
            pytest.skip(f"no corpus {folder}; set TRANSLATOR_CORPORA to the folder that holds them")
        return folder

    return find
