"""True or false; pure. A response is a bool; the options are never shuffled."""

from typing import Any

from app.bank.kinds.base import Choice, Form, Mark, Presented
from app.base.errors import Invalid

WORDS = ("正确", "错误")


class TrueFalseKind:
    """A statement that is right or wrong."""

    def present(self, content: Any, seed: str) -> Presented:
        """Return the two options, true first."""
        options = tuple(Choice(str(n), "AB"[n], word, n) for n, word in enumerate(WORDS))
        return Presented(options, frozenset({0 if content.answer else 1}))

    def read(self, form: Form, content: Any, seed: str) -> bool:
        """Return what was chosen; raise Invalid when nothing was."""
        chosen = list(form.get("choice", ()))
        if len(chosen) != 1 or chosen[0] not in ("0", "1"):
            raise Invalid("还没有选择答案，请选好再提交。")
        return chosen[0] == "0"

    def mark(self, content: Any, response: bool) -> Mark:
        """Mark right when the response is the key."""
        right = response is content.answer
        return Mark(right, float(right))

    def describe_key(self, content: Any) -> str:
        """Return the right word."""
        return self.describe_response(content, content.answer)

    def describe_response(self, content: Any, response: Any) -> str:
        """Return the chosen word."""
        return WORDS[0] if response else WORDS[1]
