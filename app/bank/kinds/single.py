"""Single choice: exactly one option is right; pure."""

from app.bank.kinds.kind import (
    Form,
    Item,
    Mark,
    Presented,
    accept_indexes,
    key_of,
    option_faults,
    read_places,
    show,
    shuffled,
    unreadable,
)
from app.base.errors import Invalid
from app.base.words import gettext as _


class Single(Item, frozen=True, kw_only=True, tag_field="kind", tag="single"):
    """Content of a single-choice question; `answer` is one letter."""

    options: tuple[str, ...]
    answer: str


class SingleKind:
    """How single choice is shown, read and marked; a response is [index]."""

    def present(self, content: Single, seed: str) -> Presented:
        """Return the options in the order of `seed`."""
        order = shuffled(len(content.options), seed)
        return Presented(show(content.options, order), key_of(content.answer))

    def read(self, form: Form, content: Single, seed: str) -> list[int]:
        """Return [index of the chosen option]."""
        places = read_places(form, "choice", len(content.options))
        if not places or len(places) != 1:
            raise Invalid(_("请选择一个答案，再提交。"))
        return [shuffled(len(content.options), seed)[places[0]]]

    def accept(self, content: Single, response: object) -> list[int]:
        """Return [index], as a program sent it."""
        chosen = accept_indexes(response, len(content.options))
        if len(chosen) != 1:
            raise unreadable()
        return chosen

    def mark(self, content: Single, response: list[int]) -> Mark:
        """Return all or nothing."""
        right = tuple(response) == key_of(content.answer)
        return Mark(right, float(right))

    def describe_key(self, content: Single) -> str:
        """Return the text of the right option."""
        return self.describe_response(content, list(key_of(content.answer)))

    def describe_response(self, content: Single, response: list[int]) -> str:
        """Return the text of the chosen option."""
        return "；".join(content.options[n] for n in response)

    def list_faults(self, content: Single) -> list[tuple[str, str]]:
        """Return what makes options or key unusable."""
        found = option_faults(content.options, content.answer)
        if len(content.answer) != 1:
            found.append(("answer-count", "单选题的答案必须正好是一个字母。"))
        return found
