## 設定。タイトルなど。

define config.name = _("灯台の夜")
define config.version = "1.0"
define config.save_directory = "toudai_no_yoru"
define build.name = "toudai"
