"""Ren'Py games of which there are only compiled scripts and archives: they are read, and nothing in them is run."""

import contextlib
import importlib
import pickle
import random
import shutil
import struct
import zlib
from pathlib import Path

import pytest

from translator.core.document import FormatError
from translator.core.game import GameError, GameSettings
from translator.formats.renpy_tl import FORMAT
from translator.games.renpy import GAME, compiled, objects
from translator.games.renpy.archives import files_in
from translator.games.renpy.folder import find
from translator.games.renpy.pickles import Named, PickleError, read_pickle
from translator.games.renpy.script import Block
from translator.games.renpy.sources import read_game

DATA = Path(__file__).parent / "renpy_compiled"
SETTINGS = GameSettings("ja", "zh-CN")
KEY = 0x42424242
OLD_CHECKSUM = "define config.tlid_only_considers_say = False\n"


def game(root: Path, *names: str) -> Path:
    for name in names:
        path = root / "game" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DATA / name, path)
    return root


def archive(path: Path, version: int = 3, /, **files: bytes) -> None:
    key = KEY if version == 3 else 0
    size = {1: 0, 2: 25, 3: 34}[version]
    data = bytearray(size)
    index: dict[str, list[tuple[int, int, bytes]]] = {}
    for name, blob in files.items():
        data += b"Made with Ren'Py."
        inside = name.replace("__", "/").replace("_dot_", ".")
        index[inside] = [(len(data) ^ key, (len(blob)) ^ key, blob[:2])]
        data += blob[2:]
    packed = zlib.compress(pickle.dumps(index, 2))
    path.parent.mkdir(parents=True, exist_ok=True)
    if version == 1:
        path.with_suffix(".rpi").write_bytes(packed)
    elif version == 2:
        data[:size] = b"RPA-2.0 %016x\n" % len(data)
    else:
        data[:size] = b"RPA-3.0 %016x %08x\n" % (len(data), key)
    path.write_bytes(bytes(data) + (b"" if version == 1 else packed))


def compiled_file(*slots: bytes) -> bytes:
    head = 10 + 12 * (len(slots) + 1)
    table, body = b"RENPY RPC2", b""
    for number, data in enumerate(slots, 1):
        packed = zlib.compress(data)
        table += struct.pack("<III", number, head + len(body), len(packed))
        body += packed
    return table + struct.pack("<III", 0, 0, 0) + body + bytes(16)


def made(root: Path) -> dict[str, str]:
    return {
        file.path.as_posix(): (file.made() if file.made else (root / file.path).read_bytes()).decode("utf-8-sig")
        for file in GAME.files(root, SETTINGS)
    }


def blocks_of(root: Path) -> set[Block]:
    return {
        block for source in read_game(root, find(root, compiled=True), "schinese").sources for block in source.blocks
    }


def test_a_compiled_script_has_the_dialogue_of_its_source_with_the_same_identifiers(tmp_path: Path) -> None:
    source, stored = game(tmp_path / "a", "odd.rpy"), game(tmp_path / "b", "odd.rpyc")
    (source / "game/options.rpy").write_text(OLD_CHECKSUM, "utf-8")
    found = blocks_of(stored)
    assert len(found) == 10
    assert found == blocks_of(source)


def test_a_compiled_script_of_one_part_is_read_as_one_of_two(tmp_path: Path) -> None:
    data = compiled.slots((DATA / "odd.rpyc").read_bytes())
    both = compiled.recovered((DATA / "odd.rpyc").read_bytes())
    for blob in (zlib.compress(data[2]), compiled_file(data[2])):
        assert compiled.recovered(blob) == both
    alone = compiled.recovered(zlib.compress(data[1]))
    assert (alone.text, alone.blocks) == (both.text, None)
    (tmp_path / "game").mkdir()
    (tmp_path / "game/odd.rpyc").write_bytes(zlib.compress(data[1]))
    assert "translate schinese odd_4f2ffb3f:" in made(tmp_path)["game/tl/schinese/odd.rpy"]


def test_a_compiled_script_gives_the_strings_of_its_source(tmp_path: Path) -> None:
    games = [
        read_game(root, find(root, compiled=True), "schinese")
        for root in (game(tmp_path / "a", "odd.rpy"), game(tmp_path / "b", "odd.rpyc"))
    ]
    source, stored = ({one.text for listed in found.listed.values() for one in listed} for found in games)
    assert stored == source
    assert {"カイ", "右", "左", "戻る", "コードの文"} <= stored
    assert games[1].speakers == {"k": "カイ"}


