import os
from pathlib import Path

import pytest

from translator.cli.choices import input_options, job_options, output_options, server_options
from translator.cli.files import configuration, user_file
from translator.cli.options import GAME, OPTIONS, TEXTS, Option, Type
from translator.cli.settings import File, Rank, Value, merge
from translator.workflow.errors import UsageError
from translator.workflow.options import BackendKind, Kind

PROJECT = Path("/books/translate.toml")
USER = Path("/home/user/config.toml")
ALL = tuple(OPTIONS)


def user(**table: object) -> File:
    return File(USER, Rank.USER, table)


def project(**table: object) -> File:
    return File(PROJECT, Rank.PROJECT, table)


def samples(option: Option) -> list[tuple[str, object, Value]]:
    """Four different values of an option: as text, as TOML has them, and as they are understood."""
    choices = (*option.choices, *option.choices)
    found: dict[Type, list[tuple[str, object, Value]]] = {
        Type.COUNT: [(str(n), n, n) for n in (301, 302, 303, 304)],
        Type.SLOTS: [(str(n), n, n) for n in (301, 302, 303, 304)],
        Type.LANGUAGE: [(code, code, code) for code in ("ja", "en", "ko", "zh-TW")],
        Type.CHOICE: [(choice, choice, choice) for choice in choices[:4]],
        Type.FLAG: [("yes", True, True), ("no", False, False), ("1", True, True), ("false", False, False)],
        Type.PATH: [(f"/p/{n}", f"/p/{n}", Path(f"/p/{n}")) for n in range(4)],
        Type.PATHS: [(f"/p/{n}", [f"/p/{n}"], (Path(f"/p/{n}"),)) for n in range(4)],
        Type.WORDS: [(f"w{n}", [f"w{n}"], (f"w{n}",)) for n in range(4)],
        Type.TEXT: [(text, text, text) for text in ("utf-8", "cp932", "euc-jp", "big5")],
    }
    return found[option.type]


@pytest.mark.parametrize("name", ALL)
def test_the_command_line_wins_over_the_environment_over_the_project_over_the_user(name: str) -> None:
    option = OPTIONS[name]
    command, environment, beside, own = samples(option)
    given: object = command[1] if option.type.repeats or option.type is Type.FLAG else command[0]
    layers = {
        Rank.COMMAND: command[2],
        Rank.ENVIRONMENT: environment[2],
        Rank.PROJECT: beside[2],
        Rank.USER: own[2],
    }
    if not option.project:
        del layers[Rank.PROJECT]
    for rank, expected in layers.items():
        settings = merge(
            (name,),
            {name: given} if rank >= Rank.COMMAND else {name: None},
            {option.variable: environment[0]} if rank >= Rank.ENVIRONMENT else {},
            [
                user(**{name: own[1]}),
                *([project(**{name: beside[1]})] if rank >= Rank.PROJECT and option.project else []),
            ],
        )
        assert settings.chosen[name].value == expected
        assert settings.rank(name) is rank


def test_what_nobody_says_is_the_default() -> None:
    settings = merge(GAME, dict.fromkeys(GAME), {})
    options = job_options(settings, Path("game"), Kind.GAME)
    assert options.server.model == "sakura"
    assert options.server.backend is BackendKind.OLLAMA
    assert options.server.parallel is None
    assert options.input.source is options.input.target is None
    assert options.output.out is None
    assert not options.output.in_place
    assert options.db is None


def test_auto_on_the_command_line_wins_over_a_number_below() -> None:
    settings = merge(("parallel",), {"parallel": "auto"}, {"TRANSLATE_PARALLEL": "4"})
    assert settings.count("parallel") is None


def test_a_negated_flag_on_the_command_line_wins_over_a_file() -> None:
    settings = merge(("copy",), {"copy": False}, {}, [user(copy=True)])
    assert not settings.flag("copy")


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert merge(("model",), {}, {"TRANSLATE_MODEL": ""}, [user(model="m")]).text("model") == "m"


