"""Put items in order; pure."""

from app.bank.kinds.kind import (
    Form,
    Item,
    Mark,
    Presented,
    accept_indexes,
    show,
    shuffled,
    unreadable,
)
from app.base.errors import Invalid
from app.base.words import gettext as _

FEWEST, MOST = 3, 6


class Order(Item, frozen=True, kw_only=True, tag_field="kind", tag="order"):
    """Content whose items are written in the right order."""

    items: tuple[str, ...]


class OrderKind:
    """How ordering is shown, read and marked; a response is the indexes in the order given."""

    def present(self, content: Order, seed: str) -> Presented:
        """Return the items in the order of `seed`."""
        order = shuffled(len(content.items), seed)
        return Presented(show(content.items, order), tuple(range(len(order))))

    def read(self, form: Form, content: Order, seed: str) -> list[int]:
        """Return the indexes first to last; every place 1…n must be given once."""
        count = len(content.items)
        numbers = {str(n): n for n in range(1, count + 1)}
        sent = [next(iter(form.get(f"place-{n}", [])), "") for n in range(count)]
        places = [numbers.get(text, 0) for text in sent]
        if sorted(places) != list(range(1, count + 1)):
            raise Invalid(_("请给每一项选一个次序，从 1 到 %(n)s 各用一次，再提交。", n=count))
        order = shuffled(count, seed)
        return [order[places.index(n)] for n in range(1, count + 1)]

    def accept(self, content: Order, response: object) -> list[int]:
        """Return the indexes first to last, as a program sent them."""
        order = accept_indexes(response, len(content.items))
        if len(order) != len(content.items):
            raise unreadable()
        return order

    def mark(self, content: Order, response: list[int]) -> Mark:
        """Return right for the exact order; the share is that of items in their place."""
        key = list(range(len(content.items)))
        hits = sum(a == b for a, b in zip(key, response, strict=False))
        return Mark(response == key, hits / len(key))

    def describe_key(self, content: Order) -> str:
        """Return the items in the right order."""
        return " → ".join(content.items)

    def describe_response(self, content: Order, response: list[int]) -> str:
        """Return the items in the order given."""
        return " → ".join(content.items[n] for n in response)

    def list_faults(self, content: Order) -> list[tuple[str, str]]:
        """Return too few, too many, empty or repeated items."""
        found = []
        if len(content.items) < FEWEST:
            found.append(("order-too-short", f"排序题少于 {FEWEST} 项，请补足或改为别的题型。"))
        if len(content.items) > MOST:
            found.append(("order-too-long", f"排序题多于 {MOST} 项，手机上难以排列，请拆成两题。"))
        if len({item.strip() for item in content.items}) < len(content.items):
            found.append(("order-repeated", "排序题有相同的项，分不出先后，请改写。"))
        if any(not item.strip() for item in content.items):
            found.append(("empty-option", "排序题有空白的项，请写上内容或删去。"))
        return found
