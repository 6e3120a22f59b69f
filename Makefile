# The two doors: `make sweep` shows what the program does, `make test` that it is right. Both do all set-up.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

RANKS ?= 2
SWEEP ?= sweeps/quickstart.yaml
# The name of the sweep file without its ending, blanks and all.
OUT ?= out/$(shell basename "$(SWEEP)" .yaml)

SWIFT ?= swift
PYTHON := .venv/bin/python
TRIFACTOR := .build/release/trifactor
# PyTorch without CUDA is not on PyPI: with PIP_EXTRA_INDEX_URL at PyTorch's index of CPU builds it takes part.
PEERS ?=
# Options of the hostile run: --quick, --only damage, --seed 2.
HOSTILE ?=

# Open MPI refuses root without these; containers and CI are root. One BLAS thread a rank.
export OMPI_ALLOW_RUN_AS_ROOT := 1
export OMPI_ALLOW_RUN_AS_ROOT_CONFIRM := 1
export OPENBLAS_NUM_THREADS := 1

MPIRUN := mpirun --oversubscribe -n $(RANKS)
TEST_FLAGS := -c release -Xswiftc -enable-testing

PREFIX ?= /usr/local
VERSION = $(shell sed -n 's/.* version = "\(.*\)"$$/\1/p' Sources/Launch/Build.swift)
DIST = out/dist/trifactor-$(VERSION)-linux-x86_64

.PHONY: help setup build install dist sweep figures plan test build-tests test-swift test-python test-slurm slurm-test \
	hosts-test bare-root-test docc hostile validation soak peers costs lint lint-python format clean

help:
	@echo "make sweep               set up, build, run $(SWEEP) on $(RANKS) ranks, print the table, draw figures"
	@echo "                         (RANKS=8 SWEEP=sweeps/other.yaml OUT=folder change it; the same command resumes)"
	@echo "make test                set up, then every test and the formatter: about 20 minutes on 2 cores"
	@echo "make slurm-test          the job scripts on a real Slurm of four nodes; needs root. A part of make test"
	@echo "make hosts-test          dying hosts and pulled cables under mpirun; needs root"
	@echo "make bare-root-test      the tarball in a bare Debian 12, with and without MPI; needs root and Debian's packages"
	@echo "make docc                pages of the Swift modules, in out/docc: how to add a task, mechanism, estimator, kernel"
	@echo "make hostile             thousands of hostile command lines, as two tables: minutes. A selection is in make test"
	@echo "make plan                what the sweep would cost; runs nothing"
	@echo "make figures DIR=folder  every figure the folder has data for, and report.html, in folder/figures"
	@echo "make validation          published numbers of others by their own protocols: an hour"
	@echo "make soak                the fault tests at their full counts: half an hour"
	@echo "make peers               this program against JAX and PyTorch: same values, then times (PEERS=--smoke: quick)"
	@echo "make costs               how a trial's cost grows with N, T, d and H here: table and figure in out/costs"
	@echo "make install PREFIX=dir  the program, man page, shell completions, job scripts, sweeps and pages, under dir"
	@echo "make dist                the same as a tarball in out/dist, for machines without Swift (glibc 2.34 or later)"
	@echo "make setup               system packages, Python environment"
	@echo "make build               the program, .build/release/trifactor"
	@echo "make lint, make format   check or apply the formatting; lint checks Python's types too"

setup:
	@.ci/setup

build: setup
	$(SWIFT) build -c release --static-swift-stdlib --product trifactor

install: build
	.ci/install $(TRIFACTOR) "$(DESTDIR)$(PREFIX)"

dist: build
	.ci/oldest-libraries $(TRIFACTOR) GLIBC=2.34 GLIBCXX=3.4.29
	.ci/dist $(TRIFACTOR) "$(DIST)"

sweep: build
	mkdir -p "$(OUT)"
	$(MPIRUN) $(TRIFACTOR) run "$(SWEEP)" --out "$(OUT)"
	$(TRIFACTOR) table "$(OUT)" --rows rule.degree --columns task --metric accuracy
	$(PYTHON) -m analysis.figures "$(OUT)" --trifactor $(TRIFACTOR)

# Also what `trifactor dynamics`, `evaluate --json > DIR/evaluation.json` and `audit --export DIR` have left there.
figures: build
	@[ -n "$(DIR)" ] || { echo "make figures DIR=folder: give the folder of results" >&2; exit 64; }
	$(PYTHON) -m analysis.figures "$(DIR)" --trifactor $(TRIFACTOR)

# The full counts of the store's, the scheduler's and the run's fault tests. What is measured runs alone. The figures
# are printed at the end, also where a test fails.
SOAK := StoreScaleTests ResumeScaleTests GatherTests ManyDeathsTests \
	'^(ResultStoreTests|SweepTests|MPITests)' 'InterruptionTests|OtherHostTests|DiskTests|ChangedSweepTests|FailedCellTests'
SOAK_FIGURES := $(abspath out/soak.txt)

