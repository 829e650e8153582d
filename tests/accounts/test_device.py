"""Devices are called as their owner would call them."""

import pytest

from app.accounts.device import device_name

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 10) Chrome/86.0 MicroMessenger/8.0.30", "微信 · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Firefox/115.0", "Firefox · Linux"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_names(agent: str, name: str) -> None:
    assert device_name(agent) == name