def test_a_variable_holds_several_values() -> None:
    settings = merge(
        ("host", "glossary"),
        {},
        {"TRANSLATE_HOST": "a:1, b:2", "TRANSLATE_GLOSSARY": os.pathsep.join(("one.csv", "two.csv"))},
    )
    assert settings.words("host") == ("a:1", "b:2")
    assert settings.paths("glossary") == (Path("one.csv"), Path("two.csv"))


def test_paths_in_a_file_count_from_its_folder_and_from_the_home_folder(home: Path) -> None:
    settings = merge(("glossary", "db"), {}, {}, [project(glossary=["terms.csv", "~/mine.csv"], db="memory.db")])
    assert settings.paths("glossary") == (PROJECT.parent / "terms.csv", home / "mine.csv")
    assert settings.path("db") == PROJECT.parent / "memory.db"


def test_keys_may_be_written_with_hyphens_as_the_options_are() -> None:
    assert merge(("num_ctx",), {}, {}, [user(**{"num-ctx": 4096})]).count("num_ctx") == 4096


def test_a_commands_own_table_wins_over_the_keys_for_all_commands_and_counts_for_it_alone() -> None:
    files = [user(model="all", width=50, novel={"model": "books"})]
    assert merge(("model",), {}, {}, files, section="novel").text("model") == "books"
    assert merge(("model",), {}, {}, files, section="game").text("model") == "all"
    assert merge(("width",), {}, {}, files, section="novel").count("width") == 50


def test_a_project_file_wins_over_a_commands_table_of_the_user() -> None:
    files = [user(game={"model": "mine"}), project(model="theirs")]
    assert merge(("model",), {}, {}, files, section="game").text("model") == "theirs"


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ({"modell": "x"}, ["modell", "Did you mean model?"]),
        ({"colour": "x"}, ["colour", "The keys are:"]),
        ({"novel": {"widht": 3}}, ["novel.widht", "width"]),
        ({"model": 3}, ["model", "3", "no text"]),
        ({"model": " "}, ["model", "no text"]),
        ({"num_ctx": "4096"}, ["num_ctx", "'4096'", "whole number"]),
        ({"num_ctx": True}, ["num_ctx", "true"]),
        ({"width": 0}, ["width", "0"]),
        ({"copy": "yes"}, ["copy", "true or false"]),
        ({"host": [1]}, ["host", "1"]),
        ({"host": 7}, ["host", "7"]),
        ({"from": "klingon"}, ["from", "klingon", "ja"]),
        ({"backend": "lama"}, ["backend", "lama", "ollama"]),
        ({"charset": "utf-9"}, ["charset", "utf-9", "cp932"]),
        ({"charset": "rot13"}, ["charset", "rot13"]),
        ({"game": "x"}, ["game", "[game]"]),
    ],
)
def test_a_wrong_key_or_value_in_a_file_is_named_with_the_file(table: dict[str, object], named: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        merge(ALL, {}, {}, [File(USER, Rank.USER, table)])
    said = f"{caught.value} {caught.value.hint}"
    assert str(caught.value).startswith(str(USER))
    assert all(part in said for part in named), said


def test_keys_of_other_commands_are_known_but_do_not_count() -> None:
    assert merge(("model",), {}, {}, [user(width=50)]).chosen == {}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TRANSLATE_PARALLEL", "many"),
        ("TRANSLATE_PARALLEL", "0"),
        ("TRANSLATE_LIMIT", "-1"),
        ("TRANSLATE_NUM_CTX", "9" * 5000),
        ("TRANSLATE_COPY", "perhaps"),
        ("TRANSLATE_TO", "xx"),
        ("TRANSLATE_HOST", ","),
    ],
)
def test_a_wrong_variable_is_named(variable: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"^{variable}: "):
        merge(ALL, {}, {variable: value})


@pytest.mark.parametrize("key", ["yes", "force"])
def test_a_file_beside_the_input_cannot_answer_for_the_user(key: str) -> None:
    with pytest.raises(UsageError, match="beside the input"):
        merge(ALL, {}, {}, [project(**{key: True})])
    assert merge(ALL, {}, {}, [user(**{key: True})]).flag(key)


def test_languages_are_understood_in_their_usual_spellings() -> None:
    settings = merge(("from", "to"), {"from": "jp", "to": "zh_TW"}, {})
    assert (settings.text("from"), settings.text("to")) == ("ja", "zh-TW")


