"""A font is found where it lies, the setting first, and its absence told with what to do."""

from pathlib import Path

import pytest

from app.base.errors import Invalid
from app.quiz.font import find_font

pytestmark = pytest.mark.pure
POOR = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
)


def test_the_first_place_that_has_one(tmp_path: Path) -> None:
    second = tmp_path / "NotoSansCJK-Regular.ttc"
    second.write_bytes(b"")
    places = [str(tmp_path / "none.ttc"), str(second)]
    found = find_font(None, places)
    assert (found.regular, found.bold, found.face) == (second, second, 2)
    bold = tmp_path / "NotoSansCJK-Bold.ttc"
    bold.write_bytes(b"")
    assert find_font(None, places).bold == bold


def test_the_setting_goes_first(tmp_path: Path) -> None:
    own = tmp_path / "own.ttf"
    own.write_bytes(b"")
    found = find_font(str(own), [])
    assert (found.regular, found.face) == (own, 0)
    with pytest.raises(Invalid, match="XUEJI_FONT"):
        find_font(str(tmp_path / "none.ttf"))


def test_without_any_the_sentence_says_what_to_install() -> None:
    with pytest.raises(Invalid, match="fonts-noto-cjk"):
        find_font(None, [])


def test_rare_characters_are_drawn_from_another_font(tmp_path: Path) -> None:
    """A font without Chinese stands for one that lacks a name's character."""
    from datetime import UTC, datetime

    from app.quiz.font import Font
    from app.quiz.pdf import open_press

    han = find_font(None)
    poor = next((Path(p) for p in POOR if Path(p).exists()), None)
    if poor is None:
        pytest.skip("no font without Chinese is installed")
    now = datetime(2026, 11, 23, tzinfo=UTC)
    with open_press(Font(poor, poor, 0), now) as press:
        assert press.lacking(["A党"]) == "党"
    if han.rare is None:
        pytest.skip("fonts-babelstone-han is not installed")
    with open_press(Font(poor, poor, 0, han.rare), now) as press:
        assert press.lacking(["A党"]) == ""
        assert press.runs("A党B") == [("han", "A"), ("rare", "党"), ("han", "B")]
        whole = press.width("A党B", 11)
        assert whole == pytest.approx(sum(press.width(c, 11) for c in "A党B"), abs=0.01)
        press.pdf.add_page()
        press.put(20, 20, "A党B", 11)
        assert b"BabelStone" in press.pdf.output()
