"""Words that are no names even where a game has them in its lists: all that is said and done says them too.

An entry would push one translation into sentences that mean something else, and stand in the prompts of half a game.
"""

from translator.glossary.matcher import normalised

_WORDS: tuple[str, ...] = (
    # Japanese: what skills, states and unnamed speakers are called, and other sentences say too
    "攻撃", "通常攻撃", "防御", "回復", "治療", "猛毒", "麻痺", "睡眠", "眠り", "混乱", "暗闇", "沈黙", "怒り",
    "激怒", "魅了", "戦闘不能", "不死身", "石化", "呪い", "恐怖", "気絶", "死亡", "強化", "弱体", "成長", "魔法",
    "必殺技", "特技", "待機", "隠れる", "成功", "失敗", "なし", "無し", "その他", "不明", "未定", "戻る", "やめる",
    "はい", "いいえ", "アイテム", "武器", "防具", "装飾品", "スキル", "ステータス", "レベル", "全員", "みんな",
    "一同", "誰か", "だれか", "自分", "あなた", "わたし", "おれ", "ぼく", "きみ", "彼女", "謎の声", "ナレーション",
    "主人公", "システム", "テスト", "ダミー",
    # what menus and lists of a game's words say
    "装備", "最強装備", "全て外す", "並び替え", "編成", "隊列", "セーブ", "ロード", "記録", "中断", "再開", "終了",
    "ゲーム終了", "ゲーム開始", "ゲーム", "オプション", "設定", "大事なもの", "貴重品", "はじめから", "つづきから",
    "続きから", "ニューゲーム", "コンティニュー", "タイトル", "タイトルへ", "キャンセル", "決定", "購入", "売却",
    "最大", "敏捷", "体力", "気力", "知力", "腕力", "幸運", "身体", "頭部", "腕", "足", "物理", "重力", "大地",
    "お金", "時間", "場所", "目的", "名前", "職業", "称号", "種類", "説明", "情報", "メニュー", "ヘルプ",
    "コマンド", "パーティ", "パーティー", "メッセージ", "ページ", "次へ", "前へ", "閉じる", "開く", "選択", "確認",
    "完了", "未設定", "オン", "オフ", "仲間", "敵", "味方", "全体", "単体",
    # names of one sign or of two hiragana, which people are called by rarely
    "人", "男", "女", "子", "父", "母", "兄", "弟", "姉", "妹", "親", "友", "王", "姫", "兵", "客", "村", "町",
    "城", "家", "店", "声", "心", "体", "手", "目", "口", "頭", "顔", "命", "愛", "夢", "光", "闇", "影", "空",
    "海", "山", "川", "森", "花", "草", "木", "火", "水", "土", "風", "雷", "氷", "雪", "雨", "星", "月", "日",
    "昼", "夜", "朝", "春", "夏", "秋", "冬", "犬", "猫", "馬", "鳥", "魚", "虫", "竜", "龍", "狼", "鬼", "神",
    "霊", "魂", "剣", "盾", "弓", "槍", "斧", "杖", "鎧", "兜", "鍵", "薬", "金", "銀", "銅", "石", "玉", "力",
    "技", "術", "運", "毒", "死", "生", "血", "道", "門", "橋", "塔", "島", "国", "世", "私", "僕", "俺", "君",
    "彼", "誰", "何", "今", "前", "後", "上", "下", "中", "外", "右", "左", "東", "西", "南", "北", "皆", "うん",
    "いや", "ええ", "ああ", "おい", "ねえ", "そう", "どう", "こう", "もう", "まだ", "また", "もし", "でも", "ここ",
    "そこ", "どこ", "これ", "それ", "あれ", "どれ", "だれ", "なに", "なぜ", "いつ", "いま", "あと", "まえ", "うえ",
    "した", "なか", "そと", "みぎ", "よこ", "そば", "さき", "つぎ", "よる", "あさ", "ひる", "みち", "ひと", "こと",
    "もの", "とき", "ほう", "ため", "まま", "はず", "わけ", "いえ", "うち", "みせ", "むら", "まち", "ゆめ", "そら",
    "うみ", "かわ", "やま", "もり", "つき", "ほし", "いぬ", "ねこ", "とり", "うし", "うま", "はは", "ちち", "あに",
    "あね", "かお", "くち", "みみ", "はら", "あし", "かみ", "ちゃ", "さん", "くん",
    # Chinese
    "攻击", "恢复", "中毒", "麻痹", "睡觉", "黑暗", "沉默", "愤怒", "返回", "大家", "旁白", "某人", "装备", "物品",
    "道具", "技能", "状态", "等级", "存档", "读档", "保存", "读取", "设置", "选项", "结束", "开始", "继续", "购买",
    "出售", "取消", "确定", "战斗", "逃跑", "整队", "饰品", "盾牌", "头部", "运气", "金钱", "火焰", "冰冻", "雷电",
    "是的",
    # Korean
    "공격", "방어", "회복", "수면", "혼란", "침묵", "분노", "없음", "모두", "누군가", "장비", "아이템", "스킬",
    "상태", "레벨", "저장", "불러오기", "설정", "옵션", "종료", "시작", "계속", "구입", "판매", "취소", "결정",
    "무기", "머리", "마법", "물리", "전투", "도망",
    # English
    "attack", "dual attack", "guard", "defend", "defense", "heal", "healing", "poison", "sleep", "sleeping",
    "confusion", "confused", "blind", "silence", "rage", "anger", "charm", "death", "dead", "knockout", "immortal",
    "paralysis", "fear", "magic", "special", "escape", "run", "wait", "none", "nothing", "yes", "no", "back",
    "cancel", "item", "items", "weapon", "armor", "everyone", "all", "someone", "narrator", "system", "test",
    "dummy", "party", "me", "you", "him", "her", "them", "level", "fight", "skill", "skills", "equip", "equipment",
    "status", "formation", "save", "load", "game end", "options", "option", "settings", "key item", "key items",
    "optimize", "clear", "new game", "continue", "to title", "buy", "sell", "head", "body", "physical", "fire",
    "ice", "thunder", "water", "earth", "wind", "light", "darkness", "dark", "hit", "luck", "experience", "ok",
    "on", "off", "file", "page", "menu", "help", "name", "title", "class", "close", "open", "next", "command",
    "money",
)  # fmt: skip

EVERYDAY = frozenset(normalised(word).casefold() for word in _WORDS)
"""What a game calls its skills, states, menus and unnamed speakers: NFKC, without case."""
