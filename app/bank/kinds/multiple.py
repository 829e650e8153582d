"""Multiple choice: two or more options are right; pure."""

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
)
from app.base.errors import Invalid
from app.base.words import gettext as _


class Multiple(Item, frozen=True, kw_only=True, tag_field="kind", tag="multiple"):
    """Content of a multiple-choice question; `answer` is two or more letters."""

    options: tuple[str, ...]
    answer: str


class MultipleKind:
    """How multiple choice is shown, read and marked; a response is the sorted indexes."""

    def present(self, content: Multiple, seed: str) -> Presented:
        """Return the options in the order of `seed`."""
        order = shuffled(len(content.options), seed)
        return Presented(show(content.options, order), key_of(content.answer))

    def read(self, form: Form, content: Multiple, seed: str) -> list[int]:
        """Return the sorted indexes of the chosen options."""
        places = read_places(form, "choice", len(content.options))
        if not places:
            raise Invalid(_("请至少选择一个答案，再提交。"))
        order = shuffled(len(content.options), seed)
        return sorted({order[n] for n in places})

    def accept(self, content: Multiple, response: object) -> list[int]:
        """Return the sorted indexes, as a program sent them."""
        return sorted(accept_indexes(response, len(content.options)))

    def mark(self, content: Multiple, response: list[int]) -> Mark:
        """Return right for exactly the key; the share is 0 as soon as a wrong option is chosen."""
        key, chosen = set(key_of(content.answer)), set(response)
        share = len(chosen) / len(key) if chosen <= key else 0.0
        return Mark(chosen == key, share)

    def describe_key(self, content: Multiple) -> str:
        """Return the texts of the right options."""
        return self.describe_response(content, list(key_of(content.answer)))

    def describe_response(self, content: Multiple, response: list[int]) -> str:
        """Return the texts of the chosen options."""
        return "；".join(content.options[n] for n in response)

    def list_faults(self, content: Multiple) -> list[tuple[str, str]]:
        """Return what makes options or key unusable."""
        found = option_faults(content.options, content.answer)
        if len(content.answer) < 2:
            message = "多选题的答案必须是两个或两个以上字母，只有一个请改为单选题。"
            found.append(("answer-count", message))
        return found
