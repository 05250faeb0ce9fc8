"""Which chunks of LCF files hold strings, and what they are.

The numbers and names are those of EasyRPG/liblcf's `generator/csv/fields.csv` and `fields_easyrpg.csv` (MIT). Chunks
that are not listed hold no string; they are stepped over by their sizes.
"""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """What a chunk holds: a string, one structure, a list of structures, event commands, move commands, or the size
    in bytes of another chunk.
    """

    STRING = "string"
    STRUCT = "struct"
    LIST = "list"
    COMMANDS = "commands"
    MOVES = "moves"
    SIZE = "size"


class Field(NamedTuple):
    """A chunk of a structure.

    of: the name of the structure that it holds, or the reason why its string is held back ("": players see it).
    counts: the id of the chunk whose size it tells.
    """

    name: str
    kind: Kind = Kind.STRING
    of: str = ""
    counts: int = 0


FILE = "file name"
EDITOR = "only the editor shows it"
MAP_NAME = "name of a map in the editor's tree"


def _file(name: str) -> Field:
    return Field(name, of=FILE)


def _editor(name: str = "name") -> Field:
    return Field(name, of=EDITOR)


def _list(name: str, of: str) -> Field:
    return Field(name, Kind.LIST, of)


def _struct(name: str, of: str) -> Field:
    return Field(name, Kind.STRUCT, of)


def _commands(size: int) -> dict[int, Field]:
    """Event commands, and the chunk before them that tells their size."""
    return {size: Field("size", Kind.SIZE, counts=size + 1), size + 1: Field("event_commands", Kind.COMMANDS)}


_NAME = {0x01: Field("name")}
_SOUND = {0x01: _file("name")}

