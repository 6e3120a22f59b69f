"""One look for all figures: colour-blind safe, readable in grey, sized for print, and signed with their origin."""

import textwrap

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402  (the backend is chosen first)

# Okabe and Ito (2008), ordered so that neighbours also differ in grey; yellow is left out, it fades in print.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X"]
DASHES = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2))]

# Widths of one and two columns, inches.
ONE_COLUMN = 3.5
TWO_COLUMNS = 7.2

_SETTINGS = {
    "figure.dpi": 100,
    "savefig.dpi": 200,
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.7,
    "lines.linewidth": 1.3,
    "lines.markersize": 4,
    "svg.fonttype": "none",
    "svg.hashsalt": "trifactor",
    "pdf.fonttype": 42,
}


def look(index):
    """Colour, marker and dash of the index-th series: three ways to tell it from the others."""
    return {
        "color": COLOURS[index % len(COLOURS)],
        "marker": MARKERS[index % len(MARKERS)],
        "linestyle": DASHES[index % len(DASHES)],
    }


def panels(count, height=2.3, columns=3, share_y=True):
    """A figure with one axis a panel, in rows of at most `columns`; returns the figure and the list of axes."""
    plt.rcParams.update(_SETTINGS)
    columns = min(columns, count)
    rows = -(-count // columns)
    width = ONE_COLUMN + 0.4 if columns == 1 else TWO_COLUMNS
    figure, axes = plt.subplots(
        rows, columns, figsize=(width, height * rows + 0.75), squeeze=False, sharey=share_y, layout="constrained"
    )
    flat = list(axes.flat)
    for axis in flat[count:]:
        axis.set_visible(False)
    return figure, flat[:count]


def grid(rows, columns, height=1.7, share_y="row", share_x=True, wide=False):
    """A figure with rows x columns axes; returns it and the array of axes. `wide`: two columns of print for one."""
    plt.rcParams.update(_SETTINGS)
    width = ONE_COLUMN + 0.4 if columns == 1 and not wide else TWO_COLUMNS
    return plt.subplots(
        rows, columns, figsize=(width, height * rows + 0.75), squeeze=False, sharey=share_y, sharex=share_x,
        layout="constrained",
    )


def legend(figure, axis, title=None):
    """One legend above all panels, of what `axis` shows, in as many lines as the width needs."""
    handles, names = axis.get_legend_handles_labels()
    room = int(figure.get_figwidth() * 15)
    widest = max((len(name) for name in names), default=0) + 6
    figure.legend(
        handles, names, loc="outside upper center", ncols=max(1, min(len(names), room // widest)), title=title
    )


def finish(figure, sweep, stem, folder, note=""):
    """Signs a figure and saves it as `stem` .svg, .pdf and .png in `folder`; returns the path of the PNG.

    The signature names the sweep, its cells' keys and the program's version; the files' metadata hold every key. No
    dates go into the files: the same data give the same bytes.
    """
    width = int(figure.get_figwidth() * 22)
    lines = textwrap.wrap(note, width) if note else []
    lines += textwrap.wrap(sweep.signature, width)
    figure.supxlabel("\n".join(lines), fontsize=6, color="#444444", x=0.01, ha="left", multialignment="left")
    folder.mkdir(parents=True, exist_ok=True)
    keys = " ".join(sweep.keys)
    description = f"{sweep.signature}; cells: {keys}"
    figure.savefig(folder / f"{stem}.svg", metadata={"Date": None, "Title": stem, "Description": description})
    figure.savefig(
        folder / f"{stem}.pdf", metadata={"CreationDate": None, "Title": stem, "Subject": description[:2000]}
    )
    figure.savefig(folder / f"{stem}.png", metadata={"Title": stem, "Description": description})
    plt.close(figure)
    return folder / f"{stem}.png"
