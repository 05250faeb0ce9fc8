screen diary():

    tag menu
    style_prefix "diary"

    frame:
        background "gui/frame.png"

        vbox:
            label _("日誌")
            text "今日は[days]日目。"
            textbutton _("閉じる") action Hide("diary")
            textbutton "日本語" action Language(None)
            textbutton "中文" action Language("schinese")

style diary_text:
    font "DejaVuSans.ttf"
    size 22

define gui.text_font = "DejaVuSans.ttf"
define gui.about = _p("""
    これは灯台の話です。
    最後まで読んでくださって、ありがとう。

    作者より。
    """)
