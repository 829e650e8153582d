"""Scripts and styles as they travel: without notes and indents, related modules in one file.

Every file costs a phone some 400 bytes of headers and, on a bad line, a wait of its own.
"""

import re
from collections.abc import Mapping

# Each is one file named after its last module; the others exist in it alone.
CHUNKS = (
    ("store", "sync"),
    ("keys", "speech"),
    ("memory", "kept"),
    ("marking", "deck", "question", "offline"),
)
IMPORT = re.compile(r'^import (?:\{ ([^}]*) \} from )?"\./([\w-]+)\.js";\n', re.MULTILINE)
PRINT = "@media print{"
EXPORT = re.compile(r"^export const (\w+)", re.MULTILINE)


def shrink_script(text: str) -> str:
    """Return a script without indents, empty lines and whole lines of comment.

    Our scripts have no text that goes over several lines, so indents mean nothing.
    """
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def shrink_style(text: str) -> str:
    """Return a style sheet without comments and needless spaces."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", text))
    return re.sub(r":\s+", ":", text).replace(";}", "}").strip()


def for_screens(text: str) -> str:
    """Return a shrunk style sheet without what is for paper alone."""
    kept, place = "", 0
    while (start := text.find(PRINT, place)) >= 0:
        kept, place, depth = kept + text[place:start], start + len(PRINT), 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[place], 0)
            place += 1
    return kept + text[place:]


def pack_scripts(sources: Mapping[str, str]) -> dict[str, str]:
    """Return name → text of the files to serve, for modules given as name → text."""
    home = {name: chunk[-1] for chunk in CHUNKS for name in chunk}
    chunks = {chunk[-1]: chunk for chunk in CHUNKS if set(chunk) <= set(sources)}
    packed = {}
    for name, text in sources.items():
        if name in chunks:
            packed[name] = _join({one: shrink_script(sources[one]) for one in chunks[name]}, home)
        elif home.get(name, name) not in chunks:
            packed[name] = IMPORT.sub(lambda m: _named(m, home), shrink_script(text))
    return packed


def _named(found: re.Match[str], home: Mapping[str, str]) -> str:
    """Return an import that looks where its module is to be found."""
    return found[0].replace(f"./{found[2]}.js", f"./{home.get(found[2], found[2])}.js")


def _join(sources: Mapping[str, str], home: Mapping[str, str]) -> str:
    """Return one module of several, given in the order in which they need each other.

    Each stays a room of its own (a function), so that equal names inside do not meet.
    """
    outside, parts, offered = dict[str, None](), list[str](), list[str]()

    def bind(found: re.Match[str]) -> str:
        names, other = found.groups()
        if other not in sources:
            other = home.get(other, other)
            outside[other] = None
        return f"const {{ {names} }} = ${other};\n" if names else ""

    for name, text in sources.items():
        body = IMPORT.sub(bind, text)
        names = ", ".join(EXPORT.findall(body))
        body = EXPORT.sub(r"const \1", body)
        parts.append(f"const ${name} = (() => {{\n{body}return {{ {names} }};\n}})();\n")
        if names:
            offered.append(f"export const {{ {names} }} = ${name};\n")
    imports = [f'import * as ${name} from "./{name}.js";\n' for name in outside]
    return "".join([*imports, *parts, *offered])