def test_a_game_of_compiled_scripts_is_translated_beside_them(tmp_path: Path) -> None:
    root = game(tmp_path, "odd.rpyc")
    before = (root / "game/odd.rpyc").read_bytes()
    found = made(root)
    assert list(found) == ["game/tl/schinese/odd.rpy"]
    assert "# game/odd.rpy:6\ntranslate schinese odd_4f2ffb3f:\n" in found["game/tl/schinese/odd.rpy"]
    (file,) = GAME.files(root, SETTINGS)
    document = FORMAT.open(found["game/tl/schinese/odd.rpy"].encode(), options=file.options)
    assert next(s.speaker for s in document.segments if s.source == "左だ。") == "カイ"
    assert [path for path in root.rglob("*") if path.is_file()] == [root / "game/odd.rpyc"]
    assert (root / "game/odd.rpyc").read_bytes() == before


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_game_in_an_archive_is_translated_as_one_of_compiled_scripts(tmp_path: Path, version: int) -> None:
    loose = made(game(tmp_path / "loose", "odd.rpyc"))
    archive(tmp_path / "packed/game/scripts.rpa", version, odd_dot_rpyc=(DATA / "odd.rpyc").read_bytes())
    assert made(tmp_path / "packed") == loose


def test_compiled_scripts_beside_sources_are_read_too(tmp_path: Path) -> None:
    root = game(tmp_path, "odd.rpyc")
    (root / "game/script.rpy").write_text('label start:\n    "始まり。"\n', "utf-8")
    archive(root / "game/more.rpa", script_dot_rpyc=b"no script, and not read", chapter__odd_dot_rpyc=b"broken")
    assert next(iter(GAME.files(root, SETTINGS))).path.as_posix() == "game/tl/schinese/script.rpy"
    assert {file.path.as_posix() for file in GAME.files(root, SETTINGS)} == {
        f"game/tl/schinese/{name}" for name in ("script.rpy", "odd.rpy", "chapter/odd.rpy")
    }


def test_the_last_archive_by_name_and_loose_files_come_first(tmp_path: Path) -> None:
    archive(tmp_path / "game/a.rpa", odd_dot_rpyc=b"broken")
    archive(tmp_path / "game/b.rpa", odd_dot_rpyc=(DATA / "odd.rpyc").read_bytes())
    assert "左だ。" in made(tmp_path)["game/tl/schinese/odd.rpy"]
    archive(tmp_path / "game/c.rpa", odd_dot_rpyc=b"broken")
    with pytest.raises(FormatError, match=r"^game/c\.rpa: odd\.rpyc"):
        made(tmp_path)
    game(tmp_path, "odd.rpyc")
    assert "左だ。" in made(tmp_path)["game/tl/schinese/odd.rpy"]


@pytest.mark.parametrize("packed", [True, False])
def test_a_compiled_translation_counts_as_existing_and_what_it_lacks_goes_beside_it(
    tmp_path: Path, *, packed: bool
) -> None:
    root = game(tmp_path, "odd.rpyc")
    if packed:
        there = (DATA / "tl/schinese/odd.rpyc").read_bytes()
        archive(root / "game/tl.rpa", tl__schinese__odd_dot_rpyc=there)
    else:
        game(tmp_path, "tl/schinese/odd.rpyc")
    found = made(root)
    assert list(found) == ["game/tl/schinese/odd_added.rpy"]
    assert "translate schinese my_id" not in found["game/tl/schinese/odd_added.rpy"]
    assert '"戻る"' not in found["game/tl/schinese/odd_added.rpy"]
    assert '"札"' in found["game/tl/schinese/odd_added.rpy"]
    assert any("_added" in notice for notice in GAME.notices(root, SETTINGS))
    target = root / "game/tl/schinese/odd_added.rpy"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(found["game/tl/schinese/odd_added.rpy"], "utf-8")
    assert made(root) == found


