"""Paints a film from its drawing: ``python demo/media/source/make_film.py sampling 24``.

Needs Chromium, Playwright and ffmpeg; only who changes a film runs it. What it makes is committed,
since nobody should need these to see the film.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

FRAMES_PER_SECOND = 15
HERE = Path(__file__).parent


def make_film(name: str, seconds: int) -> None:
    """Write ``NAME.mp4`` and its poster ``NAME.png`` beside this directory."""
    with tempfile.TemporaryDirectory() as frames:
        _paint(name, seconds, Path(frames))
        _encode(name, Path(frames))


def _paint(name: str, seconds: int, frames: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page(viewport={"width": 960, "height": 540})
        page.goto((HERE / f"{name}.html").as_uri())
        page.add_style_tag(content="body { margin: 0 }")
        canvas = page.locator("canvas")
        for number in range(seconds * FRAMES_PER_SECOND):
            page.evaluate("second => draw(second)", number / FRAMES_PER_SECOND)
            canvas.screenshot(path=frames / f"{number:04d}.png")
        browser.close()


def _encode(name: str, frames: Path) -> None:
    film, poster = HERE.parent / f"{name}.mp4", HERE.parent / f"{name}.png"
    pictures = ["ffmpeg", "-y", "-v", "error", "-framerate", str(FRAMES_PER_SECOND)]
    pictures += ["-i", str(frames / "%04d.png")]
    encoding = ["-c:v", "libx264", "-preset", "veryslow", "-crf", "27", "-tune", "animation"]
    encoding += ["-pix_fmt", "yuv420p", "-movflags", "+faststart", str(film)]
    subprocess.run([*pictures, *encoding], check=True)
    last = sorted(frames.glob("*.png"))[-1]
    palette = ["-vf", "split[a][b];[a]palettegen=32[p];[b][p]paletteuse=dither=none"]
    subprocess.run(
        ["ffmpeg", "-y", "-v", "error", "-i", str(last), *palette, str(poster)], check=True
    )


if __name__ == "__main__":
    make_film(sys.argv[1], int(sys.argv[2]))
