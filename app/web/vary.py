"""What an answer depends on, said to those who keep answers on the way."""

from werkzeug.wrappers import Response


def add_vary(response: Response, name: str) -> None:
    """Say that the answer depends on a header of the request; what is said already stays."""
    said = response.headers.get("Vary")
    if said is None:
        response.headers.add("Vary", name)
    elif name not in said:
        response.headers["Vary"] = f"{said}, {name}"
