"""The tarball of `make dist` in a bare Debian 12 in a folder, where neither Swift nor this checkout exists: what a stranger
meets, in order. Run by `make bare-root-test`, as root; some minutes, most of them for the sweep and for packages.
"""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.tests import image

TARBALL = os.environ.get("TRIFACTOR_TARBALL", "")
SWEEP = "share/trifactor/sweeps/quickstart.yaml"
APT = "apt-get install -y -q --no-install-recommends"


class Root:
    """A system in a folder, and where the tarball was unpacked in it."""

    home = "/srv/trifactor"

    def __init__(self, folder: Path):
        self.folder = folder

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """Runs lines of a shell there, with nothing in the environment but the way to Debian's packages."""
        kept = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
        path = f"{self.home}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        mpi = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OPENBLAS_NUM_THREADS": "1"}
        variables = {"PATH": path, "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive", **mpi, **kept}
        # Mounts and processes are gone when it ends.
        enter = 'mount -t proc proc "$0/proc"; mount --rbind /dev "$0/dev"; exec chroot "$0" /bin/sh -euc "$1"'
        world = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-euc", enter]
        return subprocess.run(
            [*world, str(self.folder), script], env=variables, capture_output=True, text=True, timeout=900
        )

    def must(self, script: str) -> str:
        done = self.run(script)
        assert done.returncode == 0, f"{script}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Iterator[Root]:
    if os.geteuid() != 0:
        pytest.skip("it needs root, to make a Debian in a folder")
    if not Path(TARBALL).is_file():
        pytest.skip(f"there is no tarball '{TARBALL}': `make bare-root-test` makes one")
    if not shutil.which("mmdebstrap"):
        done = subprocess.run(f"apt-get update -q && {APT} mmdebstrap", shell=True, capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"mmdebstrap is missing and cannot be installed: {done.stderr[-300:]}")
    folder = tmp_path_factory.mktemp("bare") / "root"
    done = subprocess.run(
        ["mmdebstrap", "--variant=minbase", "bookworm", folder], capture_output=True, text=True, timeout=900
    )
    if done.returncode != 0:
        pytest.skip(f"no Debian 12 can be made here: {done.stderr[-300:]}")
    shutil.copy("/etc/resolv.conf", folder / "etc" / "resolv.conf")
    shutil.copy("/etc/hosts", folder / "etc" / "hosts")
    bare = Root(folder)
    place = folder / bare.home.lstrip("/")
    place.mkdir(parents=True)
    subprocess.run(["tar", "-xzf", TARBALL, "-C", place, "--strip-components=1"], check=True)
    yield bare
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def said(root) -> str:
    """What the program says where it cannot start."""
    done = root.run("trifactor --version")
    assert done.returncode == 127 and not done.stdout
    return done.stderr


def test_nothing_of_ours_is_there(root):
    assert root.run("command -v swift || command -v mpirun || command -v python3").returncode != 0
    assert "libmpi" not in root.must("ldconfig -p")


def test_one_line_says_what_is_missing(said):
    assert said.count("\n") == 1
    assert ": missing libcrypto.so.3, libopenblas.so.0. Debian, Ubuntu: apt-get install libssl3 libopenblas0; " in said
    assert "Rocky, RHEL: dnf install 'libcrypto.so.3()(64bit)' 'libopenblas.so.0()(64bit)'; " in said


def test_the_packages_it_names_are_enough(root, said):
    packages = said.split("apt-get install ")[1].split(";")[0]
    root.must(f"apt-get update -q; {APT} {packages}")
    assert root.must("trifactor --version").count(".") == 2
    assert "libmpi" not in root.must("ldconfig -p")


def test_one_rank_needs_no_mpi(root):
    root.must(f"trifactor run {root.home}/{SWEEP} --out /srv/one")
    table = root.must("trifactor table /srv/one --rows rule.degree --columns task --metric accuracy")
    assert "perceptual-decision" in table and "PARTIAL" not in table
    root.must("trifactor verify /srv/one; trifactor export /srv/one --to /srv/one.csv")


def test_a_rank_without_mpi_says_what_to_install(root):
    done = root.run(f"OMPI_COMM_WORLD_SIZE=1 trifactor run {root.home}/{SWEEP} --out /srv/never")
    assert done.returncode == 70 and done.stderr.count("\n") == 1
    assert "libmpi.so.40: cannot open shared object file" in done.stderr
    assert "Debian, Ubuntu: apt-get install openmpi-bin;" in done.stderr
    assert root.run("test -e /srv/never").returncode != 0


def test_the_image_is_built_and_tested_by_its_lines(root):
    """Apptainer itself is not run: its sections are, in its order."""
    parts = image.sections()
    (root.folder / "opt").mkdir(exist_ok=True)
    shutil.copy(TARBALL, root.folder / "opt" / "trifactor.tar.gz")
    root.must("\n".join(parts["post"]))
    said = root.must("\n".join([*parts["environment"], "command -v trifactor", *parts["test"]]))
    assert said.startswith("/opt/trifactor/bin/trifactor\n") and "sweep quickstart" in said and "Open MPI" in said
    arguments = shlex.join(["run", "--help"])
    assert "USAGE: trifactor run" in root.must(
        "\n".join([*parts["environment"], f"set -- {arguments}", *parts["runscript"]])
    )


def test_ranks_give_the_same_bytes(root):
    root.must(f"mpirun --oversubscribe -n 2 trifactor run {root.home}/{SWEEP} --out /srv/two")
    root.must("trifactor export /srv/two --to /srv/two.csv; cmp /srv/one.csv /srv/two.csv")
