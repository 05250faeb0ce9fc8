"""What a file cannot hold is found together, in about the time that it takes to write the file."""

from collections.abc import Mapping

import pytest

from translator.core.document import RefusedTargetError, UnencodableError
from translator.core.segment import Role, Segment
from translator.workflow.unfit import unfit

TEXTS = 512


class Picky:
    """A document that refuses some texts, one at a time, and that counts what it looks at.

    charset: what is written in it; a text without a target stays "夜".
    """

    def __init__(self, charset: str = "utf-8") -> None:
        self.segments = tuple(Segment(str(number), "夜", Role.DIALOGUE) for number in range(TEXTS))
        self.notices = ()
        self.charset = charset
        self.looked_at = 0

    def render(self, targets: Mapping[str, str]) -> bytes:
        for key, target in targets.items():
            self.looked_at += 1
            if target == "bad":
                raise RefusedTargetError(key, "no")
        written = [(s.key, targets.get(s.key, s.source)) for s in self.segments]
        for key, text in written:
            try:
                text.encode(self.charset)
            except UnicodeEncodeError as error:
                raise UnencodableError(key, text[error.start], self.charset) from error
        return b""


def first_error(document: Picky, targets: Mapping[str, str]) -> RefusedTargetError | UnencodableError:
    with pytest.raises((RefusedTargetError, UnencodableError)) as raised:
        document.render(targets)
    assert isinstance(raised.value, RefusedTargetError | UnencodableError)
    return raised.value


@pytest.mark.parametrize("every", [1, 7, TEXTS])
def test_all_that_is_refused_is_found_without_looking_at_all_for_each(every: int) -> None:
    document = Picky()
    targets = {s.key: "bad" if number % every == 0 else "good" for number, s in enumerate(document.segments)}
    found = unfit(document, targets, first_error(document, targets))
    assert found.keys() == {key for key, text in targets.items() if text == "bad"}
    assert document.looked_at < 20 * TEXTS


def test_texts_that_only_their_translations_make_writable_are_no_reason_to_refuse_others() -> None:
    document = Picky("ascii")
    targets = {s.key: "good" for s in document.segments} | {"5": "bad", "9": "bad"}
    assert set(unfit(document, targets, first_error(document, targets))) <= {"5", "9"}


def test_an_error_about_none_of_the_targets_is_said_to_be_that() -> None:
    document = Picky("ascii")
    assert not unfit(document, {"1": "good"}, first_error(document, {"1": "good"}))
