"""A certificate as an A4 page with the code that leads to its verification page; pure."""

from datetime import datetime

import segno

from app.quiz.font import Font
from app.quiz.layout import HEIGHT, MARGIN, TEXT, WIDTH, Line
from app.quiz.pdf import open_press

QR, BELOW = 42.0, 150.0  # mm: side of the code, and how far down it stands
QUIET = 4  # modules kept white around a code, as ISO/IEC 18004 asks


def print_certificate(
    holder: str, sentences: tuple[str, ...], address: str, font: Font, now: datetime
) -> bytes:
    """Return the PDF of a certificate; raise Lacking when no font has a character."""
    with open_press(font, now) as press:
        press.pdf.set_title(f"证书 {holder}")
        lines = [Line(((0, "证　书"),), 30, True, above=30, centred=True)]
        lines += [
            Line(((0, one),), 22, True, above=12 if n == 0 else 1, centred=True)
            for n, one in enumerate(press.wrap(holder, 22, TEXT))
        ]
        for sentence in sentences:
            wrapped = press.wrap(sentence, 13, TEXT - 20)
            lines += [Line(((0, one),), 13, above=2, centred=True) for one in wrapped]
        told = [Line(((0, one),), 9, centred=True) for one in press.wrap(address, 9, TEXT)]
        press.check([*lines, *told])
        press.page(lines, "扫码或打开上面的网址可以核对")
        _frame(press.pdf)
        _draw(press.pdf, address)
        press.pdf.set_font("han", "", 9)
        for n, line in enumerate(told):
            text = line.parts[0][1]
            left = MARGIN + (TEXT - press.pdf.get_string_width(text)) / 2
            press.pdf.text(left, MARGIN + BELOW + QR + 8 + 5 * n, text)
        return bytes(press.pdf.output())


def _frame(pdf: object) -> None:
    """Draw a double frame around the page."""
    for inset, width in ((10.0, 0.8), (12.0, 0.2)):
        pdf.set_line_width(width)  # type: ignore[attr-defined]
        pdf.set_draw_color(0)  # type: ignore[attr-defined]
        across, down = WIDTH - 2 * inset, HEIGHT - 2 * inset
        pdf.rect(inset, inset, across, down)  # type: ignore[attr-defined]


def _draw(pdf: object, address: str) -> None:
    """Draw the code of an address, module by module, in the middle of the page."""
    matrix = tuple(segno.make(address, error="m", micro=False).matrix)
    size = QR / (len(matrix) + 2 * QUIET)
    left = MARGIN + (TEXT - QR) / 2 + QUIET * size
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                pdf.rect(  # type: ignore[attr-defined]
                    left + x * size, MARGIN + BELOW + (y + QUIET) * size, size, size, style="F"
                )
