"""`make install` and `make dist` without the building: what lies where, and that it works there."""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from analysis.tests import image
from trifactor import program

ROOT = Path(__file__).resolve().parents[2]
NAME = "trifactor-0-linux-x86_64"


def script(name, *words):
    return subprocess.run([ROOT / ".ci" / name, *map(str, words)], capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    place = tmp_path_factory.mktemp("install") / "with blank"
    done = script("install", program.find(), place)
    assert done.returncode == 0 and done.stdout.startswith("installed "), done.stderr
    return place


def test_the_program_runs_from_there_and_finds_shipped_sweeps(prefix, tmp_path):
    variables = {"PATH": f"{prefix}/bin:/usr/bin:/bin", "HOME": str(tmp_path)}
    variables |= {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    words = ["trifactor", "plan", f"{prefix}/share/trifactor/sweeps/quickstart.yaml"]
    done = subprocess.run(words, cwd=tmp_path, env=variables, capture_output=True, text=True)
    assert done.returncode == 0 and "sweep quickstart" in done.stdout, done.stderr


def launcher(folder, source, *flags):
    """An installation whose program is this one in C."""
    for name in ("bin", "libexec"):
        (folder / name).mkdir()
    shutil.copy(ROOT / ".ci" / "launcher", folder / "bin" / "trifactor")
    (folder / "main.c").write_text(source)
    words = ["gcc", folder / "main.c", *flags, "-o", folder / "libexec" / "trifactor"]
    subprocess.run([*map(str, words)], check=True)
    return folder / "bin" / "trifactor"


def library(folder, name, text="void f(void) {}", *flags):
    """A library of that name; the path of its file."""
    path = folder / name
    (folder / "library.c").write_text(text)
    words = ["gcc", "-shared", "-fPIC", f"-Wl,-soname,{name}", *flags, folder / "library.c", "-o", path]
    subprocess.run([*map(str, words)], check=True)
    return path


def test_the_launcher_is_the_program(tmp_path):
    start = launcher(tmp_path, "#include <stdio.h>\nint main(int n, char **a) { puts(a[n - 1]); return 75; }")
    link = tmp_path / "link"
    link.symlink_to(start)
    done = subprocess.run([link, "a", "b c"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (75, "b c\n", "")


def test_a_missing_library_is_one_line_with_its_package(tmp_path):
    paths = [library(tmp_path, name) for name in ("libopenblas.so.0", "libnobody.so.7")]
    start = launcher(tmp_path, "void f(void); int main(void) { f(); }", "-Wl,--no-as-needed", *paths)
    for path in paths:
        path.unlink()
    place = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
    place["LD_LIBRARY_PATH"] = str(tmp_path / "nothing")
    # Where OpenBLAS is installed, the other library alone is missing.
    done = subprocess.run([start], capture_output=True, text=True, env=place)
    installed = "libopenblas.so.0" in subprocess.run(["ldconfig", "-p"], capture_output=True, text=True).stdout
    names = "libnobody.so.7" if installed else "libnobody.so.7, libopenblas.so.0"
    assert done.returncode == 127 and done.stderr.count("\n") == 1 and not done.stdout
    assert f"trifactor: cannot start on {os.uname().nodename}: missing {names}. Debian, Ubuntu: " in done.stderr
    assert "Rocky, RHEL: dnf install 'libnobody.so.7()(64bit)'" in done.stderr
    assert ("apt-get install (no package is known);" if installed else "apt-get install libopenblas0;") in done.stderr


def test_libraries_that_are_too_old_are_told(tmp_path):
    versions = tmp_path / "versions"
    versions.write_text("GLIBC_2.99 { f; };")
    new = library(tmp_path, "libcee.so.6", "void f(void) {}", f"-Wl,--version-script={versions}")
    start = launcher(tmp_path, "void f(void); int main(void) { f(); }", new, f"-Wl,-rpath,{tmp_path}")
    versions.write_text("GLIBC_2.0 { f; };")
    library(tmp_path, "libcee.so.6", "void f(void) {}", f"-Wl,--version-script={versions}")
    done = subprocess.run([start], capture_output=True, text=True)
    assert done.returncode == 127 and done.stderr.count("\n") == 1
    assert "older than the program needs: GLIBC_2.99 not found; wanted: glibc 2.34 or later" in done.stderr


def test_another_processor_is_told_by_the_launcher(tmp_path):
    start = launcher(tmp_path, "int main(void) { return 0; }")
    uname = tmp_path / "uname"
    uname.write_text('#!/bin/sh\n[ "$1" = -n ] && echo node7 || echo Linux aarch64\n')
    uname.chmod(0o755)
    variables = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run([start], capture_output=True, text=True, env=variables)
    wanted = "this is Linux aarch64, and the program is for Linux on x86-64 (Intel, AMD)"
    assert (done.returncode, done.stderr) == (127, f"trifactor: cannot start on node7: {wanted}\n")


def test_the_image_takes_what_the_tarball_has(prefix):
    """Its lines run in `make bare-root-test`; here, that what they name is there."""
    parts = image.sections()
    assert parts[""] == ["Bootstrap: docker", "From: debian:12-slim"]
    assert parts["files"] == ["{{ tarball }} /opt/trifactor.tar.gz"]
    assert parts["arguments"] == ["tarball=out/dist/trifactor.tar.gz"]
    own = [word for line in parts["test"] + parts["environment"] for word in line.split() if "/opt/trifactor/" in word]
    places = [word.replace("/opt/trifactor", str(prefix)).removeprefix("PATH=").split(":")[0] for word in own]
    assert len(places) == 2 and all(Path(place).exists() for place in places), places
    text = (ROOT / ".ci" / "launcher").read_text()
    installs = next(line for line in parts["post"] if "apt-get install" in line)
    for package in ("libopenblas0", "libssl3"):
        assert package in installs and package in text
    assert (prefix / "share" / "trifactor" / "apptainer" / "trifactor.def").is_file()


def test_the_manual_has_every_command(prefix):
    page = prefix / "share" / "man" / "man1" / "trifactor.1"
    text = page.read_text()
    for name in ("run", "table", "rule", "verify", "bench"):
        assert f".SS {name}\n" in text
    assert "\\fB75\\fR\ndrained: run the same command again" in text
    if shutil.which("groff"):
        done = subprocess.run(["groff", "-man", "-ww", "-Tascii", "-z", page], capture_output=True, text=True)
        assert done.returncode == 0 and not done.stderr, done.stderr


def test_completions_are_of_this_program(prefix):
    bash = prefix / "share" / "bash-completion" / "completions" / "trifactor"
    assert subprocess.run(["bash", "-n", bash]).returncode == 0 and "--ranks-per-cell" in bash.read_text()
    zsh, fish = (
        prefix / "share/zsh/site-functions/_trifactor",
        prefix / "share/fish/vendor_completions.d/trifactor.fish",
    )
    assert zsh.read_text().startswith("#compdef trifactor") and "ranks-per-cell" in fish.read_text()


def test_job_scripts_find_the_program(prefix):
    slurm = prefix / "share" / "trifactor" / "slurm"
    words = 'trifactor_slurm=$1; source "$1/site.sh"; "$TRIFACTOR_PROGRAM" --version; TRIFACTOR_PROGRAM=mine; '
    words += 'source "$1/site.sh"; echo "$TRIFACTOR_PROGRAM"'
    done = subprocess.run(["bash", "-euc", words, "-", slurm], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "mine" and done.stdout[0].isdigit(), done.stderr


def test_pages_lead_somewhere_and_the_package_is_there(prefix):
    own = prefix / "share" / "trifactor"
    for name in ("docs/tutorial.md", "sweeps/tasks/README.md", "Sources/ResultStore/Format.md", "CONTRIBUTING.md"):
        assert (own / name).is_file(), name
    package = own / "analysis" / "src" / "trifactor"
    assert (package / "py.typed").is_file() and (own / "analysis" / "pyproject.toml").is_file()
    assert not list(own.rglob("__pycache__")) and not list(own.rglob("*.egg-info"))


def test_a_second_installation_leaves_nothing_of_the_first(prefix):
    stale = prefix / "share" / "trifactor" / "sweeps" / "of-an-earlier-version.yaml"
    stale.write_text("")
    assert script("install", program.find(), prefix).returncode == 0 and not stale.exists()


def test_the_tarball_is_one_folder_and_the_same_bytes_again(tmp_path):
    packed = []
    for name in ("one", "two"):
        done = script("dist", program.find(), tmp_path / name / NAME)
        assert done.returncode == 0 and f"{NAME}.tar.gz: unpack it" in done.stdout, done.stderr
        assert not (tmp_path / name / NAME).exists()
        packed.append((tmp_path / name / f"{NAME}.tar.gz").read_bytes())
    assert packed[0] == packed[1]
    with tarfile.open(tmp_path / "one" / f"{NAME}.tar.gz") as archive:
        members = {member.name: member for member in archive.getmembers()}
    assert {name.split("/")[0] for name in members} == {NAME}
    assert members[f"{NAME}/bin/trifactor"].mode == members[f"{NAME}/libexec/trifactor"].mode == 0o755
    assert members[f"{NAME}/share/trifactor/slurm/chain.sh"].mode == 0o755
    assert all(member.uid == 0 and member.mtime == 0 for member in members.values())


def test_the_program_starts_with_older_libraries():
    """Rocky and RHEL 9 have these."""
    done = script("oldest-libraries", program.find(), "GLIBC=2.34", "GLIBCXX=3.4.29")
    assert done.returncode == 0, done.stderr


def test_newer_symbols_are_told():
    done = script("oldest-libraries", program.find(), "GLIBC=2.3", "GLIBCXX=3.4.29")
    assert done.returncode == 1 and "needs a newer GLIBC than 2.3 for:\n2." in done.stderr


def test_another_processor_is_told_before_anything_is_installed(tmp_path):
    uname = tmp_path / "uname"
    uname.write_text("#!/bin/sh\necho Linux aarch64\n")
    uname.chmod(0o755)
    variables = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run([ROOT / ".ci" / "setup"], capture_output=True, text=True, env=variables)
    assert done.returncode == 69 and done.stdout == ""
    assert done.stderr == "setup: this is Linux aarch64, and trifactor's kernels are for Linux on x86-64 (Intel, AMD)\n"


def test_make_knows_the_version():
    words = ["make", "--dry-run", "-o", "build", "dist"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    version = program.ask(program.find(), "--version").split()[0]
    assert f"trifactor-{version}-linux-x86_64" in done.stdout, done.stderr