_TERMS = {
    0x01: "encounter", 0x02: "special_combat", 0x03: "escape_success", 0x04: "escape_failure", 0x05: "victory",
    0x06: "defeat", 0x07: "exp_received", 0x08: "gold_recieved_a", 0x09: "gold_recieved_b", 0x0A: "item_recieved",
    0x0B: "attacking", 0x0C: "enemy_critical", 0x0D: "actor_critical", 0x0E: "defending", 0x0F: "observing",
    0x10: "focus", 0x11: "autodestruction", 0x12: "enemy_escape", 0x13: "enemy_transform", 0x14: "enemy_damaged",
    0x15: "enemy_undamaged", 0x16: "actor_damaged", 0x17: "actor_undamaged", 0x18: "skill_failure_a",
    0x19: "skill_failure_b", 0x1A: "skill_failure_c", 0x1B: "dodge", 0x1C: "use_item", 0x1D: "hp_recovery",
    0x1E: "parameter_increase", 0x1F: "parameter_decrease", 0x20: "enemy_hp_absorbed", 0x21: "actor_hp_absorbed",
    0x22: "resistance_increase", 0x23: "resistance_decrease", 0x24: "level_up", 0x25: "skill_learned",
    0x26: "battle_start", 0x27: "miss", 0x29: "shop_greeting1", 0x2A: "shop_regreeting1", 0x2B: "shop_buy1",
    0x2C: "shop_sell1", 0x2D: "shop_leave1", 0x2E: "shop_buy_select1", 0x2F: "shop_buy_number1",
    0x30: "shop_purchased1", 0x31: "shop_sell_select1", 0x32: "shop_sell_number1", 0x33: "shop_sold1",
    0x36: "shop_greeting2", 0x37: "shop_regreeting2", 0x38: "shop_buy2", 0x39: "shop_sell2", 0x3A: "shop_leave2",
    0x3B: "shop_buy_select2", 0x3C: "shop_buy_number2", 0x3D: "shop_purchased2", 0x3E: "shop_sell_select2",
    0x3F: "shop_sell_number2", 0x40: "shop_sold2", 0x43: "shop_greeting3", 0x44: "shop_regreeting3",
    0x45: "shop_buy3", 0x46: "shop_sell3", 0x47: "shop_leave3", 0x48: "shop_buy_select3", 0x49: "shop_buy_number3",
    0x4A: "shop_purchased3", 0x4B: "shop_sell_select3", 0x4C: "shop_sell_number3", 0x4D: "shop_sold3",
    0x50: "inn_a_greeting_1", 0x51: "inn_a_greeting_2", 0x52: "inn_a_greeting_3", 0x53: "inn_a_accept",
    0x54: "inn_a_cancel", 0x55: "inn_b_greeting_1", 0x56: "inn_b_greeting_2", 0x57: "inn_b_greeting_3",
    0x58: "inn_b_accept", 0x59: "inn_b_cancel", 0x5C: "possessed_items", 0x5D: "equipped_items", 0x5F: "gold",
    0x65: "battle_fight", 0x66: "battle_auto", 0x67: "battle_escape", 0x68: "command_attack", 0x69: "command_defend",
    0x6A: "command_item", 0x6B: "command_skill", 0x6C: "menu_equipment", 0x6E: "menu_save", 0x70: "menu_quit",
    0x72: "new_game", 0x73: "load_game", 0x75: "exit_game", 0x76: "status", 0x77: "row", 0x78: "order",
    0x79: "wait_on", 0x7A: "wait_off", 0x7B: "level", 0x7C: "health_points", 0x7D: "spirit_points",
    0x7E: "normal_status", 0x7F: "exp_short", 0x80: "lvl_short", 0x81: "hp_short", 0x82: "sp_short", 0x83: "sp_cost",
    0x84: "attack", 0x85: "defense", 0x86: "spirit", 0x87: "agility", 0x88: "weapon", 0x89: "shield", 0x8A: "armor",
    0x8B: "helmet", 0x8C: "accessory", 0x92: "save_game_message", 0x93: "load_game_message", 0x94: "file",
    0x97: "exit_game_message", 0x98: "yes", 0x99: "no", 0xA1: "maniac_item_received_a", 0xA2: "maniac_level_up_a",
    0xA3: "maniac_level_up_b", 0xA4: "maniac_level_up_c", 0xA5: "maniac_exp_received_a",
    0xA6: "maniac_skill_learned_a", 0xC8: "easyrpg_item_number_separator", 0xC9: "easyrpg_skill_cost_separator",
    0xCA: "easyrpg_equipment_arrow", 0xCB: "easyrpg_status_scene_name", 0xCC: "easyrpg_status_scene_class",
    0xCD: "easyrpg_status_scene_title", 0xCE: "easyrpg_status_scene_condition", 0xCF: "easyrpg_status_scene_front",
    0xD0: "easyrpg_status_scene_back", 0xD1: "easyrpg_order_scene_confirm", 0xD2: "easyrpg_order_scene_redo",
    0xD3: "easyrpg_battle2k3_double_attack", 0xD4: "easyrpg_battle2k3_defend", 0xD5: "easyrpg_battle2k3_observe",
    0xD6: "easyrpg_battle2k3_charge", 0xD7: "easyrpg_battle2k3_selfdestruct", 0xD8: "easyrpg_battle2k3_escape",
    0xD9: "easyrpg_battle2k3_special_combat_back", 0xDA: "easyrpg_battle2k3_skill", 0xDB: "easyrpg_battle2k3_item",
}  # fmt: skip

_SYSTEM_FILES = {
    0x0B: "boat_name", 0x0C: "ship_name", 0x0D: "airship_name", 0x11: "title_name", 0x12: "gameover_name",
    0x13: "system_name", 0x14: "system2_name", 0x54: "battletest_background", 0x64: "frame_name",
}  # fmt: skip
_SYSTEM_MUSIC = {
    0x1F: "title_music", 0x20: "battle_music", 0x21: "battle_end_music", 0x22: "inn_music", 0x23: "boat_music",
    0x24: "ship_music", 0x25: "airship_music", 0x26: "gameover_music",
    0x29: "cursor_se", 0x2A: "decision_se", 0x2B: "cancel_se", 0x2C: "buzzer_se", 0x2D: "battle_se",
    0x2E: "escape_se", 0x2F: "enemy_attack_se", 0x30: "enemy_damaged_se", 0x31: "actor_damaged_se",
    0x32: "dodge_se", 0x33: "enemy_death_se", 0x34: "item_se",
}  # fmt: skip

