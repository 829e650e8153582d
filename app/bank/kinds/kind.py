"""What all kinds of question share: the fields of an item, what is shown, what a mark is."""

import functools
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any, Literal, Protocol, TypeVar

import msgspec

from app.base.errors import Invalid
from app.base.words import gettext as _

Form = Mapping[str, list[str]]
Response = list[int] | list[str] | bool
LETTERS = "ABCDEFGH"
PLACES = [(str(place), letter) for place, letter in enumerate(LETTERS)]


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The fields every question has; `explanation` may be empty so that the check can name it."""

    id: Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]{0,59}$")]
    provision: str
    difficulty: Literal["know", "understand", "apply"]
    stem: str
    explanation: str = ""
    reviewed: Annotated[str, msgspec.Meta(pattern=r"^(\d{4}-\d{2})?$")] = ""
    facts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    replaces: str = ""


class Choice(msgspec.Struct, frozen=True):
    """One thing to choose or place: `value` is its place on the page, `index` in the file."""

    value: str
    letter: str
    text: str
    index: int


class Presented(msgspec.Struct, frozen=True):
    """A question as shown; `key` holds the indexes (in the file) of the right options."""

    options: tuple[Choice, ...] = ()
    key: tuple[int, ...] = ()


class Mark(msgspec.Struct, frozen=True):
    """Whether an answer is right, and which share of it is (0…1)."""

    right: bool
    share: float


C = TypeVar("C", contravariant=True)


def unreadable() -> Invalid:
    """Return the refusal of an answer that is not of its question's shape."""
    return Invalid(_("这条作答的内容不完整，没有计入。"))


class Kind(Protocol[C]):
    """A kind of question: pure functions of its content, a seed and a response."""

    def present(self, content: C, seed: str) -> Presented:
        """Return what to show; the same seed always gives the same order."""

    def read(self, form: Form, content: C, seed: str) -> Any:
        """Return the canonical response of a form shown with `seed`, or raise Invalid."""

    def accept(self, content: C, response: Any) -> Any:
        """Return a canonical response that a program sent, or raise Invalid."""

    def mark(self, content: C, response: Any) -> Mark:
        """Return the mark of a canonical response."""

    def describe_key(self, content: C) -> str:
        """Return the right answer in words."""

    def describe_response(self, content: C, response: Any) -> str:
        """Return a response in words."""

    def list_faults(self, content: C) -> list[tuple[str, str]]:
        """Return (rule, message) of what makes the content unusable."""


def shuffled(count: int, seed: str) -> list[int]:
    """Return 0…count-1 in an order drawn from `seed`, the same in every Python for ever."""
    drawn = [sha256(f"{seed}/{n}".encode()).digest() for n in range(count)]
    return sorted(range(count), key=drawn.__getitem__)


def show(texts: tuple[str, ...], order: list[int]) -> tuple[Choice, ...]:
    """Return `texts` as choices in `order`."""
    placed = zip(PLACES, order, strict=False)  # there are no more options than letters
    return tuple([Choice(value, letter, texts[n], n) for (value, letter), n in placed])


def read_places(form: Form, name: str, count: int) -> list[int] | None:
    """Return the places (0…count-1) sent in field `name`, None when any is no such place."""
    places = {str(n): n for n in range(count)}
    values = form.get(name, [])
    return [places[v] for v in values] if all(v in places for v in values) else None


def accept_indexes(response: Any, count: int) -> list[int]:
    """Return a list of different indexes (0…count-1), at least one; raise Invalid."""
    if not isinstance(response, list) or not response:
        raise unreadable()
    met: set[int] = set()
    for index in response:
        if type(index) is not int or not 0 <= index < count:  # true and false are no index
            raise unreadable()
        met.add(index)
    if len(met) < len(response):
        raise unreadable()
    return list(response)


@functools.lru_cache(1 << len(LETTERS))
def key_of(letters: str) -> tuple[int, ...]:
    """Return the indexes that `letters` such as "ABD" stand for."""
    return tuple(sorted(map(LETTERS.find, letters)))


def option_faults(options: tuple[str, ...], letters: str) -> list[tuple[str, str]]:
    """Return the faults of options and key letters that single and multiple choice share."""
    found = []
    if len(options) < 2:
        found.append(("too-few-options", "选项少于两个，请补足选项。"))
    if len(options) > len(LETTERS):
        found.append(("too-many-options", f"选项多于 {len(LETTERS)} 个，请删减。"))
    if any(not text.strip() for text in options):
        found.append(("empty-option", "有空白的选项，请写上内容或删去。"))
    known = LETTERS[: len(options)]
    wrong = [letter for letter in letters if letter not in known]
    if wrong:
        message = f"答案 {'、'.join(wrong)} 不在选项之中，请改为 {known} 之内的字母。"
        found.append(("answer-not-among-options", message))
    if len(set(letters)) < len(letters):
        found.append(("answer-repeated", "答案里有重复的字母，请删去多余的。"))
    return found
