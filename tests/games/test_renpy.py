"""Ren'Py games: identifiers as the engine computes them, what is made of an existing translation, what goes along."""

import hashlib
from pathlib import Path, PurePosixPath

import pytest

from translator.core.document import Confidence, FormatError, HoldsBack
from translator.core.game import GameError, GameSettings
from translator.core.segment import Role
from translator.formats.renpy_tl import FORMAT
from translator.formats.renpy_tl.lexer import read_script
from translator.games.renpy import GAME, objects
from translator.games.renpy.languages import folder_of
from translator.games.renpy.script import Custom, Identifiers, Rules, Walker, given_identifiers, munge_prefix
from translator.games.renpy.style import fonts_named
from translator.testing.deadline import deadline

SAMPLE = Path(__file__).parents[2] / "samples" / "renpy"
SETTINGS = GameSettings("ja", "zh-CN")


def digest(*codes: str) -> str:
    return hashlib.md5("".join(f"{code}\r\n" for code in codes).encode(), usedforsecurity=False).hexdigest()[:8]


def walked(text: str, rules: Rules | None = None, taken: set[str] | None = None) -> Walker:
    script = read_script(text)
    identifiers = Identifiers(taken if taken is not None else set(), given_identifiers(script))
    walker = Walker(script, munge_prefix("script.rpy"), rules or Rules(), identifiers)
    walker.walk()
    return walker


def names(text: str, rules: Rules | None = None, taken: set[str] | None = None) -> list[str]:
    return [block.identifier for block in walked(text, rules, taken).blocks]


def game(root: Path, **files: str) -> Path:
    for name, text in {"script.rpy": 'label start:\n    "Hello."\n', **files}.items():
        path = root / "game" / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return root


def made(root: Path, settings: GameSettings = SETTINGS) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in GAME.files(root, settings):
        blob = file.made() if file.made else (root / file.path).read_bytes()
        found[file.path.as_posix()] = blob.decode("utf-8-sig")
    return found