def test_the_folder_of_a_language_is_found_in_an_archive(tmp_path: Path) -> None:
    there = (DATA / "tl/schinese/odd.rpyc").read_bytes()
    archive(game(tmp_path, "odd.rpyc") / "game/tl.rpa", tl__chinese__odd_dot_rpyc=there)
    assert list(made(tmp_path)) == ["game/tl/chinese/odd_added.rpy"]


def test_a_compiled_translation_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    root = game(tmp_path, "odd.rpyc")
    archive(root / "game/tl.rpa", tl__schinese__odd_dot_rpyc=b"broken")
    files = {file.path.name: file for file in GAME.files(root, SETTINGS)}
    make = files["odd.rpy"].made
    assert make is not None
    with pytest.raises(FormatError, match=r"^game/tl\.rpa: tl/schinese/odd\.rpyc"):
        make()


def test_without_rpycdec_the_game_is_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "available", lambda: False)
    root = game(tmp_path, "odd.rpyc")
    with pytest.raises(GameError, match=r"1 compiled scripts.*honyaku\[renpy\]"):
        list(GAME.files(root, SETTINGS))
    (root / "game/script.rpy").write_text('label start:\n    "始まり。"\n', "utf-8")
    assert list(made(root)) == ["game/tl/schinese/script.rpy"]
    assert any("honyaku[renpy]" in notice for notice in GAME.notices(root, SETTINGS))


def test_the_renpy_of_a_game_is_never_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "renpy").mkdir()
    (tmp_path / "renpy/__init__.py").write_text("raise SystemExit('run')", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)  # pyright: ignore[reportUnknownMemberType]  pytest leaves its type open
    for name in [name for name in __import__("sys").modules if name.split(".")[0] == "renpy"]:
        monkeypatch.delitem(__import__("sys").modules, name)
    objects.classes_folder.cache_clear()
    try:
        assert not objects.available()
    finally:
        objects.classes_folder.cache_clear()


def test_a_broken_archive_is_named(tmp_path: Path) -> None:
    path = tmp_path / "game/scripts.rpa"
    path.parent.mkdir(parents=True)
    for blob in (b"", b"RPA-4.0 0000", b"RPA-3.0 00000000ffffffff 00000000\n", b"RPA-3.0 0000000000000000 00000000\n"):
        path.write_bytes(blob)
        with pytest.raises(GameError, match=r"game/scripts\.rpa"):
            list(GAME.files(tmp_path, SETTINGS))
    game(tmp_path, "odd.rpy")
    assert any("scripts.rpa cannot be read" in notice for notice in GAME.notices(tmp_path, SETTINGS))


def test_an_archive_of_pictures_alone_has_no_scripts(tmp_path: Path) -> None:
    archive(tmp_path / "game/images.rpa", a_dot_png=b"png")
    with pytest.raises(GameError, match="hold scripts"):
        list(GAME.files(tmp_path, SETTINGS))


def test_names_in_archives_do_not_lead_out_of_the_game(tmp_path: Path) -> None:
    blob = (DATA / "odd.rpyc").read_bytes()
    names = {"odd_dot_rpyc": blob, "..__up_dot_rpyc": blob, "__etc__x_dot_rpyc": blob}
    archive(tmp_path / "game/a.rpa", 3, **names)
    assert list(made(tmp_path)) == ["game/tl/schinese/odd.rpy"]


def test_a_file_past_the_end_of_its_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "game/a.rpa"
    archive(path, odd_dot_rpyc=b"12345")
    ((_, stored),) = files_in(path, "game/a.rpa")
    path.write_bytes(path.read_bytes()[:52])
    with pytest.raises(FormatError, match="ends before"):
        stored.read()


CALLS = [
    pytest.param(b"cos\nsystem\n(S'touch %s'\ntR.", id="global"),
    pytest.param(b"cposix\nsystem\n(S'touch %s'\ntR.", id="posix"),
    pytest.param(b"(S'touch %s'\nios\nsystem\n.", id="inst"),
    pytest.param(b"(cos\nsystem\nS'touch %s'\no.", id="obj"),
    pytest.param(b"crenpy.lexer\nos.system\n(S'touch %s'\ntR.", id="dotted"),
    pytest.param(b"\x80\x04\x8c\x0brenpy.lexer\x8c\x09os.system\x93(S'touch %s'\ntR.", id="stacked"),
    pytest.param(
        b"\x80\x04\x8c\x0bcollections\x8c\x10_sys.modules.get\x93(S'os'\ntR(S'touch %s'\ntR.", id="collections"
    ),
    pytest.param(b'c__builtin__\neval\n(S\'open("%s", "w")\'\ntR.', id="eval"),
    pytest.param(b"cbuiltins\ngetattr\n(cos\nO\nS'%s'\ntR.", id="getattr"),
]


