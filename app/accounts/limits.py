"""How many failed sign-ins are borne, and whom they are counted against."""

from ipaddress import IPv6Address, ip_address

WINDOW = 15 * 60  # seconds
PER_ACCOUNT = 8  # failures in a window
PER_FACTOR = 6  # wrong codes of somebody whose password was right
PER_ADDRESS = 40  # a whole branch may sit behind one address

HANDSHAKES = 200  # begun by one address in a window, whatever became of them


def network(address: str) -> str:
    """Return what one household or office shares: an IPv4 address, or an IPv6 /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return parsed.exploded[:19]


def minutes_left(started_at: int, at: int) -> int:
    """Return in how many minutes (1 or more) a window begun at `started_at` is over."""
    return max(1, -((at - started_at - WINDOW) // 60))
