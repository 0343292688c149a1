"""What is kept of a page when it comes as PDF or Word: sentences, table cells, headings, pages.

`python -m benchmarks.formats` prints each page of ../shared/data/policy/pages by chromium and
converts it by LibreOffice to DOCX, and that to PDF (both must be installed; what they make is
kept in a folder for temporary files), reads all, and compares with the HTML.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from corpus import Document, DocumentError, read

PAGES = Path("../shared/data/policy/pages")
MADE = Path(tempfile.gettempdir()) / "dongxihu-formats"
KINDS = ("chromium.pdf", "docx", "soffice.pdf")
SECONDS = 60  # for one page to be made
SENTENCE = 12  # characters; shorter ones are found anywhere
_ENDS = re.compile(r"[。；！？\n]")


def main() -> int:
    """Print the shares, a line a format, and what was missed of pages that are named."""
    missing = [name for name in ("chromium", "soffice") if shutil.which(name) is None]
    if missing or not PAGES.is_dir():
        print(f"这项测量要有 {PAGES}、chromium 和 soffice，缺 {'、'.join(missing) or PAGES}")
        return 2
    named = sys.argv[1:]
    totals: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for page in sorted(PAGES.glob("*.html")):
        if not named or any(word in page.name for word in named):
            _compare_formats(page, totals, bool(named))
    for kind, total in totals.items():
        line = f"{kind}: {total['documents']} 篇；句子 {_share(total, 'sentence')}，"
        line += f"表格单元 {_share(total, 'cell')}，标题 {_share(total, 'heading')}；"
        line += f"每篇 {total['milliseconds'] / max(1, total['documents']):.0f} 毫秒"
        if total["pages"]:
            line += f"，每页 {total['milliseconds'] / total['pages']:.0f} 毫秒"
            line += f"；{total['pages']} 页，页码 {_share(total, 'page')}"
        print(line)
    return 0


def _compare_formats(page: Path, totals: dict[str, Counter[str]], told: bool) -> None:
    """Add what each format keeps of a page, and print what it does not where that is told."""
    try:
        expected = read(page)
    except DocumentError as error:
        print(error)
        return
    for kind, total in totals.items():
        path = _made(page, kind)
        if path is None:  # LibreOffice does not end over one of them
            continue
        started = time.perf_counter()
        try:
            found = read(path)
        except DocumentError as error:  # some pages print nothing but their frame
            print(error)
            continue
        total["milliseconds"] += round(1000 * (time.perf_counter() - started))
        total["documents"] += 1
        total["pages"] += found.page_at(len(found.text) - 1) or 0
        missed = _compare(expected, found, total)
        if told:
            print(*(f"{kind} {text}" for text in missed), sep="\n")
        if kind.endswith("pdf"):
            _compare_pages(path, found, total)


def _share(total: Counter[str], what: str) -> str:
    found, wanted = total[what], total[f"{what} wanted"]
    return f"{found}/{wanted} ({found / max(1, wanted):.1%})"


def _made(page: Path, kind: str) -> Path | None:
    """The page in another format, made where it is not there yet; None where that fails."""
    MADE.mkdir(exist_ok=True)
    made = MADE / f"{page.stem}.{kind}"
    if made.exists():
        return made
    if kind == "chromium.pdf":
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        _start("chromium", *options, f"--print-to-pdf={made}", page.resolve().as_uri())
        return made if made.exists() else None
    target = "docx:MS Word 2007 XML" if kind == "docx" else "pdf"
    given = page if kind == "docx" else _made(page, "docx")
    if given is None:
        return None
    with tempfile.TemporaryDirectory(dir=MADE) as folder:
        _start("soffice", f"-env:UserInstallation={(MADE / 'profile').as_uri()}", "--headless",
               "--convert-to", target, "--outdir", folder, str(given))  # fmt: skip
        for converted in Path(folder).iterdir():
            converted.replace(made)
    return made if made.exists() else None


def _start(*command: str) -> None:
    """Run a program with those that it starts, for a while."""
    subprocess.run(["timeout", str(SECONDS), *command], check=False, capture_output=True)


def _folded(text: str) -> str:
    return re.sub(r"\s|[“”\"'‘’]", "", text)


def _compare(expected: Document, found: Document, total: Counter[str]) -> list[str]:
    """Count what of a document is found in another, and name what is not."""
    missed = []
    whole = [_folded(line) for line in found.text.split("\n")]
    rows = {_folded(found.text[a:b]) for block in found.blocks for a, b in block.cells if b > a}
    headings = {
        _folded(found.text[b.start : b.end]) for b in found.blocks if b.kind in ("heading", "title")
    }
    for block in expected.blocks:
        text = expected.text[block.start : block.end]
        wanted = []
        if block.kind == "row":
            cells = [_folded(expected.text[a:b]) for a, b in block.cells]
            wanted = [("cell", cell, cell in rows) for cell in cells if cell]
        elif block.kind in ("heading", "title"):
            wanted = [("heading", _folded(text), _folded(text) in headings)]
        else:
            sentences = [_folded(sentence) for sentence in _ENDS.split(text)]
            wanted = [
                ("sentence", sentence, any(sentence in line for line in whole))
                for sentence in sentences
                if len(sentence) >= SENTENCE
            ]
        for what, sought, there in wanted:
            total[f"{what} wanted"] += 1
            total[what] += there
            if not there:
                missed.append(f"{what}: {sought}")
    return missed


def _compare_pages(path: Path, found: Document, total: Counter[str]) -> None:
    """Count the sentences whose page is the one that they are printed on, and no other."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as printed:
        pages = [_folded(page.get_textpage().get_text_range()) for page in printed]
    whole = _folded(found.text)
    place = 0
    for sentence in _ENDS.split(found.text):
        folded = _folded(sentence)
        on = [number for number, text in enumerate(pages, 1) if folded in text]
        if len(folded) >= SENTENCE and len(on) == 1 and whole.count(folded) == 1:
            total["page wanted"] += 1
            total["page"] += found.page_at(place) == on[0]
        place += len(sentence) + 1


if __name__ == "__main__":
    sys.exit(main())
