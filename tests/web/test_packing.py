"""Packed scripts do what their sources do; what is left out means nothing to a browser."""

import re

import pytest

from app.base.config import ROOT
from app.web.packing import (
    CHUNKS,
    EXPORT,
    IMPORT,
    for_screens,
    pack_scripts,
    shrink_script,
    shrink_style,
)

pytestmark = pytest.mark.pure
SOURCES = {path.stem: path.read_text() for path in (ROOT / "static" / "js").glob("*.js")}


def test_of_a_script_only_notes_and_indents_go() -> None:
    text = '// why\nconst a = () => {\n  // how\n\n  return "// kept";\n};\n'
    assert shrink_script(text) == 'const a = () => {\nreturn "// kept";\n};\n'


def test_of_a_style_only_notes_and_spaces_go() -> None:
    text = """/* why */ a, b > c { color: red; width: calc(1px + 2em); }
    @media (min-width: 44rem) { .x::before { content: attr(data-label) " "; } }"""
    assert shrink_style(text) == (
        "a,b>c{color:red;width:calc(1px + 2em)}"
        '@media (min-width:44rem){.x::before{content:attr(data-label) " "}}'
    )


def test_what_is_for_paper_is_left_out_for_screens() -> None:
    text = "a{b:c}@media print{a{b:d}@media (x){e{f:g}}}h{i:j}@media print{k{l:m}}"
    assert for_screens(text) == "a{b:c}h{i:j}"
    assert for_screens("a{b:c}") == "a{b:c}"


def test_modules_of_a_chunk_keep_their_own_names_and_find_each_other() -> None:
    sources = {
        "store": "const own = 1;\nexport const read = () => own;\n",
        "sync": 'import { read } from "./store.js";\nconst own = 2;\n'
        "export const sync = () => read() + own;\n",
        "app": 'import { read } from "./store.js";\nimport { sync } from "./sync.js";\nsync();\n',
    }
    packed = pack_scripts(sources)
    assert packed.keys() == {"sync", "app"}
    assert packed["sync"] == (
        "const $store = (() => {\nconst own = 1;\nconst read = () => own;\n"
        "return { read };\n})();\n"
        "const $sync = (() => {\nconst { read } = $store;\nconst own = 2;\n"
        "const sync = () => read() + own;\nreturn { sync };\n})();\n"
        "export const { read } = $store;\nexport const { sync } = $sync;\n"
    )
    assert packed["app"].count('from "./sync.js"') == 2


def test_every_module_is_served_once_and_every_name_found() -> None:
    packed = pack_scripts(SOURCES)
    inside = {name for chunk in CHUNKS for name in chunk[:-1]}
    assert packed.keys() == SOURCES.keys() - inside
    offered = {name: set(EXPORT.findall(text)) for name, text in SOURCES.items()}
    for name, text in SOURCES.items():
        for wanted, other in IMPORT.findall(text):
            assert set(re.findall(r"\w+", wanted)) <= offered[other], (name, other)
    for chunk in CHUNKS:
        together = [one for name in chunk for one in offered[name]]
        assert len(together) == len(set(together)), chunk
        for place, name in enumerate(chunk):
            needed = {other for _names, other in IMPORT.findall(SOURCES[name])} & set(chunk)
            assert needed <= set(chunk[:place]), name


def test_sources_are_written_so_that_they_can_be_packed() -> None:
    for name, text in SOURCES.items():
        code = "\n".join(line for line in text.splitlines() if not line.strip().startswith("//"))
        assert "`" not in code, name  # a text over several lines would lose its indents
        assert "/*" not in code.replace("'/*", ""), name
        assert len(re.findall(r"^import\b", text, re.MULTILINE)) == len(IMPORT.findall(text)), name
        assert len(re.findall(r"^export\b", text, re.MULTILINE)) == len(EXPORT.findall(text)), name
