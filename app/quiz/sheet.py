"""The fields of a form that holds a saved response: the inverse of `Kind.read`; pure."""

from typing import Any

from app.bank.kinds import KINDS, Content


def fields_of(kind: str, content: Content, seed: str, response: Any) -> dict[str, list[str]]:
    """Return field → values of a question shown with `seed` and answered with `response`."""
    if response is None:
        return {}
    if kind == "blank":
        return {f"blank-{n}": [text] for n, text in enumerate(response)}
    options = KINDS[kind].present(content, seed).options
    if kind == "order":
        return {f"place-{o.value}": [str(response.index(o.index) + 1)] for o in options}
    chosen = [0 if response else 1] if kind == "truefalse" else response
    return {"choice": [o.value for o in options if o.index in chosen]}


def is_empty(form: dict[str, list[str]]) -> bool:
    """Say whether a form holds no part of an answer, whatever else it carries."""
    return not any(
        value.strip()
        for name, values in form.items()
        if name == "choice" or name.startswith(("blank-", "place-"))
        for value in values
    )
