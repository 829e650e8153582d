"""What people read, in their language, for modules that a child process imports as well.

A child that reads a file from outside starts for each file and never translates; the web framework,
which knows the language of a request, would be half of what it imports.
"""


def gettext(text: str, **values: object) -> str:
    """Return `text` in the language of the request, with `values` in their places."""
    from flask_babel import gettext as translated

    said: str = translated(text, **values)
    return said
