#!/bin/bash
# Installs what trifactor needs and is not there: system packages (by apt as root; otherwise the one command to run
# is printed), and the Python environment .venv with pinned packages. Nothing happens where all is in place.
set -eu
cd "$(dirname "$0")/.."

say() { echo "setup: $*"; }

# A program or pkg-config name that proves the presence of each package.
missing=()
need_program() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
need_library() { pkg-config --exists "$1" 2>/dev/null || missing+=("$2"); }
need_program pkg-config pkg-config
need_program mpirun openmpi-bin
need_library ompi-c libopenmpi-dev
need_library openblas libopenblas-dev
need_library zlib zlib1g-dev
need_library libcrypto libssl-dev
need_program python3 python3
python3 -c 'import venv, ensurepip' >/dev/null 2>&1 || missing+=(python3-venv)

if [ ${#missing[@]} -gt 0 ]; then
  install="apt-get install -y --no-install-recommends ${missing[*]}"
  if ! command -v apt-get >/dev/null 2>&1; then
    say "missing: ${missing[*]} (names of Debian packages)" >&2
    say "install them with this system's package manager, then run the same command again" >&2
    exit 69
  elif [ "$(id -u)" -ne 0 ]; then
    say "missing: ${missing[*]}" >&2
    say "run this, then the same command again:" >&2
    echo "  sudo apt-get update && sudo $install" >&2
    exit 69
  fi
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  $install
fi

if ! command -v swift >/dev/null 2>&1; then
  say "swift is missing: install Swift 6.3 from https://www.swift.org/install/linux, then run this again" >&2
  exit 69
fi

# The environment is made anew when the list of packages changes.
stamp=.venv/requirements.txt
if ! cmp -s analysis/requirements.txt "$stamp"; then
  say "making .venv"
  rm -rf .venv
  python3 -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check --requirement analysis/requirements.txt
  cp analysis/requirements.txt "$stamp"
fi
