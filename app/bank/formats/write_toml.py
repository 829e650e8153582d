"""Questions to the bank's own files; pure."""

from collections.abc import Sequence

import msgspec

from app.bank.kinds import Content

_FIRST = ("id", "kind", "replaces", "provision", "difficulty", "stem")
_LAST = ("explanation", "reviewed", "facts", "tags")
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def write_toml(edition: str, items: Sequence[Content]) -> str:
    """Return a file of the bank that holds `items` of `edition`; empty fields are left out."""
    parts = [f"edition = {_string(edition)}\n"]
    for item in items:
        fields = msgspec.to_builtins(item)
        middle = [name for name in fields if name not in _FIRST + _LAST]
        lines = [f"{n} = {_value(fields[n])}" for n in (*_FIRST, *middle, *_LAST) if n in fields]
        parts.append("\n".join(["[[question]]", *lines]) + "\n")
    return "\n".join(parts)


def _value(value: object) -> str:
    """Return a string, truth or list as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return _string(str(value))


def _string(text: str) -> str:
    """Return a basic string."""
    return '"' + "".join(map(_character, text)) + '"'


def _character(character: str) -> str:
    """Return a character as a basic string holds it."""
    if character in _SHORT:
        return _SHORT[character]
    return f"\\u{ord(character):04X}" if character < " " or character == "\x7f" else character
