import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.backends.pseudo import PseudoBackend, mark
from translator.core.backend import Message, Request
from translator.core.scripts import width


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("こんにちは", "［こんにちは～］"),
        ("", ""),
        ("\u3000", "\u3000"),
        ("  \\C[2]勇者\\C[0]は ", "  ［\\C[2]勇者\\C[0]は～］ "),
        ("Hello", "［Hello～］"),
    ],
)
def test_a_line_is_marked_and_its_codes_and_edges_stay(line: str, marked: str) -> None:
    assert mark(line) == marked


@given(st.text(alphabet="あ漢aB。", min_size=8, max_size=60))
def test_a_line_grows_by_about_a_third(line: str) -> None:
    grown = width(mark(line)) / width(line)
    assert 1.3 <= grown <= 1.8
    assert line in mark(line)


async def test_each_line_of_the_last_message_is_marked_and_there_are_as_many() -> None:
    backend = PseudoBackend()
    messages = (Message("system", "s"), Message("user", "やあ\n\nまたね"))
    reply = await backend.complete(Request(model="pseudo", messages=messages))
    assert reply.text == "［やあ～］\n\n［またね～］"
    assert reply == await backend.complete(Request(model="pseudo", messages=messages))


async def test_its_digest_never_changes_by_itself() -> None:
    assert (await PseudoBackend().describe("a")).digest == (await PseudoBackend().models())[0].digest != ""
