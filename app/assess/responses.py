"""What the analysis needs to know of questions and of stored responses; pure."""

from functools import lru_cache
from typing import Any

import msgspec

from app.assess.guess import guess
from app.assess.options import Item
from app.bank.catalogue import Question
from app.bank.kinds import Multiple, Single, TrueFalse
from app.bank.kinds.kind import key_of
from app.quiz.correction import can_translate

CHOSEN = frozenset({"single", "multiple", "truefalse"})  # kinds that have options to count
TRUTHS = 2
_NONE: tuple[int, ...] = ()


def item_of(question: Question) -> Item:
    """Return options, key and share by guessing of a question; kinds without options have none."""
    content = question.content
    options, key = 0, _NONE
    if isinstance(content, Single | Multiple):
        options, key = len(content.options), key_of(content.answer)
    elif isinstance(content, TrueFalse):
        options, key = TRUTHS, (0 if content.answer else 1,)
    return Item(question.id, options, key, guess(question.kind, content).share)


def item_as_corrected(asked: Question, later: Question) -> Item:
    """Return the item of `asked` with the key that the later revision has, found by the words.

    Options may stand in another order there; where one is gone the key stays as it was.
    """
    item, new = item_of(asked), later.content
    if not can_translate(asked.content, new):
        return item
    if isinstance(new, Single | Multiple):
        texts = option_texts(asked)
        return item._replace(
            key=tuple(sorted(texts.index(new.options[n]) for n in key_of(new.answer)))
        )
    return item_of(later) if isinstance(new, TrueFalse) else item


def option_texts(question: Question) -> tuple[str, ...]:
    """Return what stands at each option in the order of the file; "" for true and false."""
    content = question.content
    return content.options if isinstance(content, Single | Multiple) else ("", "")


@lru_cache(maxsize=4096)
def chosen(kind: str, response: str | None) -> tuple[int, ...] | None:
    """Return the indexes of the chosen options of a stored response (JSON), None without any.

    A hundred thousand responses are few different ones, so each is read once.
    """
    if response is None or kind not in CHOSEN:
        return None
    found: Any = msgspec.json.decode(response)
    if kind == "truefalse":
        return None if found is None else (0 if found else 1,)
    return tuple(found) if isinstance(found, list) else None
