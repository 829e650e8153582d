"""axe-core on a page: what it finds, or cannot decide about contrast, one line a fault."""

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCRIPT = Axe().axe_script
# What can change when only colours, the size of the text or the width of the screen do.
LOOKS = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")


def violations(page: Page, only: Sequence[str] = ()) -> list[str]:
    """Return what axe finds on the page by all its rules, or by those that are named."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SCRIPT)
    options: dict[str, object] = {"resultTypes": ["violations", "incomplete"]}
    if only:
        options["runOnly"] = {"type": "rule", "values": list(only)}
    said = page.evaluate("options => axe.run(options)", options)
    undecided = [v for v in said["incomplete"] if v["id"] == "color-contrast"]
    found = []
    for fault in said["violations"] + undecided:
        nodes = [node["html"][:120] for node in fault["nodes"]]
        # axe does not look at what lies behind words in a drawing
        nodes = [node for node in nodes if not node.startswith("<text ")]
        if nodes:
            found.append(f"{page.url}: {fault['id']} {nodes[:3]}")
    return found
