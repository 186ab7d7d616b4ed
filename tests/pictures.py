"""Draws the README's pictures from the sample data: python -m tests.pictures, into .github/pictures.

In: the sample data, one month. Out: six PNG files; the fonts of the machine are the only thing that can change them.
Refuses to know: how anything is computed or drawn. Needs `pip install -e '.[look]'`, a Chromium (CHROMIUM=PATH),
LibreOffice (`soffice`), poppler (`pdftotext`, `pdftoppm`) and a font with Chinese characters.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from io import BytesIO, StringIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

from ccmetrics import run
from ccmetrics.render import html, terminal, workbook
from ccmetrics.render.look import Look
from ccmetrics.scorecard import Result
from tests.browser import PERIOD, chromium

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / ".github" / "pictures"
CARD, SUBJECT, SHEET = "agent", "A015", "Frontline agent"
COLUMNS, ROWS = 126, 30
"""Of the terminal."""
COMMAND = f"ccmetrics score sample_data --card {CARD} --period {PERIOD}"
COLORS = 256
MOST_BYTES = 200_000
GRAY = "#d5dbe0"
WIDE = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
"""Signs that take two cells of a terminal, whatever a font makes of them."""
SCREEN = (
    '<body style="margin:0;background:#1c2128"><pre style="margin:0;padding:20px 24px;display:inline-block;'
    'font:16px/1.35 DejaVu Sans Mono,Noto Sans Mono,monospace;color:#e6edf3">{code}</pre></body>'
)


def kept(name: str, picture: Image.Image) -> None:
    """In few colors, among them those that little is painted in: a red number stays red."""
    sink = BytesIO()
    few = picture.convert("RGB").quantize(COLORS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(sink, "PNG", optimize=True)
    if sink.tell() > MOST_BYTES:
        raise SystemExit(f"{name}: {sink.tell():,} bytes, more than {MOST_BYTES:,}")
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"{name}.png").write_bytes(sink.getvalue())
    print(f"{name}.png: {picture.width} x {picture.height}, {sink.tell():,} bytes")


def shot(browser: Browser, page: Path, place: str, size: tuple[int, int], height: int) -> Image.Image:
    """What a reader sees of a page who went to a place in it: at most `height` pixels of what is there."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme="light")
    tab = context.new_page()
    tab.goto(page.as_uri())
    # What is far away has no size before it was near the screen.
    tab.evaluate("() => document.querySelectorAll('*').forEach((e) => { e.style.contentVisibility = 'visible'; })")
    box = tab.locator(place).first.bounding_box()
    if box is None:
        raise SystemExit(f"{page.name}: nothing at {place}")
    clip = {"x": 0, "y": box["y"], "width": size[0], "height": min(height, box["height"])}
    picture = Image.open(BytesIO(tab.screenshot(full_page=True, clip=clip)))
    picture.load()
    context.close()
    return picture


def screens(browser: Browser, result: Result, folder: Path) -> None:
    pages = {lang: folder / f"{lang}.html" for lang in ("en", "zh")}
    for lang, page in pages.items():
        page.write_bytes(html.score(result, Look(140, lang)))
    wide, phone = (1280, 900), (390, 844)
    kept("leaderboard", shot(browser, pages["en"], f'[id="card/{CARD}"]', wide, 880))
    kept("subject", shot(browser, pages["en"], f'[id="{CARD}/{SUBJECT}"]', wide, 1000))
    kept("chinese", shot(browser, pages["zh"], "body", wide, 1100))
    sides = [shot(browser, pages["en"], place, phone, 844) for place in ("#overview", f'[id="{CARD}/{SUBJECT}"]')]
    beside = Image.new("RGB", (2 * phone[0] + 20, phone[1]), GRAY)
    for at, side in enumerate(sides):
        beside.paste(side, (at * (phone[0] + 20), 0))
    kept("phone", beside)


def screen_of_a_terminal(browser: Browser, result: Result, folder: Path) -> None:
    lines = terminal.score(result, Look(COLUMNS, "en", color=True)).decode().splitlines()[:ROWS]
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True)
    console.print(Text.from_ansi("\n".join([f"$ {COMMAND}", *lines])), no_wrap=True, crop=True)
    page = folder / "terminal.html"
    code = console.export_html(theme=DIMMED_MONOKAI, code_format=SCREEN, inline_styles=True)
    held = WIDE.sub(lambda sign: f'<span style="display:inline-block;width:2ch">{sign[0]}</span>', code)
    page.write_text(f'<meta charset="utf-8">{held}', encoding="utf-8")
    kept("terminal", shot(browser, page, "pre", (1280, 900), 1000))


def sheet(result: Result, folder: Path) -> None:
    """The card's sheet as LibreOffice prints it."""
    book = folder / "book.xlsx"
    book.write_bytes(workbook.score(result, Look(140, "en")))
    said = {"cwd": folder, "check": True, "capture_output": True}
    subprocess.run(["soffice", "--headless", f"-env:UserInstallation={(folder / 'office').as_uri()}",
                    "--convert-to", "pdf", book.name], timeout=300, **said)  # fmt: skip
    text = subprocess.run(["pdftotext", "-layout", "book.pdf", "-"], **said).stdout.decode()
    # The second page across has the most colors.
    at = [n for n, page in enumerate(text.split("\f"), 1) if page.strip().startswith(f"{SHEET} ·")][1]
    subprocess.run(["pdftoppm", "-r", "130", "-f", f"{at}", "-l", f"{at}", "-singlefile", "-png", "book.pdf", "page"],
                   **said)  # fmt: skip
    picture = Image.open(folder / "page.png").convert("RGB")
    kept("workbook", picture.crop((0, 40, picture.width, 620)))


def main() -> int:
    sample = [ROOT / "sample_data"]
    whole, card = run.score(sample, period=PERIOD), run.score(sample, period=PERIOD, cards=[CARD])
    with tempfile.TemporaryDirectory() as made, chromium() as browser:
        folder = Path(made)
        screens(browser, whole, folder)
        screen_of_a_terminal(browser, card, folder)
        sheet(card, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
