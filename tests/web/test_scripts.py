"""Our scripts are ECMAScript 2017 and nothing newer, as written and as packed."""

import re

import pytest

from app.base.config import ROOT
from app.web.packing import pack_scripts

esprima = pytest.importorskip("esprima", reason="an environment older than requirements-dev.txt")
from tests.es2017 import later_than_2017  # noqa: E402  # needs esprima

pytestmark = pytest.mark.pure
SOURCES = {path.stem: path.read_text() for path in (ROOT / "static" / "js").glob("*.js")}
NEWER = """
a?.b | a?.[0] | a?.() | a ?? b | try {} catch {} | const a = { ...b }; | const { a, ...r } = b;
class A { x = 1 } | class A { #x = 1 } | class A { static {} } | import("x") | import.meta.url
async function* f() {} | async () => { for await (const a of b) {} } | 1_000 | 10n | a ||= b
/(?<n>a)/ | /(?<=a)b/ | /a/s | /a/v | export * as n from "x" | #x in y
"""


def test_every_script_is_of_2017() -> None:
    assert len(SOURCES) > 10
    packed = {f"{name} (packed)": text for name, text in pack_scripts(SOURCES).items()}
    found = {name: later_than_2017(text) for name, text in (SOURCES | packed).items()}
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("text", re.split(r" \| |\n", NEWER.strip()))
def test_what_is_newer_is_found(text: str) -> None:
    assert found(text), text


@pytest.mark.parametrize(
    "text",
    [
        "const f = async (a, ...b) => { await a; return [...b, 2 ** 3]; };",
        "try { a(); } catch (e) { b(e); }",
        "class A extends B { get x() { return super.x; } static y() {} }",
        "const { a, b: [c] } = d; a **= 2; `x${a}`.replace(/a(?=b)|\\?\\?/giu, '?.');",
        "export * from 'x'; export default function* () { yield 1; }",
    ],
)
def test_what_is_of_2017_is_not(text: str) -> None:
    assert later_than_2017(text) == []


def found(text: str) -> list[str]:
    """Return what is newer, or that it is no script at all."""
    try:
        return later_than_2017(text)
    except esprima.Error as error:
        return [str(error)]
