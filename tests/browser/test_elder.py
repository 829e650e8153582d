"""Every page small and large, narrow and wide: nothing too small, cut off or too wide.

These are the looks in which something broke before; `tests.browser.accessible` takes all of them.
"""

import pytest
from playwright.sync_api import Page

from tests.browser.axe import LOOKS, violations
from tests.browser.conftest import Phone, Site
from tests.browser.faults import FAULTS, SIZES, dress, list_faults
from tests.browser.test_member import answer, fill, sign_in

pytestmark = pytest.mark.browser
# By all rules of axe first, then by those whose answer can change.
COLOURINGS = (("light", 18, 360), ("dark", 18, 360), ("light", 30, 320))
NARROW, OTHERS, ENDS = 320, (360, 1280), (18, 30)


def looks(page: Page) -> list[str]:
    """Return what is wrong with the page: on the narrowest screen in any size, else at the ends."""
    found = []
    for width, sizes in ((NARROW, SIZES), *((other, ENDS) for other in OTHERS)):
        for size in sizes:
            dress(page, width, size, "light")
            found += [f"{page.url} {width}px {size}: {f}" for f in list_faults(page, size, width)]
    return found


def axe(page: Page) -> list[str]:
    """Return what axe finds, or cannot decide about contrast, in any colouring."""
    found = []
    for scheme, size, width in COLOURINGS:
        dress(page, width, size, scheme)
        only = () if (scheme, size, width) == COLOURINGS[0] else LOOKS
        found += [f"{scheme} {size} {width}px {f}" for f in violations(page, only)]
    return found


@pytest.mark.parametrize("check", [looks, axe], ids=["looks", "axe"])
def test_every_page_in_every_size(
    site: Site, phone: Phone, every: list[str], check: object
) -> None:
    assert callable(check)
    name = f"戌{check.__name__}"
    site.make(name, role="admin")
    page = phone().new_page()
    found = []
    for path in ("/", "/sign-in", "/offline"):
        page.goto(path)
        found += check(page)
    sign_in(page, name)  # leads somebody with a role to setting up a second factor first
    found += check(page)
    page.goto("/")
    page.locator("#kept-pack").wait_for()
    found += check(page)
    for path in (*every, "/offline"):
        page.goto(path)
        if path == "/offline":
            page.locator("#submit").wait_for()
        found += check(page)
    found += states(page, check)
    assert found == [], "\n".join(found)


def states(page: Page, check: object) -> list[str]:
    """Check the states of a question of each kind: asked, answered, asked and answered offline."""
    assert callable(check)
    found, kinds = [], set()
    for number in range(30):
        page.goto(f"/study?way=random&since={number + 1}")
        kind = page.locator("#answer").get_attribute("data-kind")
        if kind in kinds:
            continue
        kinds.add(kind)
        found += check(page)
        page.set_viewport_size({"width": 360, "height": 640})
        answer(page)
        found += check(page)
    assert len(kinds) >= 4
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto("/offline")
    page.locator("#submit").wait_for()
    fill(page)
    page.locator("#submit").tap()
    page.locator("#verdict").wait_for()
    return found + list(check(page))


def test_ratings_can_be_read_in_every_size(site: Site, phone: Phone) -> None:
    site.make("亥四")
    page = phone().new_page()
    sign_in(page, "亥四")
    for _try in range(40):  # the options lie elsewhere each time
        page.goto("/study?way=one&question=dz22-p01-01")
        page.locator("label.choice").first.tap()
        with page.expect_navigation():
            page.locator(".dock button").first.tap()
        if page.locator("#ratings").count():
            break
    assert page.locator("#ratings").is_visible()
    assert looks(page) + axe(page) == []


def test_the_count_of_a_long_session_fits(site: Site, phone: Phone) -> None:
    site.make("亥五")
    page = phone().new_page()
    sign_in(page, "亥五")
    page.goto("/study?way=random&since=1")
    count = page.locator(".focus-top .count")
    count.evaluate("e => { e.textContent = '1064 / 1064'; }")
    assert looks(page) == []


def test_high_contrast_shows_what_is_chosen_and_nothing_moves(site: Site, phone: Phone) -> None:
    site.make("亥一")
    page = phone().new_page()
    sign_in(page, "亥一")
    page.emulate_media(forced_colors="active", contrast="more", reduced_motion="reduce")
    page.goto("/study?way=one&question=dz22-p01-01")
    chosen = page.locator("label.choice").first
    outline = "e => getComputedStyle(e).outlineStyle"
    assert chosen.evaluate(outline) == "none"
    chosen.tap()
    assert chosen.evaluate(outline) == "solid"
    colours = "e => { const s = getComputedStyle(e); return [s.color, s.borderColor]; }"
    ink, line = chosen.evaluate(colours)
    assert ink == line
    moving = """() => Array.from(document.querySelectorAll('*')).filter((e) => {
      const s = getComputedStyle(e);
      return s.transitionDuration !== '0s' || s.animationName !== 'none';
    }).length"""
    assert page.evaluate(moving) == 0
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    assert page.evaluate(moving) > 0


