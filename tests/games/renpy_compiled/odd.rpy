init offset = 2
define k = Character("カイ", image="k")
default days = 1
label odd(a=1, *args, b="x"):
    k happy @ sad "全部の書き方を試す。" (what_size=20, *args) with dissolve
    k "[__hid]は隠れた名前。"
    call sub(1, b=2) from _call_sub
    "番号のある行。" id my_id
    menu branch (screen="choice"):
        set seen
        k "どっちにする？"
        "右" (1) if True:
            "右へ行く。"
        "左":
            nvl clear
            voice "a.ogg"
            k "左だ。"
    while days < 3:
        $ days += 1
        """
        一つ目の段落。

        二つ目の段落。
        """
    show k happy:
        linear 1.0 xpos 3
        "k.png"
    k "左だ。" nointeract
    extend ""
    return
label sub(x, b):
    show expression "a.png" as foo with dissolve
    $ renpy.notify(_("保存した。"))
    return
screen s(x=3):
    tag menu
    modal True
    frame:
        vbox:
            text _("お金：[gold]") style "big" size 20
            textbutton "戻る" action Return()
            for i in range(3):
                label "札"
            if x:
                text "本文"
            else:
                use t(1)
screen t(x):
    text "道具"
init 5 python:
    def f():
        """説明。

           続き。"""
        return _("コードの文")
transform tr(x):
    xalign x
    parallel:
        pass
style big is default:
    size 3
