"""The pictures of README.md, made from real runs over tests/corpus: `python tests/bench/pictures.py`.

Writes docs/images/report-ar.png, diff.png and terminal.png; needs playwright and /usr/bin/chromium.
"""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs/images"
SIZE = {"width": 1280, "height": 800}
COLUMNS = 100
COMMANDS = (
    "auditor check tests/corpus/news/press-review.txt --rules ar-names/axios",
    "auditor audit tests/corpus -o {out}",
    "auditor gate {out}",
    "auditor decide record {out} -o {known}",
)
TERMINAL = """<!doctype html><meta charset="utf-8">
<style>{stylesheet} body {{ margin: 0; display: inline-block; background: #fff; color: #1b1f24; }}
pre {{ margin: 0; padding: 16px 20px; font: 14px/1.55 "DejaVu Sans Mono", monospace; white-space: pre-wrap;
  width: 880px; }}</style><pre>{code}</pre>"""


def typed(command: str) -> str:
    """What a person sees who types a command into a terminal with colours."""
    pieces: list[bytes] = []

    def read(number: int) -> bytes:
        pieces.append(os.read(number, 1 << 16))
        return pieces[-1]

    words = [sys.executable, "-m", "auditor.cli", *command.split()[1:]]
    child, number = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.environ |= {"TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
        os.execv(words[0], words)
    try:
        while read(number):
            pass
    except OSError:  # the other end is closed
        os.waitpid(child, 0)
    return b"".join(pieces).decode("utf-8", "replace").replace("\r\n", "\n")


def terminal(page: Page, out: Path, known: Path) -> None:
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor")
    for command in COMMANDS:
        asked = command.format(out=out, known=known)
        console.print(Text("$ ", "bold") + Text(command.format(out="audit-out", known="decisions.yaml"), "bold"))
        said = typed(asked).replace(str(out), "audit-out").replace(str(known), "decisions.yaml")
        console.print(Text.from_ansi(said.split("\r")[-1].rstrip("\n")), soft_wrap=True)
        console.print()
    page.set_content(console.export_html(code_format=TERMINAL))
    page.locator("pre").screenshot(path=IMAGES / "terminal.png")


@contextmanager
def opened(browser: Browser, report: Path, address: str) -> Iterator[Page]:
    page = browser.new_page(viewport=SIZE, locale="ar-EG")
    page.goto(f"{report.as_uri()}#{address}")
    page.wait_for_selector("html[data-ready]", state="attached")
    yield page
    page.wait_for_timeout(500)


def main() -> None:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as running:
        out = Path(name) / "audit-out"
        command = [sys.executable, "-m", "auditor.cli", "audit", "tests/corpus", "--quiet", "-o", out]
        subprocess.run(command, cwd=ROOT, check=True)
        browser = running.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with opened(browser, out / "report.html", "v=findings&category=mistranslation") as page:
            page.click("#row-2")
            page.keyboard.press("a")
            page.click(".row:has-text('news/envoy.txt')")
        page.screenshot(path=IMAGES / "report-ar.png")
        address = page.get_attribute("#detail .actions a", "href") or ""
        with opened(browser, out / "report.html", address.removeprefix("#")) as page:
            page.evaluate("document.querySelector('.textbody').scrollTop = 0")
        page.screenshot(path=IMAGES / "diff.png")
        terminal(browser.new_page(device_scale_factor=1.5), out, Path(name) / "decisions.yaml")
        browser.close()


if __name__ == "__main__":
    main()
