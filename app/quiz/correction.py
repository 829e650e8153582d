"""A response to an older revision, read as one to a newer: by the words, not the places; pure.

A correction may put options in another order or change the key; what a person chose is the text
they saw. Where a text they could choose is gone, there is no fair translation.
"""

from typing import Any

from app.bank.kinds import Blank, Content, Multiple, Order, Single


def can_translate(old: Content, new: Content) -> bool:
    """Say whether every possible response to `old` has the same meaning for `new`."""
    if type(old) is not type(new):
        return False
    if isinstance(old, Blank) and isinstance(new, Blank):
        return len(old.answers) == len(new.answers)
    return sorted(_texts(old)) == sorted(_texts(new))


def translate(old: Content, new: Content, response: Any) -> Any:
    """Return a canonical response to `old` as one to `new`; `can_translate` must hold."""
    if response is None or not _texts(old):
        return response
    places = {text: n for n, text in enumerate(_texts(new))}
    moved = [places[_texts(old)[n]] for n in response]
    return moved if isinstance(old, Order) else sorted(moved)


def _texts(content: Content) -> tuple[str, ...]:
    """Return what can be chosen or placed; nothing for kinds without such texts."""
    if isinstance(content, Single | Multiple):
        return content.options
    return content.items if isinstance(content, Order) else ()
