"""What a dropped code splits stays one text."""

from translator.core.languages import language
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.segment import Role
from translator.core.work import Unit
from translator.engine.desk import Desk
from translator.engine.prepare import prepare, restore
from translator.profiles import all_profiles


def test_the_text_around_a_dropped_reading_is_sent_whole() -> None:
    markup = MarkupSyntax((MarkupRule("《[^》]*》", Fate.DROP),))
    desk = Desk(all_profiles()["sakura-v1.0"], language("ja"), language("zh-CN"), "m", 2048, {"text": markup})
    ready = prepare(Unit(1, "智《ち》に働けば角《かど》が立つ。", Role.NARRATION, "", "text"), desk)
    assert ready.lines == ("智に働けば角が立つ。",)
    assert restore(ready, ["过于理智会碰壁。"], desk).target == "过于理智会碰壁。"