STRUCTURES: Mapping[str, Mapping[int, Field]] = {
    "Database": {
        0x0B: _list("actors", "Actor"),
        0x0C: _list("skills", "Skill"),
        0x0D: _list("items", "Item"),
        0x0E: _list("enemies", "Enemy"),
        0x0F: _list("troops", "Troop"),
        0x10: _list("terrains", "Terrain"),
        0x11: _list("attributes", "Named"),
        0x12: _list("states", "State"),
        0x13: _list("animations", "Animation"),
        0x14: _list("chipsets", "Chipset"),
        0x15: _struct("terms", "Terms"),
        0x16: _struct("system", "System"),
        0x17: _list("switches", "Named"),
        0x18: _list("variables", "Named"),
        0x19: _list("commonevents", "CommonEvent"),
        0x1D: _struct("battlecommands", "BattleCommands"),
        0x1E: _list("classes", "Class"),
        0x20: _list("battleranimations", "BattlerAnimation"),
        0x21: _list("maniac_string_variables", "Named"),
    },
    "Actor": _NAME | {
        0x02: Field("title"), 0x03: _file("character_name"), 0x0F: _file("face_name"), 0x43: Field("skill_name"),
    },
    "Skill": _NAME | {
        0x02: Field("description"), 0x03: Field("using_message1"), 0x04: Field("using_message2"),
        0x10: _struct("sound_effect", "Sound"), 0xC9: Field("easyrpg_battle2k3_message"),
    },
    "Item": _NAME | {0x02: Field("description"), 0xC9: Field("easyrpg_using_message")},
    "Enemy": _NAME | {0x02: _file("battler_name")},
    "Troop": {0x01: _editor(), 0x0B: _list("pages", "TroopPage")},
    "TroopPage": _commands(0x0B),
    "Terrain": {
        0x01: _editor(), 0x04: _file("background_name"), 0x0F: _struct("footstep", "Sound"),
        0x15: _file("background_a_name"), 0x1F: _file("background_b_name"),
    },
    "State": _NAME | {
        0x33: Field("message_actor"), 0x34: Field("message_enemy"), 0x35: Field("message_already"),
        0x36: Field("message_affected"), 0x37: Field("message_recovery"),
    },
    "Animation": {0x01: _editor(), 0x02: _file("animation_name"), 0x06: _list("timings", "AnimationTiming")},
    "AnimationTiming": {0x02: _struct("se", "Sound")},
    "Chipset": {0x01: _editor(), 0x02: _file("chipset_name")},
    "Terms": {number: Field(name) for number, name in _TERMS.items()},
    "System": {
        **{number: _file(name) for number, name in _SYSTEM_FILES.items()},
        **{number: _struct(name, "Sound") for number, name in _SYSTEM_MUSIC.items()},
    },
    "CommonEvent": {0x01: _editor(), **_commands(0x15)},
    "BattleCommands": {0x0A: _list("commands", "BattleCommand")},
    "BattleCommand": _NAME,
    "Class": _NAME,
    "BattlerAnimation": {
        0x01: _editor(), 0x0A: _list("poses", "BattlerPose"), 0x0B: _list("weapons", "BattlerPose"),
    },
    "BattlerPose": {0x01: _editor(), 0x02: _file("battler_name")},
    "Named": {0x01: _editor()},
    "Sound": _SOUND,
    "Map": {0x20: _file("parallax_name"), 0x51: _list("events", "Event")},
    "Event": {0x01: _editor(), 0x05: _list("pages", "EventPage")},
    "EventPage": {0x15: _file("character_name"), 0x29: _struct("move_route", "MoveRoute"), **_commands(0x33)},
    "MoveRoute": {0x0B: Field("size", Kind.SIZE, counts=0x0C), 0x0C: Field("moves", Kind.MOVES)},
    "MapInfo": {0x01: Field("name", of=MAP_NAME), 0x0C: _struct("music", "Sound"), 0x16: _file("background_name")},
}  # fmt: skip
"""The structures by name, each with its chunks by id."""
