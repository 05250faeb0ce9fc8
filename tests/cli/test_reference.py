from pathlib import Path

import pytest

from translator.cli.options import OPTIONS
from translator.cli.reference import BEGIN, END, cli_page, pages, table, written

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", pages(DOCS), ids=lambda page: page.name)
def test_the_reference_pages_say_what_the_program_does(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == pages(DOCS)[page], "run: python -m translator.cli.reference docs"


def test_every_option_and_its_variable_are_documented() -> None:
    text = cli_page()
    for option in OPTIONS.values():
        assert f"`{option.flag}`" in text
        assert f"`{option.variable}`" in text


def test_a_page_keeps_what_people_wrote_around_the_written_part() -> None:
    page = written("# Formats\n\nAn introduction.\n", "part one")
    assert page == f"# Formats\n\nAn introduction.\n\n{BEGIN}\n\npart one\n\n{END}\n"
    again = written(page + "\nNotes below.\n", "part two")
    assert again == f"# Formats\n\nAn introduction.\n\n{BEGIN}\n\npart two\n\n{END}\n\nNotes below.\n"
    assert written(again, "part two") == again


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    assert table(("a",), [("N|auto",)]).endswith("| N\\|auto |")
