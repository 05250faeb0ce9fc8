"""Which of a job's texts are asked again for its names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from translator.core.finding import Finding, Severity
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.segment import Role, Segment
from translator.core.work import GlossaryEntry, State, Unit, unit_hash
from translator.glossary.layers import Glossary
from translator.profiles import all_profiles
from translator.store import Store
from translator.store.rows import JobRow, SegmentRow, SettledRow, UnitRow
from translator.workflow.naming import Naming, as_asked, in_lists, tells_speakers

CODES = MarkupSyntax((MarkupRule(r"\\C\[\d+\]", Fate.KEEP),))
LOOK = Finding("length", Severity.WARNING, "long")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "db") as opened:
        yield opened


@pytest.fixture
def job(store: Store) -> JobRow:
    job = store.create_job(
        kind="game", input="/g", output="/o", source_language="ja", target_language="zh-CN", model="m", recipe="{}",
        recipe_digest="d", options="{}", program_version="1", server="",
    )  # fmt: skip
    return store.begin_run(job.id)


def naming(*entries: GlossaryEntry, used: bool = True, speakers: bool = False) -> Naming:
    return Naming(Glossary(entries), "d", {"f": CODES}, used=used, speakers=speakers)


def unit(
    source: str,
    role: Role = Role.DIALOGUE,
    target: str | None = None,
    *findings: Finding,
    speaker: str | None = None,
    binding: str | None = None,
) -> UnitRow:
    state = State.PENDING if target is None else State.TRANSLATED
    name = unit_hash("d", Segment("", source, role, speaker=speaker, binding=binding), ())
    return UnitRow(
        name, source, role, "a#", "f", speaker=speaker, state=state, target=target, findings=findings, binding=binding
    )


def answer(store: Store, job: JobRow, **called: str) -> None:
    """Settle pending names."""
    rows = [(row.unit, called[row.source]) for row in store.names(job) if row.source in called]
    store.settle_units(job, [SettledRow(number, State.TRANSLATED, target) for number, target in rows])


def to_ask(store: Store, job: JobRow, naming: Naming) -> dict[str, list[tuple[str, str]]]:
    """The names that can be asked now, with their entries."""
    waiting = naming.share(store, job)
    units = store.unbatched_units(job, names=True)
    return {u.source: [(e.src, e.dst) for e in u.glossary] for u in units if u.id not in waiting}


def put(store: Store, job: JobRow, *units: UnitRow) -> None:
    ids = store.add_units(job, units)
    segments = [SegmentRow(str(n), ids[row.hash]) for n, row in enumerate(units)]
    store.replace_document(job, segments, ordinal=0, path="a", format="f", digest="x")


def entries(store: Store, job: JobRow) -> dict[str, list[tuple[str, str]]]:
    """By each text that is still to be asked, the entries that go with it."""
    return {u.source: [(e.src, e.dst) for e in u.glossary] for u in store.unbatched_units(job)}


@pytest.mark.parametrize(
    ("target", "findings", "used"),
    [
        ("艾莉娜", (), True),
        ("\\C[2]艾莉娜\\C[0]", (), True),
        ("艾莉娜", (Finding("width", Severity.INFO, "fits"),), True),
        ("艾莉娜", (LOOK,), False),
        ("エリナ", (), False),
        ("艾莉娜是村子里的一个女孩", (), False),
        ("艾莉\\C[1]娜", (), False),
        (None, (), False),
    ],
)
def test_only_a_sound_translation_of_a_name_goes_into_texts(
    store: Store, job: JobRow, target: str | None, findings: tuple[Finding, ...], *, used: bool
) -> None:
    put(store, job, unit("エリナ", Role.NAME, target, *findings), unit("エリナが来た"), unit("雨だ"))
    assert naming().update(store, job) is used
    assert entries(store, job) == {"エリナが来た": [("エリナ", "艾莉娜")] if used else [], "雨だ": []} | (
        {"エリナ": []} if target is None else {}
    )
    assert naming().update(store, job) is False


def test_a_glossary_decides_before_a_name(store: Store, job: JobRow) -> None:
    put(store, job, unit("エリナ", Role.NAME, "艾莉娜"), unit("エリナが来た"))
    assert naming(GlossaryEntry("エリナ", "爱丽娜")).update(store, job) is False


def test_where_no_entry_reaches_the_model_nothing_changes(store: Store, job: JobRow) -> None:
    put(store, job, unit("エリナ", Role.NAME, "艾莉娜"), unit("エリナが来た"))
    assert naming(used=False).update(store, job) is False
    assert naming().update(store, job) is True
    assert naming(used=False).update(store, job) is True
    assert entries(store, job) == {"エリナが来た": []}


def test_a_name_in_other_colours_is_called_the_same(store: Store, job: JobRow) -> None:
    put(
        store, job,
        unit("エリナ", Role.NAME, "艾莉娜"), unit("\\C[2]エリナ\\C[0]", Role.NAME), unit("リン", Role.NAME),
        unit("\\C[3]リン", Role.NAME),
    )  # fmt: skip
    waiting = naming().share(store, job)
    assert [(row.source, row.target) for row in store.names(job) if row.unit in waiting] == [("\\C[3]リン", None)]
    assert {row.source: row.target for row in store.names(job)} == {
        "エリナ": "艾莉娜", "\\C[2]エリナ\\C[0]": "\\C[2]艾莉娜\\C[0]", "リン": None, "\\C[3]リン": None
    }  # fmt: skip


def test_a_name_that_needs_a_look_is_not_shared(store: Store, job: JobRow) -> None:
    put(store, job, unit("エリナ", Role.NAME, "艾", LOOK), unit("\\C[2]エリナ\\C[0]", Role.NAME))
    assert naming().share(store, job) == set()
    assert store.count_pending_names(job) == 1


def test_names_are_asked_in_lists() -> None:
    scenes = ("Map1#", "Items#", "Map2#event/1", "Items#", "Map3#")
    units = [Unit(number, "名", Role.NAME, scene, "f") for number, scene in enumerate(scenes)]
    assert [(u.id, u.scene) for u in in_lists(units)] == [(1, "Items#"), (3, "Items#"), (0, ""), (2, ""), (4, "")]


def test_a_name_waits_for_those_that_stand_in_it_and_gets_their_entries(store: Store, job: JobRow) -> None:
    put(
        store, job,
        unit("エリナの城の鍵", Role.NAME), unit("エリナの城", Role.NAME), unit("エリナ", Role.NAME), unit("エリナだ"),
    )  # fmt: skip
    on = naming()
    assert to_ask(store, job, on) == {"エリナ": []}
    answer(store, job, エリナ="艾莉娜")
    assert to_ask(store, job, on) == {"エリナの城": [("エリナ", "艾莉娜")]}
    assert to_ask(store, job, on) == {"エリナの城": [("エリナ", "艾莉娜")]}, "asking where it stands changes nothing"
    answer(store, job, エリナの城="艾莉娜城")
    assert to_ask(store, job, on) == {"エリナの城の鍵": [("エリナの城", "艾莉娜城")]}
    answer(store, job, エリナの城の鍵="艾莉娜城的钥匙")
    assert to_ask(store, job, on) == {}
    assert on.update(store, job) is True


def test_a_name_that_is_called_otherwise_asks_again_for_the_names_that_it_stands_in(store: Store, job: JobRow) -> None:
    put(store, job, unit("エリナ", Role.NAME, "艾莉娜"), unit("エリナの城", Role.NAME), unit("霧の城", Role.NAME))
    on = naming()
    assert to_ask(store, job, on) == {"霧の城": []}, "however little stands in it: what waits follows from the names"
    answer(store, job, 霧の城="雾城")
    assert to_ask(store, job, on) == {"エリナの城": [("エリナ", "艾莉娜")]}
    answer(store, job, エリナの城="艾莉娜城")
    answer(store, job, エリナ="爱丽娜")
    assert to_ask(store, job, on) == {"エリナの城": [("エリナ", "爱丽娜")]}


def test_what_cannot_become_an_entry_holds_no_name_back(store: Store, job: JobRow) -> None:
    put(store, job, unit("剣", Role.NAME), unit("攻撃", Role.NAME), unit("剣の攻撃", Role.NAME))
    assert to_ask(store, job, naming()) == {"剣": [], "攻撃": [], "剣の攻撃": []}
    put(store, job, unit("エリナ", Role.NAME), unit("エリナの城", Role.NAME))
    assert to_ask(store, job, naming(used=False)).keys() >= {"エリナ", "エリナの城"}


def test_a_name_of_one_character_counts_where_somebody_is_called_so(store: Store, job: JobRow) -> None:
    put(
        store, job,
        unit("凛", Role.NAME, "阿凛", binding="actor-name"), unit("葵", Role.NAME, "小葵"),
        unit("凛と葵だ"), unit("凛とした葵だ"),
    )  # fmt: skip
    assert naming().update(store, job) is True
    assert entries(store, job) == {"凛と葵だ": [("凛", "阿凛")], "凛とした葵だ": []}


def test_who_speaks_is_looked_up_too_where_the_model_is_told(store: Store, job: JobRow) -> None:
    put(store, job, unit("エリナ", Role.NAME, "艾莉娜"), unit("雨だ", speaker="エリナ"))
    assert naming().update(store, job) is False
    store.put_names_in_force(job, "")
    assert naming(speakers=True).update(store, job) is True
    assert entries(store, job) == {"雨だ": [("エリナ", "艾莉娜")]}


def test_a_word_that_a_glossary_has_alone_only_is_no_name(store: Store, job: JobRow) -> None:
    put(store, job, unit("魔術書", Role.NAME, "魔法书"), unit("魔術書だ"))
    assert naming(GlossaryEntry("^魔術書$", "魔典", regex=True)).update(store, job) is False
    assert naming(GlossaryEntry("^魔術$", "魔典", regex=True)).update(store, job) is True


@pytest.mark.parametrize(
    ("source", "role", "asked"),
    [
        ("ゴルド", Role.TERM, Role.NAME),
        ("\\C[2]ゴルド\\C[0]", Role.TERM, Role.NAME),
        ("精霊魔法", Role.TERM, Role.NAME),
        ("攻撃", Role.TERM, Role.TERM),
        ("は力尽きた", Role.TERM, Role.TERM),
        ("アイテムがない！", Role.TERM, Role.TERM),
        ("ゴ\\C[2]ルド", Role.TERM, Role.TERM),
        ("ゴルド", Role.CHOICE, Role.CHOICE),
    ],
)
def test_a_term_that_sentences_mention_is_asked_as_a_name(source: str, role: Role, asked: Role) -> None:
    assert as_asked(Segment("k", source, role), CODES).role is asked


def test_only_some_profiles_send_who_speaks() -> None:
    telling = {name for name, profile in all_profiles(Path("/nonexistent")).items() if tells_speakers(profile)}
    assert telling == {"galtransl-v3", "chat", "reasoning"}
