# 灯台の夜

define a = Character("アオイ", image="aoi", color="#c8ffc8")
define g = Character(_("灯台守"), image="guard", color="#c8c8ff")
define n = Character(None, kind=nvl)
define radio = DynamicCharacter("radio_name")

default radio_name = "無線機"
default days = 3

image bg sea = Solid("#103050")

label start:

    scene bg sea
    with fade

    "海は暗く、灯台の光だけが回っていた。"

    a "こんばんは。だれかいますか？"

    g calm "ああ、いるとも。{w}こんな夜に客とは珍しい。"

    a happy @ blush "よかった……！\nもう三時間も歩いたんです。"

    voice "voice/guard_01.ogg"
    g "三時間だって？ それは『岬の道』を来たな。"

    "???" "……ザザ……聞こえるか……"

    menu ask:

        g "さて、何を聞きたい？"

        "灯台のことを聞く。":
            $ days += 1
            jump .tower

        "船のことを聞く。" if days > 2:
            call ship from _call_ship

        "\"さようなら\"と言う。":
            pass

    a "それでは、また。"
    extend " きっと。"
    return

label .tower:

    g "この塔は[days]日後に百年になる。{b}百年{/b}だぞ。"
    g "この塔は[days]日後に百年になる。{b}百年{/b}だぞ。"

    jump chapter_two

label ship(name="海鳥号"):

    radio "こちら[name]。100\% 異常なし。" with vpunch
    a "聞こえました！" nointeract
    pause 0.5
    a "もう一度お願いします。" (what_size=28) id again_please

    return
