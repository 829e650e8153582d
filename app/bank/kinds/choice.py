"""Single and multiple choice; pure. A response is the list of chosen bank places."""

from typing import Any

from app.bank.kinds.base import Form, Mark, Presented, shuffled
from app.base.errors import Invalid


def key_of(content: Any) -> frozenset[int]:
    """Return the bank places (0…) of the letters of the key."""
    return frozenset("ABCDEFGH".index(letter) for letter in content.answer)


class ChoiceKind:
    """One or several of up to eight options, shuffled for each page."""

    def __init__(self, several: bool) -> None:
        self.several = several

    def present(self, content: Any, seed: str) -> Presented:
        """Return the options in the page's order."""
        return Presented(shuffled(content.options, seed), key_of(content))

    def read(self, form: Form, content: Any, seed: str) -> list[int]:
        """Return the chosen bank places; raise Invalid when nothing or nonsense is chosen."""
        by_value = {c.value: c.index for c in self.present(content, seed).options}
        chosen = list(form.get("choice", ()))
        if not chosen or any(value not in by_value for value in chosen):
            raise Invalid("还没有选择答案，请选好再提交。")
        if not self.several and len(chosen) > 1:
            raise Invalid("这是单选题，请只选一个。")
        return sorted({by_value[value] for value in chosen})

    def mark(self, content: Any, response: list[int]) -> Mark:
        """Mark right when exactly the key is chosen; the share counts right choices less wrong."""
        key, chosen = key_of(content), set(response)
        share = max(0, len(chosen & key) - len(chosen - key)) / len(key)
        return Mark(chosen == key, share if chosen != key else 1.0)

    def describe_key(self, content: Any) -> str:
        """Return the right options as text."""
        return self.describe_response(content, sorted(key_of(content)))

    def describe_response(self, content: Any, response: Any) -> str:
        """Return the chosen options as text."""
        return "；".join(content.options[i] for i in response if 0 <= i < len(content.options))
