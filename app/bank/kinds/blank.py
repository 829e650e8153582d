"""Fill in the blanks; pure. A response is the list of texts as typed."""

import unicodedata
from typing import Any

from app.bank.kinds.base import Form, Mark, Presented
from app.base.errors import Invalid


def fold(text: str) -> str:
    """Return `text` without what typing changes: width, case, spaces and punctuation."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in wide if unicodedata.category(c)[0] not in "PZCS")


class BlankKind:
    """One or more blanks, each with accepted variants."""

    def present(self, content: Any, seed: str) -> Presented:
        """There is nothing to choose from."""
        return Presented()

    def read(self, form: Form, content: Any, seed: str) -> list[str]:
        """Return the typed texts; raise Invalid when one is missing or far too long."""
        typed = [next(iter(form.get(f"blank-{n}", ())), "") for n in range(len(content.answers))]
        if any(not fold(text) for text in typed):
            raise Invalid("还有空没有填，请填好再提交。")
        if any(len(text) > 100 for text in typed):
            raise Invalid("答案太长了，每空最多 100 个字。")
        return [text.strip() for text in typed]

    def mark(self, content: Any, response: list[str]) -> Mark:
        """Mark each blank against its variants after folding."""
        pairs = zip(content.answers, response, strict=False)
        hits = sum(fold(text) in {fold(v) for v in variants} for variants, text in pairs)
        return Mark(hits == len(content.answers), hits / len(content.answers))

    def describe_key(self, content: Any) -> str:
        """Return the first variant of each blank."""
        return "；".join(variants[0] for variants in content.answers)

    def describe_response(self, content: Any, response: Any) -> str:
        """Return what was typed."""
        return "；".join(response)
