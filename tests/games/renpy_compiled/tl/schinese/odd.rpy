translate schinese strings:
    old "戻る"
    new "返回"

translate schinese my_id:
    # "番号のある行。" id my_id
    "有编号的一行。" id my_id

translate schinese style big:
    size 3