class TestHosts:
    @pytest.mark.parametrize(("backend", "variable"), [("ollama", "OLLAMA_HOST"), ("openai", "OPENAI_BASE_URL")])
    def test_the_servers_own_variable_ranks_with_the_environment(self, backend: str, variable: str) -> None:
        def hosts(command: list[str], environ: dict[str, str]) -> tuple[str, ...]:
            given = {"host": command, "backend": backend}
            return server_options(merge(ALL, given, environ, [project(host="beside:1")])).hosts

        assert hosts(["said:1"], {variable: "own:1"}) == ("said:1",)
        assert hosts([], {variable: "own:1", "TRANSLATE_HOST": "ours:1"}) == ("ours:1",)
        assert hosts([], {variable: "own:1"}) == ()  # the backend reads it
        assert hosts([], {}) == ("beside:1",)

    def test_each_backend_has_its_own_variable(self) -> None:
        environ = {"OLLAMA_HOST": "a:1", "OPENAI_BASE_URL": "http://b/v1", "OPENAI_API_KEY": "secret"}
        ollama, openai, pseudo = (
            server_options(merge(ALL, {"backend": backend}, environ)) for backend in ("ollama", "openai", "pseudo")
        )
        assert (ollama.hosts, ollama.api_key) == ((), None)
        assert (openai.hosts, openai.api_key) == ((), "secret")
        assert (pseudo.hosts, pseudo.api_key) == ((), None)

    @pytest.mark.parametrize("host", ["https://models.example", "http://localhost.example:1", "127.0.0.1.example"])
    def test_a_key_is_not_sent_to_a_host_that_only_a_file_beside_the_input_names(self, host: str) -> None:
        for backend in ("openai", "ollama"):
            environ = {f"{backend.upper()}_API_KEY": "secret"}
            with pytest.raises(UsageError, match=f"{backend.upper()}_API_KEY"):
                server_options(merge(ALL, {"backend": backend}, environ, [project(host=host)]))
            assert server_options(merge(ALL, {"backend": backend}, environ, [user(host=host)])).api_key == "secret"

    def test_a_key_of_another_kind_of_host_is_not_sent_either(self) -> None:
        for name, host in (("host", "https://models.example/v1"), ("fallback_host", "openai+models.example")):
            given = project(**{name: ["http://localhost", host] if name == "host" else host})
            with pytest.raises(UsageError, match=f"{name}: the key in OPENAI_API_KEY"):
                server_options(merge(ALL, {"backend": "ollama"}, {"OPENAI_API_KEY": "secret"}, [given]))
            assert not server_options(merge(ALL, {name: [host] if name == "host" else host}, {})).keyless

    def test_a_host_that_only_a_file_beside_the_input_names_gets_no_key_later_either(self) -> None:
        options = server_options(merge(ALL, {}, {}, [project(host="models.example")]))
        assert options.keyless
        assert not server_options(merge(ALL, {}, {}, [project(host="127.0.0.1")])).keyless

    @pytest.mark.parametrize("host", ["http://localhost:1234/v1", "127.0.0.1:8080", "http://[::1]:1"])
    def test_a_key_is_sent_to_this_machine(self, host: str) -> None:
        environ = {"OPENAI_API_KEY": "secret"}
        assert server_options(merge(ALL, {"backend": "openai"}, environ, [project(host=host)])).api_key == "secret"


class TestPlaces:
    @pytest.mark.parametrize("other", [{"out": "x"}, {"copy": True}])
    def test_two_places_in_one_breath_are_refused(self, other: dict[str, object]) -> None:
        with pytest.raises(UsageError, match="exclude each other"):
            output_options(merge(ALL, {"in_place": True, **other}, {}), Kind.GAME)

    def test_the_place_that_was_said_closer_wins(self) -> None:
        in_place = output_options(merge(ALL, {"in_place": True}, {"TRANSLATE_OUT": "x"}), Kind.GAME)
        assert (in_place.in_place, in_place.out) == (True, None)
        out = output_options(merge(ALL, {"out": "x"}, {"TRANSLATE_IN_PLACE": "1"}), Kind.GAME)
        assert (out.in_place, out.out) == (False, Path("x"))

    def test_a_copy_said_for_all_commands_means_games(self) -> None:
        assert output_options(merge(ALL, {}, {}, [user(copy=True)]), Kind.GAME).copy
        assert not output_options(merge(ALL, {}, {}, [user(copy=True)]), Kind.NOVEL).copy
        assert output_options(merge(ALL, {"copy": True}, {}), Kind.NOVEL).copy


