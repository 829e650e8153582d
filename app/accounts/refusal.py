"""A refusal of the rooms, shown where the person can mend it."""

from typing import Any

from app.base.errors import XuejiError


def refuse(form: Any, error: XuejiError) -> int:
    """Put a refusal of the rooms next to the fields it names (or atop) and return its status."""
    named = {name: text for name, text in error.fields.items() if name in form}
    for name, text in named.items():
        form[name].errors = [*form[name].errors, text]
    if not named:
        form.form_errors.append(error.message)
    return error.status
