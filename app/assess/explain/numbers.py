"""Numbers as the sentences write them; pure."""


def percent(share: float) -> str:
    """Return a share (0…1) in whole per cent; never 0 or 100 unless it is exactly that."""
    rounded = round(100 * share)
    if rounded in (0, 100) and share not in (0, 1):
        return f"{100 * share:.1f}%" if 0.0005 <= share < 0.9995 else _nearly(share)
    return f"{rounded}%"


def number(value: float, digits: int = 1) -> str:
    """Return a number with at most so many digits after the point, without idle zeros."""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def correlation(value: float | None) -> str:
    """Return a correlation with two digits, a dash where it has no meaning."""
    return "—" if value is None else number(value, 2)


def _nearly(share: float) -> str:
    """Return the words for a share that is only nearly nothing or everything."""
    return "<0.1%" if share < 0.5 else ">99.9%"
