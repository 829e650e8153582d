"""Where a Chinese font lies on this machine; pure but for looking at the disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.base.errors import Invalid
from app.base.words import gettext as _

# Debian's fonts-noto-cjk (face 2 of each collection is the simplified one), fonts-wqy-*, Fedora.
PLACES = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-serif-cjk-fonts/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
)
# What has characters of names that those lack, such as 䶶: fonts-babelstone-han, fonts-hanazono.
RARE_PLACES = (
    "/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf",
    "/usr/share/fonts/truetype/hanazono/HanaMinA.ttf",
)


@dataclass(frozen=True, slots=True)
class Font:
    """A font file and which face of a collection to use; `bold` is the same file if need be.

    `rare` is another font for characters that this one lacks, None when there is none.
    """

    regular: Path
    bold: Path
    face: int
    rare: Path | None = None


def find_font(setting: str | None, places: Sequence[str] = PLACES) -> Font:
    """Return the font of setting XUEJI_FONT, else the first there is; raise Invalid without any."""
    if setting:
        if not Path(setting).is_file():
            raise Invalid(_("XUEJI_FONT 指的字体文件不存在，请管理员改正。"))
        return Font(Path(setting), Path(setting), _face(Path(setting)), _rare())
    for place in places:
        path = Path(place)
        if path.is_file():
            bold = Path(place.replace("-Regular", "-Bold"))
            return Font(path, bold if bold.is_file() else path, _face(path), _rare())
    raise Invalid(
        _(
            "服务器上没有中文字体，不能打印。"
            "请管理员安装字体（Debian：apt-get install fonts-noto-cjk），或设置 XUEJI_FONT。"
        )
    )


def _face(path: Path) -> int:
    """Return which face of a collection has the simplified forms."""
    return 2 if "CJK" in path.name and path.suffix == ".ttc" else 0


def _rare() -> Path | None:
    """Return the first font for rare characters that is installed."""
    return next((path for place in RARE_PLACES if (path := Path(place)).is_file()), None)
