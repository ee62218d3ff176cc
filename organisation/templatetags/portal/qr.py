"""A QR code as a drawing in the page: no picture to fetch, no address that holds a secret."""

from typing import Any

import qrcode

from organisation.templatetags.portal.library import register


@register.inclusion_tag("components/qr_code.html")
def qr_code(text: str, *, title: str) -> dict[str, Any]:
    """Draw ``text`` as a QR code, dark on white in both themes; ``title`` says what it is for."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    # With the quiet zone that readers need.
    rows = code.get_matrix()
    return {"size": len(rows), "path": "".join(_runs(rows)), "title": title}


def _runs(rows: list[list[bool]]) -> list[str]:
    """One rectangle for each run of dark modules in a row, as a path."""
    found = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            if not row[x]:
                x += 1
                continue
            end = next((at for at in range(x, len(row)) if not row[at]), len(row))
            found.append(f"M{x} {y}h{end - x}v1h-{end - x}z")
            x = end
    return found
