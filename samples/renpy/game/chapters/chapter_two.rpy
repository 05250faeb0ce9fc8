label chapter_two:

    nvl clear
    n """
    二日目の朝が来た。
    霧は深く、何も見えない。

    それでも、鐘の音だけは聞こえた。
    """

    if days > 5:

        a 'まだ、だれも来ませんね。'

    elif days == 5:

        a "五日目です。"

    else:

        a "あと少しです。"

    $ answer = renpy.input("あなたの名前は？", length=8)
    $ renpy.notify(_("日誌に書きました。"))

    show screen diary

    label _interlude:

        g "休むといい。"

    label corridor hide:

        g "階段は{cps=20}百八段{/cps}ある。"

    a "{#parting}では。"

    return
