"""What to call a browser, from what it says of itself; pure."""

# The first word that fits wins: most browsers claim to be several others as well.
APPS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("UCBrowser", "UC"),
    ("MQQBrowser", "QQ"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_name(agent: str) -> str:
    """Return a short name such as "微信 · Android", or "" when nothing is recognised."""
    found = (_first(agent, APPS), _first(agent, SYSTEMS))
    return " · ".join(name for name in found if name)


def _first(agent: str, known: tuple[tuple[str, str], ...]) -> str:
    """Return the name of the first sign that the agent bears."""
    return next((name for sign, name in known if sign in agent), "")
