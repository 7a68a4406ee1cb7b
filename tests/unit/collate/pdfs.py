"""Small PDF files for tests, made byte by byte: text, a page without text, a locked one, and hostile ones."""

from __future__ import annotations

import io


def pdf(*pages: str, extra: str = "") -> bytes:
    """A whole PDF with one line of text a page; `extra` goes into its catalogue."""
    objects = ["", f"<</Type/Catalog/Pages 2 0 R{extra}>>"]
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects.append(f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>")
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for at, text in enumerate(pages):
        drawing = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET" if text else "0 0 10 10 re f"
        font = "/Resources<</Font<</F1 3 0 R>>>>"
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 144]/Contents {5 + 2 * at} 0 R{font}>>")
        objects.append(f"<</Length {len(drawing)}>>\nstream\n{drawing}\nendstream")
    return _file(objects)


def _file(objects: list[str]) -> bytes:
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects[1:], 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1"))
    start = out.tell()
    out.write(f"xref\n0 {len(objects)}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010d} 00000 n \n" for place in places).encode())
    out.write(f"trailer\n<</Size {len(objects)}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def locked(text: str) -> bytes:
    """A PDF that opens with a password only."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pdf(text))))
    writer.encrypt("a password", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb(size: int) -> bytes:
    """A PDF whose page unpacks to `size` bytes of drawing."""
    import zlib

    drawing = zlib.compress(b"0 0 m " * (size // 6), 9)
    whole = pdf("x")
    place = whole.index(b"<</Length")
    end = whole.index(b"endstream") + len(b"endstream")
    head = f"<</Length {len(drawing)}/Filter/FlateDecode>>\nstream\n".encode()
    return whole[:place] + head + drawing + b"\nendstream" + whole[end:]