soak: build-tests
	@mkdir -p out; rm -f $(SOAK_FIGURES); failed=0; \
	for part in $(SOAK); do \
	  alone=(); case $$part in *'|'*) alone=(--skip 'StoreScaleTests|GatherTests') ;; esac; \
	  TRIFACTOR_SOAK=1 TRIFACTOR_FIGURES=$(SOAK_FIGURES) .ci/unless-silent 7200 \
	    $(SWIFT) test --scratch-path .build/tests $(TEST_FLAGS) --skip-build --filter "$$part" "$${alone[@]}" || failed=1; \
	done; \
	echo; echo "What the soak has tried (out/soak.txt):"; sort $(SOAK_FIGURES); \
	if [ $$failed = 1 ]; then echo "soak: a test FAILED, see above" >&2; fi; exit $$failed

plan: build
	$(TRIFACTOR) plan "$(SWEEP)" --ranks $(RANKS)

# The environment is made anew when a list of packages changes. Nothing else should run on the machine.
peers: build .venv-peers/installed
	TRIFACTOR=$(abspath $(TRIFACTOR)) .venv-peers/bin/python -m analysis.peers $(PEERS)

# Nothing else should run on the machine.
costs: build
	$(PYTHON) -m analysis.figures.costs --to out/costs --trifactor $(TRIFACTOR)

.venv-peers/installed: analysis/peers/requirements.txt analysis/peers/requirements-torch.txt
	rm -rf .venv-peers
	python3 -m venv .venv-peers
	.venv-peers/bin/pip install --quiet --disable-pip-version-check --requirement analysis/peers/requirements.txt \
	  --editable ./analysis
	.venv-peers/bin/pip install --quiet --disable-pip-version-check --retries 1 --timeout 20 \
	  --requirement analysis/peers/requirements-torch.txt \
	  || echo "peers: PyTorch could not be installed and is left out" >&2
	touch $@

test: lint test-swift test-python test-slurm

# Tests that start programs find them beside the test bundle, so all is built before anything runs. A scratch folder
# of its own keeps the build flags of tests and program from undoing each other. How long tests may take depends on
# what else the machine does; how long they may be silent does not.
build-tests:
	@.ci/setup tests
	$(SWIFT) build --scratch-path .build/tests $(TEST_FLAGS) --build-tests --explicit-target-dependency-import-check error

test-swift: build-tests
	.ci/unless-silent 1200 $(SWIFT) test --scratch-path .build/tests $(TEST_FLAGS) --skip-build

test-python: build-tests
	@.ci/browser
	TRIFACTOR=$(abspath .build/tests/release/trifactor) .ci/unless-silent 1200 \
	  $(PYTHON) -m pytest -q -o faulthandler_timeout=900 analysis

# Where this machine can: as root, with namespaces.
test-slurm: build-tests
	TRIFACTOR=$(abspath .build/tests/release/trifactor) Tests/cluster/run slurm --if-possible

slurm-test: build
	Tests/cluster/run slurm

hosts-test: build
	Tests/cluster/run hosts

# Some minutes; no part of `make test`.
bare-root-test: dist
	TRIFACTOR_TARBALL=$(abspath $(DIST)).tar.gz .ci/unless-silent 1200 \
	  $(PYTHON) -m pytest -q -rs -p no:cacheprovider --durations=5 Tests/bare

docc: build-tests
	.ci/docc .build/tests/release out/docc

# Failing outputs, damaged folders, wrong files, absurd numbers, pipes: no command dies, hangs or lies.
hostile: build
	TRIFACTOR=$(abspath $(TRIFACTOR)) $(PYTHON) -m analysis.hostile $(HOSTILE)

# Published numbers of others, reproduced by their own protocols: about an hour on one rank.
VALIDATE = $(MPIRUN) $(TRIFACTOR) validate

validation: build
	mkdir -p out/validation
	$(VALIDATE) rflo --networks 20 | tee out/validation/rflo.txt
	$(VALIDATE) miconi-dnms --networks 20 --errors out/validation/miconi-dnms.npy \
	  | tee out/validation/miconi-dnms.txt
	$(VALIDATE) miconi-dnms --networks 20 --trace node-perturbation --errors out/validation/miconi-dnms-np.npy \
	  | tee out/validation/miconi-dnms-np.txt
	$(VALIDATE) miconi-context --networks 20 --errors out/validation/miconi-context.npy \
	  | tee out/validation/miconi-context.txt
	$(VALIDATE) miconi-dale --networks 20 --errors out/validation/miconi-dale.npy \
	  | tee out/validation/miconi-dale.txt

lint: setup lint-python
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

lint-python: setup
	$(PYTHON) -m ruff check --quiet
	$(PYTHON) -m ruff format --check --quiet
	$(PYTHON) -m mypy --no-error-summary

format: setup
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift
	$(PYTHON) -m ruff check --quiet --fix
	$(PYTHON) -m ruff format --quiet

clean:
	rm -rf .build .venv .venv-peers .venv-neurogym .mypy_cache .ruff_cache .pytest_cache
