"""Which of a job's texts are asked again for its names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from translator.core.finding import Finding, Severity
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.segment import Role, Segment
from translator.core.work import GlossaryEntry, State, Unit, unit_hash
from translator.glossary.layers import Glossary
from translator.store import Store
from translator.store.rows import JobRow, SegmentRow, UnitRow
from translator.workflow.naming import Naming, in_lists

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


def naming(*entries: GlossaryEntry, used: bool = True) -> Naming:
    return Naming(Glossary(entries), "d", {"f": CODES}, used=used)


def unit(source: str, role: Role = Role.DIALOGUE, target: str | None = None, *findings: Finding) -> UnitRow:
    state = State.PENDING if target is None else State.TRANSLATED
    name = unit_hash("d", Segment("", source, role), ())
    return UnitRow(name, source, role, "a#", "f", state=state, target=target, findings=findings)


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
