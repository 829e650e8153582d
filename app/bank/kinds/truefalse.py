"""True or false: the two options keep their order; pure."""

from app.bank.kinds.kind import Form, Item, Mark, Presented, read_places, show, unreadable
from app.base.errors import Invalid
from app.base.words import gettext as _


class TrueFalse(Item, frozen=True, kw_only=True, tag_field="kind", tag="truefalse"):
    """Content of a statement to judge."""

    answer: bool


class TrueFalseKind:
    """How a statement is shown, read and marked; a response is a bool, option 0 is true."""

    def present(self, content: TrueFalse, seed: str) -> Presented:
        """Return true and false, always in this order."""
        options = show((_("正确"), _("错误")), [0, 1])
        return Presented(options, (0,) if content.answer else (1,))

    def read(self, form: Form, content: TrueFalse, seed: str) -> bool:
        """Return what the person holds the statement to be."""
        places = read_places(form, "choice", 2)
        if not places or len(places) != 1:
            raise Invalid(_("请选择“正确”或“错误”，再提交。"))
        return places[0] == 0

    def accept(self, content: TrueFalse, response: object) -> bool:
        """Return a judgement, as a program sent it."""
        if not isinstance(response, bool):
            raise unreadable()
        return response

    def mark(self, content: TrueFalse, response: bool) -> Mark:
        """Return all or nothing."""
        right = response is content.answer
        return Mark(right, float(right))

    def describe_key(self, content: TrueFalse) -> str:
        """Return the right judgement in words."""
        return self.describe_response(content, content.answer)

    def describe_response(self, content: TrueFalse, response: bool) -> str:
        """Return a judgement in words."""
        text: str = _("正确") if response else _("错误")
        return text

    def list_faults(self, content: TrueFalse) -> list[tuple[str, str]]:
        """Return nothing: every decoded statement is usable."""
        return []
