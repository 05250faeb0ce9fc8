from pathlib import Path

import pytest

from translator.glossary import layers


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder of the tests' own, without glossaries."""
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.setattr(layers, "user_folder", lambda: folder)
    return folder
