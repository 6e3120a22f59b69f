"""The report in a real browser, from disk: it is drawn, silent on the console, its links lead somewhere and every image
is decoded. `.ci/browser` installs the browser; without one the tests fail for root and are skipped for others."""

import json
import os
import re
import shutil
import subprocess

import numpy as np
import pytest
from matplotlib import image

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SIZE = (1200, 2000)

# Runs in the page and leaves what it has found in the document, which the browser then prints.
PROBE = """
<script>
const found = {errors: [], images: [], links: [], files: [], width: 0};
window.addEventListener("error", event => found.errors.push(String(event.message)));
window.addEventListener("load", () => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 100;
  const pen = canvas.getContext("2d", {willReadFrequently: true});
  for (const image of document.images) {
    let shades = 0;
    try {
      pen.drawImage(image, 0, 0, 100, 100);
      shades = new Set(new Uint32Array(pen.getImageData(0, 0, 100, 100).data.buffer)).size;
    } catch (error) { found.errors.push(String(error)); }
    found.images.push([image.naturalWidth, image.clientWidth, shades]);
  }
  document.querySelectorAll("details").forEach(part => part.open = true);
  for (const link of document.links) {
    if (!link.hash) { found.files.push(link.getAttribute("href")); continue; }
    window.scrollTo(0, 0);
    link.click();
    const target = document.querySelector(":target");
    const top = target ? target.getBoundingClientRect().top : null;
    const end = window.scrollY + window.innerHeight >= document.documentElement.scrollHeight - 2;
    const place = top === null ? null : Math.round(top);
    found.links.push([link.getAttribute("href"), target && "#" + target.id, place, end]);
  }
  found.width = document.documentElement.scrollWidth;
  const out = document.createElement("pre");
  out.id = "probe";
  out.textContent = JSON.stringify(found);
  document.body.appendChild(out);
});
</script>
</body>"""


@pytest.fixture
def report(made):
    return made / "report.html"


@pytest.fixture(scope="module", autouse=True)
def browser():
    if BROWSER is None:
        if os.geteuid() == 0:
            pytest.fail("no browser is installed; .ci/browser installs chromium, and `make test` calls it")
        pytest.skip("no browser is installed (chromium), and only root may install one")
    return BROWSER


def browse(page, folder, *options):
    """Standard output of the browser for a page, and what the page has written to its console."""
    finished = subprocess.run(
        [
            BROWSER,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--enable-logging=stderr",
            "--v=0",
            f"--user-data-dir={folder / 'profile'}",
            f"--window-size={SIZE[0]},{SIZE[1]}",
            "--virtual-time-budget=20000",
            *options,
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr[-2000:]
    return finished.stdout, [line for line in finished.stderr.splitlines() if "CONSOLE" in line]


def test_it_is_drawn_and_the_console_is_silent(report, tmp_path):
    shot = tmp_path / "shot.png"
    _, console = browse(report, tmp_path, f"--screenshot={shot}")
    assert console == []
    pixels = image.imread(shot)[:, :, :3]
    assert pixels.shape[:2] == (SIZE[1], SIZE[0])
    ink = (pixels < 0.98).any(axis=2)
    assert 0.02 < ink.mean() < 0.6, "neither blank nor filled"
    bands = ink.reshape(10, SIZE[1] // 10, SIZE[0]).mean(axis=(1, 2))
    assert (bands > 0.001).all(), f"text or a figure in every tenth of the page's top: {bands}"
    colours = np.unique((pixels[::4, ::4] * 15).astype(int).reshape(-1, 3), axis=0)
    assert len(colours) > 30, "figures are in colour"


def test_links_lead_somewhere_and_images_are_decoded(report, tmp_path):
    page = tmp_path / "probed.html"
    page.write_text(report.read_text().replace("</body>", PROBE))
    dump, console = browse(page, tmp_path, "--dump-dom")
    found = json.loads(re.search(r'<pre id="probe">(.*?)</pre>', dump, re.DOTALL)[1].replace("&gt;", ">"))
    assert console == [] and found["errors"] == []
    assert len(found["images"]) == report.read_text().count("<img ") > 5
    assert all(width > 400 and shown > 300 and shades > 50 for width, shown, shades in found["images"])
    assert len(found["links"]) >= len(found["images"])
    assert len(found["files"]) == 3 * len(found["images"])
    assert all((report.parent / name).is_file() for name in found["files"]), "every image leads to its SVG and PDF"
    for wanted, target, top, at_end in found["links"]:
        assert target == wanted, f"{wanted} leads to {target}"
        assert abs(top) <= 2 or (at_end and 0 < top < SIZE[1]), f"{wanted} is shown at {top}"
    assert found["width"] <= SIZE[0], "nothing makes the page scroll sideways"


def test_figures_can_be_read_on_a_phone(report, tmp_path):
    """400 pixels wide: the page does not scroll sideways, figures do, in frames of their own, at a width where their
    smallest text (7 points of 7.2 inches) is 10 pixels high."""
    probe = """<script>window.addEventListener("load", () => {
      const sizes = [...document.images].map(image =>
        [image.clientWidth, image.closest(".wide").clientWidth, image.naturalWidth]);
      document.title = JSON.stringify({sizes, page: document.documentElement.scrollWidth});
    });</script></body>"""
    inner = tmp_path / "inner.html"
    inner.write_text(report.read_text().replace("</body>", probe))
    page = tmp_path / "phone.html"
    page.write_text(
        f"""<!DOCTYPE html><html><body><iframe src="{inner.as_uri()}" width="400" height="800" id="phone"></iframe>
        <script>window.addEventListener("load", () => {{ const out = document.createElement("pre"); out.id = "probe";
        out.textContent = document.getElementById("phone").contentDocument.title; document.body.appendChild(out); }});
        </script></body></html>"""
    )
    dump, _ = browse(page, tmp_path, "--dump-dom", "--allow-file-access-from-files")
    found = json.loads(re.search(r'<pre id="probe">(.*?)</pre>', dump, re.DOTALL)[1])
    assert found["page"] <= 400 and len(found["sizes"]) > 5
    for shown, frame, pixels in found["sizes"]:
        inches = pixels / 200
        assert frame <= 400 and 7 / 72 / inches * shown >= 10, (shown, frame, pixels)


def test_the_check_sees_errors(tmp_path):
    page = tmp_path / "bad.html"
    page.write_text(
        "<!DOCTYPE html><html><body><a href='#nowhere'>x</a><img src='data:image/png;base64,AAAA'>"
        "<script>console.error('complaint'); missing();</script>" + PROBE + "</html>"
    )
    dump, console = browse(page, tmp_path, "--dump-dom")
    found = json.loads(re.search(r'<pre id="probe">(.*?)</pre>', dump, re.DOTALL)[1])
    assert len(console) == 2 and any("complaint" in line for line in console)
    assert len(found["errors"]) == 1 and found["images"][0][0] == 0
    assert found["links"][0][:3] == ["#nowhere", None, None]
