"""The two ways in which scripts are scrambled with a fixed key (ONScripter's ScriptHandler::readScriptSub)."""

import regex

MARKS = regex.compile(rb"(?mi)^[ \t]*(?:\*define|\*start|game|;mode\d+|;\$V\d+)\b")
_KEYS = (b"", b"\x84", b"\x79\x57\x0d\x80\x04")
_ENOUGH = 65536


def key_of(blob: bytes) -> bytes:
    """The key with which the bytes are a script; empty for a plain one, and where no key makes them one."""
    head = blob[:_ENOUGH]
    return next((key for key in _KEYS if MARKS.search(scrambled(head, key))), b"")


def scrambled(data: bytes, key: bytes) -> bytes:
    """The bytes, each XOR a byte of the key in turn: the same takes it off again."""
    if not key:
        return data
    keys = (key * (len(data) // len(key) + 1))[: len(data)]
    return (int.from_bytes(data, "big") ^ int.from_bytes(keys, "big")).to_bytes(len(data), "big")
