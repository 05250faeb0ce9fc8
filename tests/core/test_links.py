"""What names a link, a file or a colour is told from what speaks of one."""

import pytest

from translator.core.links import link_file_or_colour
from translator.testing.deadline import deadline

FILES = (
    "画像.png",
    "img/foo.png",
    "img\\foo.PNG",
    "../img/pictures/Title.rpgmvp",
    "img/system/Window.png_",
    "title screen.png",
    "Title Screen.png",
    "BGM 01.ogg",
    "背景 夜.jpg",
    "foo (2).png",
    "いくよ！.ogg",
    "bg@2x.png",
    "img_%d.webp",
    "{name}.png",
    "Graphics/Pictures/title screen.png",
    "C:\\Program Files\\Game\\data.dat",
    "data/Map001.json",
    "fonts/NotoSans-Regular.woff2",
    "readme.txt",
    " scenario/first.ks ",
    "a.b.c.json",
)
LINKS = (
    "https://example.org",
    "HTTPS://EXAMPLE.ORG/a?b=c#d",
    "https://example.org/img/foo.png",
    "ftp://example.org/",
    "res://ui/theme.tres",
    "steam://run/1",
    "file:///C:/a.html",
    "mailto:me@example.org",
    "tel:+81-3-0000-0000",
    "data:image/png;base64,AAAA",
    "www.example.org/help",
    "me.too+games@mail.example.org",
)
COLOURS = ("#ff00aa", "#FFF", "#f0f8", "#ff00aa80", "rgb(1, 2, 3)", "rgba(1,2,3,.5)", "hsl(120deg 100% 50% / 0.5)")
TEXTS = (
    "See http://x.y for more",
    "https://example.orgを見てください",
    "お問い合わせはinfo@example.orgまで",
    "#1 fan",
    "#12345",
    "#hello",
    "#ff00aa is pink",
    "rgb(red)",
    "Mr. Smith",
    "3.5",
    "foo.bar",
    "Wait...",
    "e.g.",
    "Open config.json",
    "He/she opened config.json",
    "open config.json",
    "Edit the file readme.txt",
    "Cannot find a.png",
    "can't load a.png",
    "Could not load the picture a.png",
    "Missing: a.png",
    "設定は、readme.txt",
    "readme.txtを開く",
    "「画像.png」",
    ".png",
    "png",
    "img/.png",
    "*.png",
    "a.png?",
    "Save as PNG",
    "and/or",
    "12:30",
    "Name: value",
    "mailto: me",
    "me@home",
    "@everyone",
    "Tel:0120",
    "data:none",
    "",
    "。",
)


@pytest.mark.parametrize("text", FILES)
def test_the_name_of_a_file_is_no_text(text: str) -> None:
    assert link_file_or_colour(text) == "file name"


@pytest.mark.parametrize("text", LINKS)
def test_a_link_is_no_text(text: str) -> None:
    assert link_file_or_colour(text) == "link"


@pytest.mark.parametrize("text", COLOURS)
def test_a_colour_is_no_text(text: str) -> None:
    assert link_file_or_colour(text) == "colour"


@pytest.mark.parametrize("text", TEXTS)
def test_what_only_speaks_of_one_is_a_text(text: str) -> None:
    assert link_file_or_colour(text) is None


def test_long_texts_are_looked_at_in_linear_time() -> None:
    with deadline(5):
        for piece in ("a/", "a.", "a@", "a-.", "1,", "a ", "www.", "rgb(", "\\"):
            for ending in ("", ".png", "!", ")"):
                link_file_or_colour(piece * 300_000 + ending)
                link_file_or_colour("rgb(" + piece * 300_000 + ending)
                link_file_or_colour("a@" + piece * 300_000 + ending)