@pytest.mark.parametrize("code", CALLS)
def test_nothing_that_a_pickle_names_is_called(tmp_path: Path, code: bytes) -> None:
    mark = tmp_path / "run"
    data = code.replace(b"%s", str(mark).encode())
    for blob in (compiled_file(data), compiled_file(data, data), zlib.compress(data)):
        with pytest.raises(FormatError):
            compiled.recovered(blob)
        with pytest.raises(FormatError):
            compiled.present(blob, "t")
    assert not mark.exists()
    path = tmp_path / "game/a.rpa"
    path.parent.mkdir()
    head = b"RPA-2.0 %016x\n" % 25
    path.write_bytes(head.ljust(25, b"\0") + zlib.compress(data))
    with pytest.raises(FormatError):
        list(files_in(path, "a.rpa"))
    assert not mark.exists()


def test_a_class_cannot_be_changed_by_a_script() -> None:
    say: type = importlib.import_module("renpy.ast").Say
    before = dict(vars(say))
    for state in (b"}S'get_code'\nI1\ns", b"(N}S'get_code'\nI1\nst", b"(}S'__class__'\nI1\nsNt"):
        with pytest.raises(PickleError):
            read_pickle(b"crenpy.ast\nSay\n" + state + b"b.", objects.Objects())
    assert dict(vars(say)) == before


def test_a_name_as_a_value_is_only_a_name() -> None:
    found = read_pickle(b"(cos\nsystem\ncrenpy.ui\n_label\nt.", objects.Objects())
    assert found == (objects.Reference("os", "system"), objects.Reference("renpy.ui", "_label"))


@pytest.mark.parametrize(
    "data",
    [
        b"X\xff\xff\xff\xffabc.",
        b"\x8d" + b"\xff" * 8 + b".",
        b"\x8e" + b"\x7f" * 8 + b".",
        b"\x8b\xff\xff\xff\x7f1.",
        b"(" * 1000,
        b"]" * 10,
        b"a.",
        b"e.",
        b"N",
        b"h\x05.",
        b"\xff.",
        b"K\x01R.",
        b"No.",
        b"(o.",
        b"Nb.",
        b"}]Ns.",
    ],
)
def test_damaged_pickles_are_told(data: bytes) -> None:
    with pytest.raises(PickleError):
        read_pickle(data, objects.Objects())


def test_a_huge_place_in_the_memo_takes_no_memory() -> None:
    assert read_pickle(b"Nr\xff\xff\xff\xff.", objects.Objects()) is None


def test_deep_nesting_is_read_without_recursion() -> None:
    assert read_pickle(b"(" * 200_000 + b"t" * 200_000 + b".", objects.Objects())
    with pytest.raises(PickleError):
        read_pickle(b"}" + b"(" * 200_000 + b"t" * 200_000 + b"Ns.", objects.Objects())
    found = compiled.recovered(compiled_file(b"(}(l" + b"(l" * 100_000 + b"a" * 100_000 + b"t."))
    assert found.lost == (0,)


def test_python_s_pickles_of_all_protocols_are_read() -> None:
    value = [None, True, False, 0, -1, 255, 70000, 1 << 40, -(1 << 70), 1.5, "é\n'", b"\xff", (), (1,), (1, 2, 3, 4)]
    value += [{"a": [1]}, {1, 2}, "x" * 300, b"y" * 300]
    value.append(value[15])
    for protocol in range(6):
        assert read_pickle(pickle.dumps(value, protocol), objects.Objects()) == value


def test_strings_of_python_2_are_text_or_bytes() -> None:
    data = b"(U\x02\xc3\xa9S'a\\'b'\nVx\\u3042\nL5L\nI01\nF1.5\nt."
    assert read_pickle(data, objects.Objects()) == ("é", "a'b", "xあ", 5, True, 1.5)
    assert read_pickle(b"U\x02\xc3\xa9.", objects.Objects(), text=False) == b"\xc3\xa9"


