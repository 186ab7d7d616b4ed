"""Draws the reports, opens each in Chromium and says what is wrong: python -m tests.browser [FILE.html ...]

In: the sample data and made-up names that would do harm, or the files named. Out: a line a page and way of looking at
it (two schemes, two widths, paper), then what is wrong with it; exit code 1 if anything is.
Refuses to know: how anything is computed or drawn. Needs `pip install -e '.[test,look]'` and a Chromium, CHROMIUM=PATH.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--font-render-hinting=none",
]  # fmt: skip
PERIOD = "2026-10"
LANGUAGES = ("en", "zh")
SCHEMES = ("light", "dark")
WIDTHS = {1280: 900, 390: 844}
"""Pixels across a desk and a telephone, with their heights."""
PAPER = 703
"""Pixels across a sheet of A4 within the margins of the page: 186 mm."""
AXE_MOST = 400_000
"""Bytes of the largest page that the rules of axe are asked about: on a larger one they take minutes."""


def pages() -> Iterator[tuple[str, bytes]]:
    """Every kind of page in every language, by the name of a file."""
    from ccmetrics import run
    from ccmetrics.cli.reports import INDEX, Wanted, contents
    from ccmetrics.render import html
    from ccmetrics.render.look import Look
    from tests.render import made_up
    from tests.render.test_html import whole

    sample = [HERE.parent / "sample_data"]
    result, measured = run.score(sample, period=PERIOD), run.measure(sample, by=["team"], period=PERIOD)
    hostile = replace(made_up.result(whole(made_up.scorecard(made_up.NAUGHTY))), rejects=made_up.REJECTS)
    few = Wanted(Path("reports"), {".md": "md"}, True)
    for lang in LANGUAGES:
        yield f"report.{lang}.html", html.score(result, Look(140, lang))
        yield f"hostile.{lang}.html", html.score(hostile, Look(140, lang))
        yield f"values.{lang}.html", html.measure(measured, Look(140, lang))
        yield f"folder.{lang}.html", contents(few, result, lang, {}, ())[INDEX]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, path: Path, scheme: str, width: int, height: int) -> Iterator[tuple[Page, list[str]]]:
    """The page, and what it said or asked for that it should not have."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
    page, heard = context.new_page(), []
    address = path.resolve().as_uri()
    page.on("console", lambda message: heard.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("request", lambda request: heard.append(f"asks for {request.url}") if request.url != address else None)
    page.goto(address, wait_until="load")
    yield page, heard
    context.close()


def looked_at(page: Page) -> list[str]:
    found, texts = page.evaluate(f"({(HERE / 'browser.js').read_text()})()")
    return [*found, *([] if texts > 20 else [f"only {texts} texts"])]


def by_keyboard(page: Page) -> Iterator[str]:
    """The way past the contents comes first, is seen and leads there; every region that scrolls is met on the way."""
    page.keyboard.press("Tab")
    first = page.locator(":focus")
    box = first.bounding_box() if first.count() else None
    if box is None or min(box["x"], box["y"]) < 0 or first.get_attribute("href") != "#main":
        yield f"the first stop is no visible way to the content: {box}"
        return
    page.keyboard.press("Enter")
    if not page.evaluate("() => location.hash === '#main'"):
        yield "the way to the content leads elsewhere"
    wanted = page.evaluate("() => document.querySelectorAll('[role=region]').length")
    seen: set[int] = set()
    at = "() => [...document.querySelectorAll('[role=region]')].indexOf(document.activeElement)"
    for _ in range(page.evaluate("() => document.querySelectorAll('a,[tabindex]').length") + 1):
        seen.add(page.evaluate(at))
        page.keyboard.press("Tab")
    if len(seen - {-1}) < wanted:
        yield f"{wanted - len(seen - {-1})} of {wanted} regions are not met by Tab"


def by_axe(page: Page) -> list[str]:
    """The rules of axe-core for WCAG and good practice."""
    page.evaluate(Path(AXE_FILE_PATH).read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run().then((r) => r.violations.map((v) => [v.id, v.help, v.nodes[0].html]))")
    return [f"axe {rule}: {words}: {example[:90]}" for rule, words, example in found]


def timed(page: Page) -> str:
    script = """() => { const n = performance.getEntriesByType('navigation')[0];
      const p = performance.getEntriesByName('first-contentful-paint')[0];
      return [p ? p.startTime : NaN, n.loadEventEnd]; }"""
    page.wait_for_timeout(300)
    paint, load = page.evaluate(script)
    return f"painted after {paint:.0f} ms, loaded after {load:.0f} ms"


def on_screen(browser: Browser, path: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Every way to look at a page, what it took, what is wrong."""
    for scheme in SCHEMES:
        for width, height in WIDTHS.items():
            with opened(browser, path, scheme, width, height) as (page, heard):
                took, found = timed(page), looked_at(page)
                if scheme == "light" and width > PAPER:
                    found += by_keyboard(page)
                if path.stat().st_size <= AXE_MOST:
                    found += by_axe(page)
                yield f"{scheme} {width}", took, [*found, *heard]


def on_paper(browser: Browser, path: Path) -> tuple[str, str, list[str]]:
    with opened(browser, path, "dark", PAPER, 1000) as (page, heard):
        page.emulate_media(media="print")
        found = looked_at(page)
        sheets = page.pdf(path=str(path.with_suffix(".pdf")), prefer_css_page_size=True).count(b"/Type /Page\n")
        if page.evaluate("() => getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)":
            found.append("paper is not white")
        return "paper", f"{sheets} sheets", [*found, *heard]


def main(named: list[str]) -> int:
    bad = 0
    with tempfile.TemporaryDirectory() as made, chromium() as browser:
        files = [Path(name) for name in named]
        if not files:
            for name, content in pages():
                files.append(Path(made) / name)
                files[-1].write_bytes(content)
        for path in files:
            size = f"{path.stat().st_size / 1e6:.2f} MB"
            for way, took, found in [*on_screen(browser, path), on_paper(browser, path)]:
                print(f"{path.name:18} {size:>8}  {way:11} {took:45} {f'{len(found)} wrong' if found else 'good'}")
                # The first of each kind: one rule of style can be wrong in a thousand places.
                for sentence in {sentence.partition(":")[0]: sentence for sentence in reversed(found)}.values():
                    print(f"    {sentence}")
                bad += len(found)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
