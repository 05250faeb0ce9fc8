# TODO: Translation updated at 2026-01-05 20:10

# game/script.rpy:18
translate schinese start_5e421c25:

    # "海は暗く、灯台の光だけが回っていた。"
    "海面一片漆黑，只有灯塔的光在旋转。"

# game/script.rpy:20
translate schinese start_0badc0de:

    # a "だれもいない。"
    a "一个人也没有。"

translate schinese strings:

    # game/script.rpy:41
    old "灯台のことを聞く。"
    new "打听灯塔的事。"