def test_statements_in_each_other_many_times_over_end() -> None:
    data = b"(}(lS'%s'\nap0\n0" % (b"x" * 1000)
    for index in range(40):
        data += b"(lg%d\nag%d\nap%d\n0" % (index, index, index + 1)
    with pytest.raises(FormatError, match="more text"):
        compiled.recovered(compiled_file(data + b"g40\nt."))


def test_a_script_that_holds_itself_ends() -> None:
    data = b"(}(lp0\n(crenpy.ast\nLabel\no}S'block'\ng0\nsS'_name'\nS'a'\nsba"
    found = compiled.recovered(compiled_file(data + b"t."))
    assert found.lost == (0,)


def test_a_small_file_that_unpacks_without_end_is_told() -> None:
    blob = zlib.compress(bytes(65 * 1024 * 1024), 9)
    with pytest.raises(FormatError, match="larger"):
        compiled.recovered(blob)


def test_damaged_compiled_scripts_raise_nothing_else() -> None:
    whole = (DATA / "odd.rpyc").read_bytes()
    slots = compiled.slots(whole)
    chance = random.Random(4)  # noqa: S311  damages files
    for _ in range(60):
        data = bytearray(slots[1])
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        blob = compiled_file(bytes(data[: chance.randrange(len(data) // 2, len(data) + 1)]), slots[2])
        cut = whole[: chance.randrange(len(whole))]
        for one in (blob, cut):
            with contextlib.suppress(FormatError):
                compiled.recovered(one)
            with contextlib.suppress(FormatError):
                compiled.present(one, "schinese")


def test_arguments_with_stars_are_written() -> None:
    made_of = objects.Objects()
    found = made_of.make(Named("renpy.ast", "ArgumentInfo"), ())
    state = {
        "arguments": [(None, "args"), ("x", "1"), (None, "more")],
        "starred_indexes": {0},
        "doublestarred_indexes": {2},
    }
    made_of.fill(found, state)
    assert compiled.arguments_of(found) == "(*args, x=1, **more)"
    old = made_of.make(Named("renpy.ast", "ArgumentInfo"), ())
    made_of.fill(old, {"arguments": [(None, "1")], "extrapos": "args", "extrakw": "more"})
    assert compiled.arguments_of(old) == "(1, *args, **more)"


def test_a_statement_that_cannot_be_written_is_told_and_its_dialogue_kept(tmp_path: Path) -> None:
    data = compiled.slots((DATA / "odd.rpyc").read_bytes())
    first = data[1].replace(b"warp_function", b"warp_functiom")  # an attribute that rpycdec looks for is gone
    root = tmp_path / "g"
    (root / "game").mkdir(parents=True)
    (root / "game/odd.rpyc").write_bytes(compiled_file(first, data[2]))
    found = made(root)["game/tl/schinese/odd.rpy"]
    assert "branch_8dd9b50e" in found
    assert any("could not be written as text" in notice for notice in GAME.notices(root, SETTINGS))


def test_a_game_is_read_once_and_again_when_a_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import translator.games.renpy as module  # noqa: PLC0415

    reads: list[Path] = []
    real = module.read_game

    def counted(root: Path, *rest: object) -> object:
        reads.append(root)
        return real(root, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "read_game", counted)
    root = game(tmp_path, "odd.rpyc")
    for _ in range(2):
        list(GAME.files(root, SETTINGS))
        list(GAME.notices(root, SETTINGS))
        list(GAME.extras(root, SETTINGS))
    assert len(reads) == 1
    (root / "game/new.rpy").write_text('label new:\n    "新しい。"\n', "utf-8")
    assert "game/tl/schinese/new.rpy" in made(root)
    assert len(reads) == 2


def test_a_script_in_no_game_is_told_where_to_go(tmp_path: Path) -> None:
    for name in ("lone.rpy", "lone.rpyc", "lone.rpa"):
        path = tmp_path / name
        path.write_text('label start:\n    "始まり。"\n', "utf-8")
        assert GAME.locate(path) == path
        assert GAME.detect(path)
        with pytest.raises(GameError, match="the game's folder"):
            list(GAME.files(path, SETTINGS))
    translation = tmp_path / "tl.rpy"
    translation.write_text('translate schinese a_12345678:\n\n    # "a"\n    "b"\n', "utf-8")
    assert GAME.locate(translation) is None
