"""Put in order; pure. A response lists the items' bank places in the order given."""

from typing import Any

from app.bank.kinds.base import Form, Mark, Presented, shuffled
from app.base.errors import Invalid


class OrderKind:
    """Three to six items with one right order."""

    def present(self, content: Any, seed: str) -> Presented:
        """Return the items shuffled, never in the right order already."""
        for salt in range(20):
            options = shuffled(content.items, f"{seed}/{salt}")
            if [c.index for c in options] != list(range(len(options))):
                break
        return Presented(options)

    def read(self, form: Form, content: Any, seed: str) -> list[int]:
        """Return the order given; raise Invalid unless each place is used once."""
        options = self.present(content, seed).options
        places = [next(iter(form.get(f"place-{c.value}", ())), "") for c in options]
        wanted = {str(n) for n in range(1, len(options) + 1)}
        if set(places) != wanted:
            raise Invalid("请给每一项选一个不同的次序，再提交。")
        return [options[places.index(str(n))].index for n in range(1, len(options) + 1)]

    def mark(self, content: Any, response: list[int]) -> Mark:
        """Mark right when all are in order; the share counts items in their own place."""
        hits = sum(place == index for place, index in enumerate(response))
        right = response == list(range(len(content.items)))
        return Mark(right, hits / len(content.items))

    def describe_key(self, content: Any) -> str:
        """Return the items in the right order."""
        return " → ".join(content.items)

    def describe_response(self, content: Any, response: Any) -> str:
        """Return the items in the order given."""
        return " → ".join(content.items[i] for i in response if 0 <= i < len(content.items))
