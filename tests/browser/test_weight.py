"""How many bytes the study page costs on a first visit, compressed."""

import pytest

from tests.browser.conftest import Phone, Site
from tests.browser.test_member import sign_in

pytestmark = pytest.mark.browser


def test_study_page_stays_light(site: Site, phone: Phone) -> None:
    site.make("丁一")
    signed = phone()
    sign_in(signed.new_page(), "丁一")
    page = phone().new_page()
    page.context.add_cookies(signed.cookies())  # type: ignore[arg-type]
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: dict[str, float] = {}
    kinds: dict[str, str] = {}
    session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    session.on(
        "Network.loadingFinished",
        lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}),
    )
    page.goto("/study", wait_until="networkidle")
    path = sum(s for i, s in sizes.items() if kinds.get(i) in ("Document", "Stylesheet"))
    print(f"render path {path:.0f} bytes, first visit {sum(sizes.values()):.0f} bytes")
    assert 1000 < path <= 12 * 1024
    assert sum(sizes.values()) <= 30 * 1024