H = digest('e "Hi."')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('e "Hi."\n', [H]),
        ('label start:\n    e "Hi."\n    e "Hi."\n', [f"start_{H}", f"start_{H}_1"]),
        ('label a.b:\n    e "Hi."\n', [f"a_b_{H}"]),
        ('label a:\n    label .b:\n        e "Hi."\n', [f"a_b_{H}"]),
        ('label a(x=1, y=")"):\n    e "Hi."\n', [f"a_{H}"]),
        ('label a:\n    pass\nlabel b hide:\n    e "Hi."\n', [f"a_{H}"]),
        ('label a:\n    pass\nlabel _b:\n    e "Hi."\n', [f"a_{H}"]),
        ('label a:\n    menu b:\n        e "Hi."\n        "Go.":\n            pass\n',
         ["b_" + digest('e "Hi." nointeract')]),
        ('label a:\n    if x:\n        e "Hi."\n    elif y:\n        e "Hi."\n    else:\n        e "Hi."\n',
         [f"a_{H}", f"a_{H}_1", f"a_{H}_2"]),
        ('init 5:\n    label a:\n        e "Hi."\n', [f"a_{H}"]),
        ('init label a:\n    e "Hi."\n', [f"a_{H}"]),
        ('label a:\n    e "Hi." id mine\n    e "Hi."\n', ["mine", f"a_{H}"]),
        ('label a:\n    e """\n    Hi.\n\n    Hi.\n    """\n', [f"a_{H}", f"a_{H}_1"]),
        ('rpy monologue single\nlabel a:\n    e """Hi.\n    Hi."""\n', [f"a_{H}", f"a_{H}_1"]),
        ('rpy monologue none\nlabel a:\n    e """Hi.\n    Hi."""\n', ["a_" + digest('e "Hi.\\nHi."')]),
        ('label a:\n    e "[__x] [[__y] [__z__]"\n',
         ["a_" + digest('e "[_m1_script__x] [[__y] [__z__]"')]),
        ('screen a():\n    text "Hi."\ninit python:\n    e = "Hi."\nimage a:\n    "a.png"\n', []),
        ('label a:\n    show x:\n        "a.png"\n    play music "a.ogg"\n    e "Hi."\n', [f"a_{H}"]),
        ('translate french a:\n    e "Hi."\n', []),
        ('label a:\r\n    e "Hi."\r\n'.replace("\r\n", "\n"), [f"a_{H}"]),
        ('testcase a:\n    click "x"\n', []),
    ],
)  # fmt: skip
def test_blocks_are_named_as_the_engine_names_them(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_other_statements_count_by_the_engine_s_setting() -> None:
    text = 'label a:\n    voice "a.ogg"\n    e "Hi."\n    nvl clear\n    $ x = 1\n'
    voiced = digest('voice "a.ogg"', 'e "Hi."')
    assert names(text) == [f"a_{H}", f"a_{digest()}"]
    assert names(text, Rules(only_say=False)) == [f"a_{voiced}", f"a_{digest('nvl clear')}"]
    assert walked(text).blocks[0].codes == ('voice "a.ogg"', 'e "Hi."')


def test_a_call_s_label_gives_an_alternate_identifier() -> None:
    block = walked('label a:\n    call b from _call_b\n    e "Hi."\n').blocks[0]
    assert (block.identifier, block.alternate) == (f"a_{H}", f"_call_b_{H}")


def test_a_given_identifier_keeps_the_computed_one_as_alternate() -> None:
    block = walked('label a:\n    e "Hi." id mine\n').blocks[0]
    assert (block.identifier, block.alternate) == ("mine", "a_" + digest('e "Hi." id mine'))


def test_identifiers_are_unique_in_the_whole_game() -> None:
    taken: set[str] = set()
    assert names('label a:\n    e "Hi."\n', taken=taken) == [f"a_{H}"]
    assert names('label a:\n    e "Hi."\n', taken=taken) == [f"a_{H}_1"]


def test_a_game_s_own_statements_are_no_dialogue() -> None:
    rules = Rules(
        {"example": Custom(script=True, translatable=False), "chapter": Custom(script=False, translatable=False)}
    )
    assert names('label a:\n    chapter "One"\n    example large:\n        e "Hi."\n', rules) == [f"a_{H}"]


def test_choices_have_their_label_and_the_line_above_their_block() -> None:
    text = 'label a:\n    menu:\n        "Where?"\n        "Home." if x:\n\n            jump b\n'
    text += '        "{b}Away" (1):\n            pass\n'
    assert [(c.text, c.line, c.label) for c in walked(text).choices] == [
        ("Where?", 3, "a"),
        ("Home.", 5, "a"),
        ("{b}Away", 7, "a"),
    ]


def test_the_game_s_own_files_are_not_among_those_written() -> None:
    assert [file.path.as_posix() for file in GAME.files(SAMPLE, SETTINGS)] == [
        "game/tl/schinese/script.rpy",
        "game/tl/schinese/chapters/chapter_two.rpy",
        "game/tl/schinese/screens.rpy",
        "game/tl/schinese/options.rpy",
    ]


def test_a_new_file_is_as_the_engine_s_generator_writes_it(tmp_path: Path) -> None:
    script = 'define e = Character("Eve")\nlabel start:\n    e "Hi."\n    menu:\n        "Go.":\n            pass\n'
    root = game(tmp_path, **{"script.rpy": script})
    (file,) = GAME.files(root, SETTINGS)
    assert file.made is not None
    assert file.made() == (
        b"\xef\xbb\xbf\n# game/script.rpy:3\ntranslate schinese start_" + H.encode() + b":\n\n"
        b'    # e "Hi."\n    e "Hi."\n\ntranslate schinese strings:\n\n'
        b'    # game/script.rpy:1\n    old "Eve"\n    new "Eve"\n\n'
        b'    # game/script.rpy:5\n    old "Go."\n    new "Go."\n\n'
    )


def test_an_existing_file_is_kept_and_completed(tmp_path: Path) -> None:
    there = "# by hand\r\ntranslate schinese start_" + digest('"Hello."') + ':\r\n    # "Hello."\r\n    "你好。"'
    root = game(
        tmp_path, **{"script.rpy": 'label start:\n    "Hello."\n    "Bye."\n', "tl__schinese__script.rpy": there}
    )
    text = (root / "game/tl/schinese/script.rpy").read_bytes()
    (file,) = GAME.files(root, SETTINGS)
    assert file.made is not None
    blob = file.made()
    assert blob.startswith(text + b"\r\n\r\n# game/script.rpy:3\r\n")
    assert [(s.source, s.target) for s in FORMAT.open(blob, options=file.options).segments] == [
        ("Hello.", "你好。"),
        ("Bye.", None),
    ]


def test_a_complete_file_is_not_touched_and_stays_so(tmp_path: Path) -> None:
    root = game(tmp_path)
    path = root / "game/tl/schinese/script.rpy"
    path.parent.mkdir(parents=True)
    path.write_text(made(root)["game/tl/schinese/script.rpy"], "utf-8")
    (file,) = GAME.files(root, SETTINGS)
    assert file.made is not None
    assert file.made() == path.read_bytes()


def test_what_another_file_of_the_translation_has_is_not_given_twice(tmp_path: Path) -> None:
    other = f'translate schinese start_{digest(chr(34) + "Hello." + chr(34))}:\n    # "Hello."\n    "你好。"\n'
    root = game(
        tmp_path, **{"tl__schinese__all.rpy": other + 'translate schinese strings:\n    old "Go"\n    new "去"\n'}
    )
    (root / "game/screens.rpy").write_text('screen a():\n    text "Go"\n    text "Stay"\n', "utf-8")
    found = made(root)
    assert list(found) == ["game/tl/schinese/screens.rpy", "game/tl/schinese/all.rpy"]
    assert '"Go"' not in found["game/tl/schinese/screens.rpy"]


def test_a_string_is_listed_once_where_the_engine_lists_it(tmp_path: Path) -> None:
    root = game(
        tmp_path,
        **{
            "a.rpy": '$ x = _("Same")\n',
            "screens.rpy": 'screen s():\n    text _("Same")\n',
            "b.rpy": '$ x = __("Same")\n',
        },
    )
    found = made(root)
    assert [path for path, text in found.items() if '"Same"' in text] == ["game/tl/schinese/screens.rpy"]


def test_stale_blocks_are_reported_and_kept() -> None:
    notices = list(GAME.notices(SAMPLE, SETTINGS))
    assert any(
        "1 of the existing translation" in notice and "script.rpy: start_0badc0de" in notice for notice in notices
    )
    assert "start_0badc0de" in made(SAMPLE)["game/tl/schinese/script.rpy"]


def test_shown_strings_are_given_and_others_held_back(tmp_path: Path) -> None:
    script = (
        'define e = Character("Eve")\ndefine d = DynamicCharacter("who_name")\ndefine n = Character("[name]")\n'
        'label start:\n    scene bg\n    play music "a b.ogg"\n    $ x = renpy.input("Your name?")\n'
        'screen s():\n    text "Shown"\n    textbutton "日本語" action Language("japanese")\n'
        '    textbutton "H" action NullAction()\n    add "pic.png"\n    tooltip "Tip"\n'
        '    textbutton ("Menu") action MainMenu() hovered tt.Action("Old tip")\n    add "<from 2>a.png"\n'
        '    key "K_a" action Show("other_screen")\n'
    )
    root = game(tmp_path, **{"script.rpy": script})
    (file,) = GAME.files(root, SETTINGS)
    assert file.made is not None
    document = FORMAT.open(file.made(), options=file.options)
    assert isinstance(document, HoldsBack)
    assert [s.source for s in document.segments] == ["Eve", "Your name?", "Shown", "Tip", "Menu", "Old tip"]
    held = {row.text: row.reason for row in document.held_back()}
    assert held["a b.ogg"] != ""
    assert held["pic.png"] == held["<from 2>a.png"] == "file name"
    assert held["other_screen"] == held["who_name"] == "name in the code"


def test_text_that_is_shown_as_an_image_is_given(tmp_path: Path) -> None:
    script = (
        "label start:\n    show text \"画面の文\" at truecenter with dissolve\n    scene text '別の文'\n"
        '    show text "計算" + "した文"\n    show eve "text"\n'
    )
    root = game(tmp_path, **{"script.rpy": script})
    (file,) = GAME.files(root, SETTINGS)
    assert file.made is not None
    document = FORMAT.open(file.made(), options=file.options)
    assert [s.source for s in document.segments] == ["画面の文", "別の文"]
    assert isinstance(document, HoldsBack)
    assert {"計算", "した文"} <= {row.text for row in document.held_back()}


def offered_and_held(root: Path, script: str) -> tuple[list[str], dict[str, str]]:
    """What is offered of a script that is in a game, and what is held back, each with the reason."""
    offered: list[str] = []
    held: dict[str, str] = {}
    for file in GAME.files(game(root, **{"a.rpy": script}), SETTINGS):
        assert file.made is not None
        document = FORMAT.open(file.made(), options=file.options)
        assert isinstance(document, HoldsBack)
        offered += [segment.source for segment in document.segments if segment.source != "Hello."]
        held |= {row.text: row.reason for row in document.held_back()}
    return offered, held


JOINED = "part of a string that is put together"
NAME = "name in the code"


@pytest.mark.parametrize(
    ("line", "offered", "held"),
    [
        ('textbutton _("Edit label") action SetVariable("quest", 1)', ["Edit label"], {"quest": NAME}),
        ('text _("Marked text") style "foo"', ["Marked text"], {"foo": NAME}),
        ('textbutton "Say (text" action Show("other")', ["Say (text"], {"other": NAME}),
        ("""text "Use Notify('x') or tooltip 'y'\"""", ["Use Notify('x') or tooltip 'y'"], {}),
        ('text "Near" style "label" action Jump("tooltip")', ["Near"], {"label": NAME, "tooltip": NAME}),
        ('add "text" at pos("label")', [], {"text": NAME, "label": NAME}),
        ('text ("Alive" if hp else "Dead")', ["Alive", "Dead"], {}),
        ('text ("A1" if n == "a" else ("A2" if n else None or "A3")) size 3', ["A1", "A2", "A3"], {"a": NAME}),
        ('text ("Two " "parts")', ["Two parts"], {}),
        ('text [_("First"), "Second"]', ["First", "Second"], {}),
        ('text {"k": "Value", "l": ("Other")}[key]', ["Value", "Other"], {"k": NAME, "l": NAME}),
        ('text ["Nought", "One"][n]', ["Nought", "One"], {}),
        ('text ("You have " + str(n) + " coins")', [], {"You have ": JOINED, " coins": JOINED}),
        ('text "Score: %d" % n', [], {"Score: %d": JOINED}),
        ('text "Day {}".format(day)', [], {"Day {}": JOINED}),
        ('text f"Day {day}"', [], {"Day {day}": JOINED}),
        ('text names["eve"] style "big"', [], {"eve": NAME, "big": NAME}),
        ('text title("Chapter One")', [], {"Chapter One": "value in the code"}),
        ('text ((lambda: "Called" if x else "Not")())', [], {"Called": NAME, "Not": NAME}),
        ('if tooltip == "Tip" or label in ("a", "b"):\n        pass', [], {"Tip": NAME, "a": NAME}),
        ('$ text ("Python", x)', [], {"Python": NAME}),
        ('python:\n        text ("Python", x)', [], {"Python": NAME}),
        ('key "q" action Confirm("Stop" if x else _("Go on"), Jump("end"))', ["Go on", "Stop"], {"end": NAME}),
        ('key "q" action Notify("Saved " + name)', [], {"Saved ": JOINED}),
        ('key "q" action Notify(message="Saved")', ["Saved"], {}),
        ('add Text("Shown", size=3) alt "Read aloud"', ["Read aloud", "Shown"], {}),
        ('default tt = Tooltip("Old tip")', ["Old tip"], {}),
        ('$ renpy.say(e, "Said", interact="no")', ["Said"], {"no": NAME}),
        ('$ renpy.say("Eve", what=_("A") if x else "B")', ["A", "B"], {"Eve": NAME}),
        ('$ my.Text("Not"), MyText("Neither")', [], {"Not": NAME, "Neither": NAME}),
        ('textbutton "Go":  # text "old"\n        tooltip "Tip"', ["Go", "Tip"], {}),
    ],
)  # fmt: skip
def test_a_screen_s_strings_are_offered_where_the_engine_looks_them_up(
    tmp_path: Path, line: str, offered: list[str], held: dict[str, str]
) -> None:
    found, back = offered_and_held(tmp_path, f"screen s():\n    {line}\n")
    assert found == offered
    assert {text: back.get(text) for text in held} == held
    assert not set(found) & set(back)


@pytest.mark.parametrize("opens", ["text (", "text x + Notify("])
def test_a_screen_s_brackets_are_read_in_linear_time(tmp_path: Path, opens: str) -> None:
    begin, again = opens.rsplit(" ", 1)
    deep = 20_000
    with deadline(10.0):
        found, _ = offered_and_held(tmp_path, f'screen s():\n    {begin} {again * deep}"Deep"{")" * deep}\n')
    assert found == ["Deep"]


def test_what_is_held_back_of_a_script_without_texts_is_told_with_another_file(tmp_path: Path) -> None:
    _, held = offered_and_held(tmp_path, 'init python:\n    x = "Not marked"\n')
    assert held == {"Not marked": "value in the code"}


def test_what_a_marked_string_ends_with_does_not_begin_another(tmp_path: Path) -> None:
    found, held = offered_and_held(tmp_path, 'init python:\n    x = "call _(" + y + ")"\n    z = "[_(\'Inside\')]"\n')
    assert found == ["Inside"]
    assert held["call _("] == held[")"] == JOINED


def test_a_name_that_is_put_together_is_not_offered(tmp_path: Path) -> None:
    script = (
        'define a = Character("Mr. " + name)\ndefine b = Character(color="#fff", name="Bob")\n'
        'define c = Character("dynamic=True")\ndefine d = Character("povname", dynamic=True)\n'
    )
    found, held = offered_and_held(tmp_path, script)
    assert found == ["Bob", "dynamic=True"]
    assert held["Mr. "] == JOINED
    assert held["povname"] == NAME


@pytest.mark.parametrize("name", ["script.rpy", "tools_ren.py"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_string_that_does_not_end_is_an_error_with_its_place_in_the_file(
    tmp_path: Path, end: str, mark: str, name: str
) -> None:
    begin = f'{mark}label start:{end}    "日本語。"{end}    "'
    if name.endswith(".py"):
        begin = f'{mark}"""renpy{end}init python:{end}"""{end}a = "日本語"{end}b = """'
    root = game(tmp_path, **{name: f"{begin}閉じない{end}"})
    with pytest.raises(FormatError, match=r"line [35]: a string that does not end") as caught:
        made(root)
    at = len(begin.rstrip('"').encode())
    assert caught.value.offset == at


def test_words_of_a_screen_need_no_space_before_their_string(tmp_path: Path) -> None:
    assert (
        '"Near"'
        in made(game(tmp_path, **{"a.rpy": 'screen s():\n    text"Near"style"big"\n'}))["game/tl/schinese/a.rpy"]
    )


def test_existing_folders_win_over_the_usual_name(tmp_path: Path) -> None:
    assert folder_of(tmp_path / "none", "zh-CN") == "schinese"
    for name in ("Chinese", "jp", "None"):
        (tmp_path / name).mkdir()
    assert folder_of(tmp_path, "zh-CN") == "Chinese"
    assert folder_of(tmp_path, "ja") == "jp"
    (tmp_path / "schinese").mkdir()
    assert folder_of(tmp_path, "zh-CN") == "schinese"


def test_the_checksum_follows_the_engine_s_version_and_the_game_s_setting(tmp_path: Path) -> None:
    text = 'label start:\n    voice "a.ogg"\n    "Hello."\n'
    root = game(tmp_path, **{"script.rpy": text})
    old, new = digest('voice "a.ogg"', '"Hello."'), digest('"Hello."')
    assert new in made(root)["game/tl/schinese/script.rpy"]
    game(root, **{"script.rpy": text, "script_version.txt": "(8, 0, 3)"})
    assert old in made(root)["game/tl/schinese/script.rpy"]
    game(root, **{"script.rpy": text + "define config.tlid_only_considers_say = True\n"})
    assert new in made(root)["game/tl/schinese/script.rpy"]
    game(root, **{"script.rpy": text, "script_version.txt": "(8, 6, 0)"})
    assert new in made(root)["game/tl/schinese/script.rpy"]


def test_strings_that_are_one_for_python_are_told_as_one(tmp_path: Path) -> None:
    found, held = offered_and_held(
        tmp_path, 'screen s():\n    text ("Offered "\n        "whole")\n    use x("Held" \' back\')\n'
    )
    assert found == ["Offered whole"]
    assert held == {"Held back": "value in the code"}


def test_names_are_offered_wherever_characters_are_made(tmp_path: Path) -> None:
    script = (
        'define all = {"a": Character("Ann", image="ann"), "b": NVLCharacter(name="Bea" if x else _("Ben"))}\n'
        'init python:\n    def MyCharacter(name="Nobody"):\n        return DynamicCharacter("who_var")\n'
        'label a:\n    Character("Inline") "Hi." (what_text="Argument")\n'
        '    menu:\n        "Go" (tip="Tip"):\n            pass\n'
    )
    files = list(GAME.files(game(tmp_path, **{"script.rpy": script}), SETTINGS))
    assert files[0].made is not None
    document = FORMAT.open(files[0].made(), options=files[0].options)
    assert {s.source for s in document.segments if s.role is Role.NAME} == {"Ann", "Bea", "Ben", "Inline"}
    held = {row.text for row in document.held_back()}
    assert {"a", "ann", "Nobody", "who_var", "Argument", "Tip"} <= held
    assert not {"Inline", "Hi.", "Go"} & held


def test_settings_in_comments_and_strings_do_not_count(tmp_path: Path) -> None:
    text = 'label start:\n    voice "a.ogg"\n    "Hello."\n'
    options = '# define config.tlid_only_considers_say = False\ndefine x = "config.tlid_only_considers_say = False"\n'
    options += '# renpy.register_statement("voice", block="script")\n'
    screens = (
        'screen s():\n    pass # textbutton "中文" action Language("schinese")\n    text \'Language("schinese")\'\n'
    )
    root = game(tmp_path, **{"script.rpy": text, "options.rpy": options, "screens.rpy": screens})
    assert digest('"Hello."') in made(root)["game/tl/schinese/script.rpy"]
    assert any("starts in it" in notice for notice in GAME.notices(root, SETTINGS))
    assert list(GAME.extras(root, SETTINGS))


def test_an_existing_translation_tells_which_checksum_it_was_made_with(tmp_path: Path) -> None:
    old = digest('voice "a.ogg"', '"Hello."')
    there = f'translate schinese start_{old}:\n    # voice "a.ogg"\n    # "Hello."\n    voice "a.ogg"\n    "你好。"\n'
    root = game(
        tmp_path, **{"script.rpy": 'label start:\n    voice "a.ogg"\n    "Hello."\n', "tl__schinese__script.rpy": there}
    )
    assert made(root)["game/tl/schinese/script.rpy"] == there


def test_a_font_goes_along_with_the_style_that_names_it(tmp_path: Path) -> None:
    gui = 'define gui.text_font = "a.ttf"\nstyle big:\n    size 3\n    font "b.ttf"\n'
    root = game(tmp_path, **{"gui.rpy": gui + 'style skip_triangle font "DejaVuSans.ttf"\n'})
    font = tmp_path / "Noto Sans.otf"
    font.write_bytes(b"OTTO")
    extras = {extra.path: extra.read() for extra in GAME.extras(root, GameSettings("ja", "zh-CN", font=font))}
    folder = PurePosixPath("game/tl/schinese")
    assert extras[folder / "Noto Sans.otf"] == b"OTTO"
    setup = extras[folder / "zz_translation_setup.rpy"].decode("utf-8-sig")
    assert 'gui.text_font = "tl/schinese/Noto Sans.otf"' in setup
    assert 'translate schinese style big:\n    font "tl/schinese/Noto Sans.otf"' in setup
    assert "skip_triangle" not in setup
    assert 'config.default_language = "schinese"' in setup
    read_script(setup)


def test_a_game_that_offers_the_language_is_not_made_to_start_in_it() -> None:
    assert not list(GAME.extras(SAMPLE, SETTINGS))
    assert any("lets its player choose" in notice for notice in GAME.notices(SAMPLE, SETTINGS))


def test_a_font_that_may_lack_the_language_is_told() -> None:
    assert any("--font" in notice for notice in GAME.notices(SAMPLE, SETTINGS))
    assert not any("--font" in notice for notice in GAME.notices(SAMPLE, GameSettings("ja", "fr")))


def test_fonts_are_found_in_variables_and_styles() -> None:
    assert fonts_named(['define gui.name_text_font = "a"\nstyle default:\n    font "a"\nstyle b:\n    font "c"']) == (
        ["gui.name_text_font"],
        ["b"],
    )


@pytest.mark.parametrize(("files", "says"), [(("script.rpyc",), "1 compiled"), (("archive.rpa",), "1 archives")])
def test_a_game_without_sources_is_known_and_says_what_to_do_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: tuple[str, ...], says: str
) -> None:
    monkeypatch.setattr(objects, "available", lambda: False)
    game(tmp_path, **dict.fromkeys(files, ""))
    (tmp_path / "game/script.rpy").unlink()
    assert GAME.locate(tmp_path) == tmp_path
    assert GAME.detect(tmp_path) is Confidence.LIKELY
    for asked in (GAME.files, GAME.extras, GAME.notices):
        with pytest.raises(GameError, match=f"{says}.*rpycdec"):
            list(asked(tmp_path, SETTINGS))


def test_compiled_scripts_beside_sources_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "available", lambda: False)
    root = game(tmp_path, **{"script.rpyc": "", "other.rpyc": "", "a.rpa": "", "tl__schinese__script.rpyc": ""})
    notices = " ".join(GAME.notices(root, SETTINGS))
    assert "game/other.rpyc" in notices
    assert "game/script.rpyc" not in notices
    assert "game/a.rpa" in notices
    assert "files of an existing translation are compiled" in notices


def test_a_script_that_cannot_be_read_fails_alone(tmp_path: Path) -> None:
    root = game(tmp_path, **{"broken.rpy": 'label b:\n    e "open\n', "latin.rpy": ""})
    (root / "game/latin.rpy").write_bytes(b'label c:\n    "\xe9"\n')
    files = {file.path.name: file for file in GAME.files(root, SETTINGS)}
    assert set(files) == {"script.rpy", "broken.rpy", "latin.rpy"}
    for name, reason in (("broken.rpy", "line 2"), ("latin.rpy", "not UTF-8")):
        make = files[name].made
        assert make is not None
        with pytest.raises(FormatError, match=reason):
            make()


def test_is_found_from_inside_and_by_its_engine(tmp_path: Path) -> None:
    root = game(tmp_path / "My Game", **{"sub__a.rpy": ""})
    for inside in (root, root / "game", root / "game/sub", root / "game/script.rpy"):
        assert GAME.locate(inside) == root
    assert GAME.locate(tmp_path) is None
    assert GAME.detect(root) is Confidence.LIKELY
    (root / "renpy/common").mkdir(parents=True)
    assert GAME.detect(root) is Confidence.CERTAIN


def test_the_engine_s_own_strings_go_into_one_file(tmp_path: Path) -> None:
    root = game(tmp_path)
    common = root / "renpy/common"
    common.mkdir(parents=True)
    (common / "00a.rpy").write_text('init python:\n    x = _("Really quit?")\n', "utf-8")
    (common / "00console.rpy").write_text('init python:\n    x = _("For developers")\n', "utf-8")
    text = made(root)["game/tl/schinese/common.rpy"]
    assert "# renpy/common/00a.rpy:2" in text
    assert "For developers" not in text


def test_python_scripts_give_their_marked_strings(tmp_path: Path) -> None:
    root = game(tmp_path, **{"tool_ren.py": '"""renpy\ninit python:\n"""\nx = _("Marked")\n'})
    assert '"Marked"' in made(root)["game/tl/schinese/tool.rpy"]


def test_a_file_of_the_translation_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    root = game(
        tmp_path,
        **{
            "tl__schinese__script.rpy": 'translate schinese a:\n    "open\n',
            "tl__schinese__b.rpy": 'translate schinese b:\n    "',
        },
    )
    script, other = GAME.files(root, SETTINGS)
    assert script.made is not None
    with pytest.raises(FormatError):
        script.made()
    assert other.made is None
    with pytest.raises(FormatError):
        FORMAT.open((root / other.path).read_bytes(), options=other.options)


def test_modules_do_not_take_the_identifiers_of_scripts(tmp_path: Path) -> None:
    root = game(tmp_path, **{"a.rpym": 'label x:\n    "Hello."\n', "b.rpy": 'label x:\n    "Hello."\n'})
    found = made(root)
    assert f"translate schinese x_{digest(chr(34) + 'Hello.' + chr(34))}:" in found["game/tl/schinese/b.rpy"]
    assert "_1:" in found["game/tl/schinese/a.rpy"]
