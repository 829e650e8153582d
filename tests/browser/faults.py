"""What is wrong with a page as it lies on a screen: too small, cut off, hidden, or too wide.

Each check is one that the eye makes; it holds for every size of the text and width of the screen.
"""

from playwright.sync_api import Page

WIDTHS = (320, 360, 1280)
SIZES = (18, 22, 26, 30)
HEIGHT = 640  # of the smallest phone; a larger screen only has more room
LOOK = """([size, scheme]) => {
  document.documentElement.dataset.text = size;
  document.documentElement.dataset.theme = scheme;
}"""
FAULTS = """([size, width]) => {
  const found = [];
  const words = (e) => (e.textContent || e.name || '').trim().slice(0, 16);
  const name = (e) => e.tagName + '.' + e.className + ' ' + words(e);
  const seen = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  const all = (query) => Array.from(document.querySelectorAll(query)).filter(seen);
  const wide = document.documentElement.scrollWidth - width;
  if (wide > 0) found.push('wider than the screen by ' + wide);
  const least = size >= 22 ? 60 : 44;
  const targets = 'button, .button, select, textarea, input, summary, nav a, .links a, .close, ' +
    'label.choice, .list > li > a';
  const quiet = '.skip, .choice input, [aria-hidden=true]';
  all(targets).filter((e) => !e.matches(quiet)).forEach((e) => {
    const box = e.getBoundingClientRect();
    const [w, h] = [Math.round(box.width), Math.round(box.height)];
    if (h < least || w < least) found.push('small: ' + name(e) + ' ' + w + '×' + h);
  });
  all('.choice').filter((e) => e.tagName === 'DIV').forEach((e) => {
    if (e.getBoundingClientRect().height < least - 0.5) found.push('small: ' + name(e));
  });
  all('main *, .dock *, header *').forEach((e) => {
    const style = getComputedStyle(e);
    const box = e.getBoundingClientRect();
    const scrolls = e.closest('.scroll, svg, textarea');
    const outside = box.right > width + 1 || box.left < -1;
    if (!scrolls && outside && !e.matches('.skip, .choice input'))
      found.push('cut off: ' + name(e));
    const shown = style.clipPath === 'none';  // words for screen readers alone are not cut
    const clips = style.overflowX === 'hidden' || e.matches('button, .button, .choice, .letter');
    if (shown && clips && e.scrollWidth > e.clientWidth + 1) found.push('clipped: ' + name(e));
  });
  all('.choice .text, .order .text').forEach((e) => {
    const em = parseFloat(getComputedStyle(e).fontSize);
    if (e.textContent.trim().length > 3 && e.getBoundingClientRect().width < 3 * em)
      found.push('a character a line: ' + name(e));
  });
  all('.dock').forEach((dock) => {
    const share = dock.getBoundingClientRect().height / innerHeight;
    if (share > 0.25) found.push('dock takes ' + Math.round(100 * share) + ' %');
    const room = parseFloat(getComputedStyle(document.querySelector('main')).paddingBottom);
    if (room < dock.getBoundingClientRect().height) found.push('the dock hides the end');
  });
  const line = parseFloat(getComputedStyle(document.body).lineHeight);
  if (line < 1.3 * size) found.push('lines too close');
  return found;
}"""


def dress(page: Page, width: int, size: int, scheme: str) -> None:
    """Give a page the width of a screen, the size of its text and its colours."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.evaluate(LOOK, [str(size), scheme])


def list_faults(page: Page, size: int, width: int) -> list[str]:
    """Return what is wrong with a page that was dressed so, each once, six at most."""
    return sorted(set(page.evaluate(FAULTS, [size, width])))[:6]
