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


def one_in(chance: float) -> str:
    """Return a small chance (0…1) as 1/5,000,000."""
    if chance < 1e-9:
        return "<1/1,000,000,000"
    return f"1/{round(1 / chance):,}"


def few(count: float) -> str:
    """Return an expected count that may be far below one."""
    return number(count, 4) if count >= 0.0001 else "<0.0001"


def _nearly(share: float) -> str:
    """Return the words for a share that is only nearly nothing or everything."""
    return "<0.1%" if share < 0.5 else ">99.9%"