def test_codes_can_be_scanned_in_the_dark(site: Site, phone: Phone) -> None:
    site.make("亥六", role="trainer")
    page = phone(scheme="dark").new_page()
    sign_in(page, "亥六")
    page.goto("/account/second-step/app")
    behind = "e => getComputedStyle(e).backgroundColor"
    assert page.locator("main img").evaluate(behind) == "rgb(255, 255, 255)"
    assert page.locator("body").evaluate(behind) != "rgb(255, 255, 255)"


def test_paper_shows_black_on_white_and_no_buttons(site: Site, phone: Phone) -> None:
    site.make("亥七")
    page = phone(scheme="dark").new_page()
    sign_in(page, "亥七")
    page.goto("/statistics")
    colours = "e => { const s = getComputedStyle(e); return [s.color, s.backgroundColor]; }"
    card = page.locator("section.card").first
    assert card.evaluate(colours)[0] != "rgb(0, 0, 0)"
    page.emulate_media(media="print", color_scheme="dark")
    assert card.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    for part in ("header.site", "main .button"):
        assert page.locator(part).first.is_hidden()


def test_keys_answer_and_go_on_and_can_be_switched_off(site: Site, phone: Phone) -> None:
    site.make("亥二")
    page = phone().new_page()
    sign_in(page, "亥二")
    page.goto("/study?way=one&question=dz22-p01-01")
    page.keyboard.press("2")
    assert page.locator("input[name=choice]").nth(1).is_checked()
    with page.expect_navigation():
        page.keyboard.press("Space")
    page.locator("section.feedback").wait_for()
    with page.expect_navigation():
        page.keyboard.press("Space")
    page.goto("/settings")
    page.locator("[name=shortcuts]").uncheck()
    with page.expect_navigation():
        page.locator("main form button").first.tap()
    page.goto("/study?way=one&question=dz22-p01-01")
    page.keyboard.press("2")
    assert page.locator("input[name=choice]:checked").count() == 0


def test_the_question_is_read_aloud_where_there_is_a_voice(site: Site, phone: Phone) -> None:
    site.make("亥三")
    context = phone()
    context.add_init_script(
        "window.said = []; window.SpeechSynthesisUtterance = function (t) { this.text = t; };"
        "Object.defineProperty(window, 'speechSynthesis', { value: {"
        "speaking: false, cancel() {}, speak(u) { window.said.push([u.text, u.lang]); } } });"
    )
    page = context.new_page()
    sign_in(page, "亥三")
    page.goto("/study?way=one&question=dz22-p01-01")
    page.locator("#speak").tap()
    [[text, language]] = page.evaluate("window.said")
    assert language == "zh-CN"
    assert page.locator(".choice .text").last.inner_text() in text
    dumb = phone()
    dumb.add_init_script("delete window.speechSynthesis; delete window.SpeechSynthesisUtterance;")
    dumb.add_cookies(context.cookies())  # type: ignore[arg-type]
    silent = dumb.new_page()
    silent.goto("/study?way=one&question=dz22-p01-01", wait_until="networkidle")
    assert silent.locator("#speak").is_hidden()


def test_what_has_the_focus_is_ringed_in_a_colour_unlike_the_paper(
    site: Site, phone: Phone
) -> None:
    ring = "e => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineColor]; }"
    for scheme in ("light", "dark"):
        page = phone(scheme=scheme).new_page()
        page.goto("/sign-in")
        paper = page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
        field = page.locator("[name=login]")
        card = field.evaluate("e => getComputedStyle(e).backgroundColor")
        field.focus()
        style, colour = field.evaluate(ring)
        assert style == "solid"
        assert colour not in (paper, card)


def test_the_check_finds_planted_faults(phone: Phone) -> None:
    page = phone().new_page()
    page.set_content(
        "<!doctype html><main><button class=button>小</button><p class=wide></p></main>"
        "<style>button{height:20px} .wide{width:2000px}</style>"
    )
    faults = page.evaluate(FAULTS, [30, 360])
    assert {f.split(":")[0].split(" by")[0] for f in faults} >= {
        "wider than the screen",
        "small",
        "cut off",
    }
