"""Fill in the blanks, forgiving about width, spaces, punctuation and case; pure."""

from app.bank.folding import fold
from app.bank.kinds.kind import Form, Item, Mark, Presented, unreadable
from app.base.errors import Invalid
from app.base.words import gettext as _

MARK = "___"
LONGEST = 100


class Blank(Item, frozen=True, kw_only=True, tag_field="kind", tag="blank"):
    """Content with one tuple of accepted variants per ___ in the stem."""

    answers: tuple[tuple[str, ...], ...]


class BlankKind:
    """How blanks are read and marked; a response is what was typed, one text a blank."""

    def present(self, content: Blank, seed: str) -> Presented:
        """Return nothing to choose from."""
        return Presented()

    def read(self, form: Form, content: Blank, seed: str) -> list[str]:
        """Return what was typed; some blanks may stay empty, but not all."""
        texts = [
            next(iter(form.get(f"blank-{n}", [])), "").strip() for n in range(len(content.answers))
        ]
        if not any(texts):
            raise Invalid(_("请填写答案，再提交。"))
        if any(len(text) > LONGEST for text in texts):
            raise Invalid(_("每个空最多 %(n)s 个字，请写短一些。", n=LONGEST))
        return texts

    def accept(self, content: Blank, response: object) -> list[str]:
        """Return one text a blank, as a program sent them; not all may be empty."""
        texts = response if isinstance(response, list) else []
        if len(texts) != len(content.answers) or not all(isinstance(t, str) for t in texts):
            raise unreadable()
        texts = [text.strip() for text in texts]
        if not any(texts) or any(len(text) > LONGEST for text in texts):
            raise unreadable()
        return texts

    def mark(self, content: Blank, response: list[str]) -> Mark:
        """Return right when every blank is; the share is that of right blanks."""
        around = [fold(part) for part in content.stem.split(MARK)]
        hits = sum(
            any(_says(fold(text), fold(variant), *around[n : n + 2]) for variant in variants)
            for n, (variants, text) in enumerate(zip(content.answers, response, strict=False))
        )
        right = hits == len(content.answers) == len(response)
        return Mark(right, hits / len(content.answers))

    def describe_key(self, content: Blank) -> str:
        """Return the first variant of each blank."""
        return "；".join(variants[0] for variants in content.answers)

    def describe_response(self, content: Blank, response: list[str]) -> str:
        """Return what was typed."""
        return "；".join(text or _("（未填）") for text in response)

    def list_faults(self, content: Blank) -> list[tuple[str, str]]:
        """Return blanks without answer or answers without blank."""
        found = []
        blanks = content.stem.count(MARK)
        if blanks == 0:
            found.append(("blank-count", "题干里没有空（三个下划线 ___），请标出要填的地方。"))
        elif blanks != len(content.answers):
            found.append(
                (
                    "blank-count",
                    f"题干有 {blanks} 个空，answers 却有 {len(content.answers)} 组，请使两者相等。",
                )
            )
        if any(not group or not all(map(fold, group)) for group in content.answers):
            found.append(("empty-answer", "有的空没有可接受的答案，或答案只有标点，请补上。"))
        return found


def _says(text: str, variant: str, before: str = "", after: str = "") -> bool:
    """Say whether the folded `text` is the variant, perhaps with words around the blank.

    People write out the whole term: 任期制 where the stem has “任期___制” needs no correction.
    """
    start = text.find(variant) if variant else -1
    while start >= 0:
        rest = text[start + len(variant) :]
        if before.endswith(text[:start]) and after.startswith(rest):
            return True
        start = text.find(variant, start + 1)
    return False
