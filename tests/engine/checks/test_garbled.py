"""Text that was read in the wrong encoding."""

from collections.abc import Callable

import pytest

from translator.core.finding import Finding, Severity

Flaws = Callable[..., list[Finding]]

GARBLED = [
    ("行くぞ！", "出\ufffd！"),
    ("行くぞ！", "出发\0！"),
    ("行くぞ！", "出发\x1b[0m！"),
    ("行くぞ！", "出发\b！"),
    ("行くぞ！", "出发\x85"),
    ("行くぞ！", "出发\ud83d"),
    ("行くぞ！", "出发\uffff"),
    ("行くぞ！", "出发\r！"),
    ("行くぞ！", "Let\x7fs go!"),
    ("主人", "ä¸»äºº"),
    ("主人", "主人".encode().decode("latin-1")),
    ("こんにちは", "ã“ã‚“ã«ã¡ã¯"),
    ("行くぞ！", "走吧ï¼ï¼ˆ笑ï¼‰"),
    ("カフェ", "CafÃ©"),
    ("橋", "BrÃ¼cke"),
    ("少年", "garÃ§on"),
    ("20度", "20 Â°C"),
    ("それは駄目", "Thatâ€™s bad"),
    ("「はい」", "â€œYesâ€"),
    ("やあ", "ÐŸÑ€Ð¸Ð²ÐµÑ‚"),
    ("やった 😀", "好耶 ðŸ˜€ðŸ˜€"),
    ("行くぞ！", "锟斤拷锟斤拷"),
    ("行くぞ！", "烫烫烫烫"),
    ("行くぞ！", "屯屯屯屯"),
    ("我们走吧，快！", "我们走吧，快！".encode().decode("gb18030", "ignore")),
    ("「行くぞ」", "“出发了”。".encode().decode("gb18030", "replace").replace("\ufffd", "?")),
    ("Hello", "こんにちは".encode().decode("cp932", "ignore")),
]
CLEAN = [
    ("もうない。", "Où est-il né… «Là-bas»…"),
    ("彼は生まれた…", "«Il est né…»"),
    ("彼は生まれた", "“Il est né”…"),
    ("えっ", "“Là…”"),
    ("だめだ！", "NÃO!"),
    ("朝…", "AMANHÃ… “MANHÃ”"),
    ("朝", "manhã…” “amanhã”…"),
    ("りんご", "MAÇÃ»"),
    ("橋", "Die Brücke über die Straße (süß) – Ärger, Öl, Übel"),
    ("心", "Cœur, garçon, Noël, À bientôt, ÇA, ÉTÉ"),
    ("はい", "Vâng, tôi đã hiểu rồi. ĐÃ XONG… “Ã”"),
    ("はい", "Âu cũng là số phận… â, ê, ô"),
    ("トルコ", "İSTANBUL’da ığüşöç"),
    ("ポーランド", "Zażółć gęślą jaźń"),
    ("ロシア", "Привет, «мир»!"),
    ("家族 👨‍👩‍👧", "家人 👨‍👩‍👧"),
    ("愛 ❤️", "爱 ❤️ 🇯🇵 1️⃣"),
    ("名前\u3000アリス", "姓名\u3000爱丽丝\n\t第二行"),
    ("名前\r\nアリス", "姓名\r\n爱丽丝"),
    ("\x1b[1m重要", "\x1b[1m重要"),
    ("文字化け: ä¸»äºº", "乱码: ä¸»äºº"),
    ("「\ufffd」が出た", "出现了“\ufffd”"),
    ("手斧", "木匠用的锛子。"),
    ("熱い熱い", "烫烫！"),
    ("屯田", "屯屯田"),
    ("もつれ", "縺れ縺れて、量繝彩色"),
    ("摂氏20度", "20 °C, ½, §3, © 2020, ±5"),
    ("スペイン", "¿Qué? ¡SÍ! ¡ÉL! ESPAÑA, Nº 1ª"),
    ("はい", ""),
]


@pytest.mark.parametrize(("source", "target"), GARBLED)
def test_what_was_read_in_the_wrong_encoding(flaws: Flaws, source: str, target: str) -> None:
    (finding,) = flaws("garbled", source, target, ("ja", "en"))
    assert finding.severity is Severity.ERROR
    assert finding.span is not None
    assert target[slice(*finding.span)]


@pytest.mark.parametrize(("source", "target"), CLEAN)
def test_letters_with_marks_and_signs_of_all_kinds_are_text(flaws: Flaws, source: str, target: str) -> None:
    assert flaws("garbled", source, target, ("ja", "fr")) == []