def test_every_option_reaches_the_job() -> None:
    given: dict[str, object] = {
        "model": "m", "from": "ja", "to": "en", "backend": "openai", "host": ["h:1"], "profile": "chat",
        "fallback_model": "n", "fallback_host": "h:2",
        "glossary": ["g.csv"], "include": ["a*"], "exclude": ["b*"], "charset": "cp932", "output_charset": "utf-8",
        "out": "o", "force": True, "limit": "7", "names_only": True, "dry_run": True, "refresh": True, "parallel": "3",
        "num_ctx": "4096", "db": "d.db", "engine": "rpgmaker_mv", "width": "40", "split": True, "keep_locale": True,
    }  # fmt: skip
    options = job_options(merge(ALL, given, {}), Path("in"), Kind.NOVEL)
    assert (options.limit, options.dry_run, options.refresh, options.db) == (7, True, True, Path("d.db"))
    assert options.names_only
    server = options.server
    assert (server.model, server.backend, server.hosts, server.profile) == ("m", "openai", ("h:1",), "chat")
    assert (server.parallel, server.num_ctx) == (3, 4096)
    assert (server.fallback_model, server.fallback_host) == ("n", "h:2")
    source = options.input
    assert (source.path, source.kind, source.source, source.target) == (Path("in"), Kind.NOVEL, "ja", "en")
    assert (source.include, source.exclude, source.charset, source.engine) == (("a*",), ("b*",), "cp932", "rpgmaker_mv")
    assert (source.width, source.split, source.keep_locale, source.glossaries) == (40, True, True, (Path("g.csv"),))
    output = options.output
    assert (output.out, output.force, output.charset, output.copy) == (Path("o"), True, "utf-8", False)


def test_scan_may_say_what_the_input_is() -> None:
    settings = merge(("kind",), {"kind": "subtitle"}, {})
    assert input_options(settings, Path("x")).kind is Kind.SUBTITLE
    assert input_options(settings, Path("x"), Kind.NOVEL).kind is Kind.NOVEL


class TestFiles:
    def test_they_are_read_in_the_input_beside_it_and_at_the_users_place(self, tmp_path: Path) -> None:
        game = tmp_path / "game"
        game.mkdir()
        (game / "translate.toml").write_text('model = "inside"\n')
        (tmp_path / "translate.toml").write_text('model = "beside"\nprofile = "beside"\n')
        user_file().parent.mkdir(parents=True)
        user_file().write_text('model = "mine"\nprofile = "mine"\nbackend = "pseudo"\n')
        settings = merge(GAME, {}, {}, tuple(configuration(game)))
        assert [settings.text(name) for name in ("model", "profile", "backend")] == ["inside", "beside", "pseudo"]

    def test_beside_a_file_is_its_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "book.txt").touch()
        (tmp_path / "translate.toml").write_text('to = "en"\n')
        monkeypatch.chdir(tmp_path)
        for path in (tmp_path / "book.txt", Path("book.txt")):
            assert merge(TEXTS, {}, {}, tuple(configuration(path))).text("to") == "en"

    @pytest.mark.parametrize("content", [b"model = ", b'model = "\xff"', b"[game\n"])
    def test_what_is_no_toml_is_named(self, content: bytes, tmp_path: Path) -> None:
        (tmp_path / "translate.toml").write_bytes(content)
        with pytest.raises(UsageError, match=r"translate\.toml: is no valid TOML"):
            tuple(configuration(tmp_path))

    def test_what_cannot_be_read_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "translate.toml").mkdir()
        with pytest.raises(UsageError, match=r"translate\.toml: cannot be read"):
            tuple(configuration(tmp_path))
