# notafter's two commands for newcomers are `make demo` and `make test`; each does all of its own set-up on Debian 12.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build

# A crash in a test shall end it at once, and not wait for a backtrace.
export SWIFT_BACKTRACE := enable=no
# Tests wait for servers, so more of them than there are cores run at once; all of them at once would keep each other
# waiting for longer than anything may take. Swift Testing takes this from version 6.3 on.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH := 8

.PHONY: build
build: ## build the command: .build/release/notafter, which needs no Swift where it runs
	scripts/install-dependencies.sh build
	scripts/build-release.sh
	@ls -l .build/release/notafter

PREFIX ?= /usr/local
.PHONY: install
install: ## put what `make` has built into its places: PREFIX=/usr/local, below DESTDIR
	scripts/install.sh "$(PREFIX)" "$(DESTDIR)"

.PHONY: installcheck
installcheck: build ## install below a bare root that has nothing of Swift, and make a pass in it
	scripts/install-dependencies.sh test
	scripts/check-install.sh

.PHONY: demo
demo: ## the first minute: a private PKI, nginx with mTLS, webhooks and probes, all on loopback
	scripts/install-dependencies.sh test
	demo/run.sh

# What drives thousands of schedules, kills and years has the machine to itself: beside it, whatever waits for an answer of
# a server would wait too long.
HEAVY_TESTS := Torture|Simulation|Crash

.PHONY: test
test: ## every test
	scripts/install-dependencies.sh test
	swift build --build-tests
	swift test --skip-build --skip '$(HEAVY_TESTS)'
	swift test --skip-build --filter '$(HEAVY_TESTS)'

.PHONY: check
check: ## format, levels, clock, warnings
	swift format lint --strict --recursive $(wildcard Package.swift Sources Tests Fuzz)
	scripts/check-sources.py
	scripts/mutants.py --check
	NOTAFTER_STRICT=1 swift build --build-tests --scratch-path .build/strict --explicit-target-dependency-import-check error

.PHONY: bench
bench: ## each figure at two sizes beside its floor, and which targets are met
	scripts/install-dependencies.sh test
	Benchmarks/run.sh

.PHONY: bench-guard
bench-guard: ## fails if a workload takes more instructions than it did, or grows faster than its size
	scripts/install-dependencies.sh test
	Benchmarks/run.sh guard

# PASSPHRASES is a file with one passphrase a line, to be tried on what is closed.
CORPORA_OUTPUT ?= .build/corpora.jsonl
.PHONY: corpora
corpora: build ## CORPORA=DIR: what notafter reads in a directory of foreign files, as JSON lines
	scripts/corpora.py .build/release/notafter "$(or $(CORPORA),$(error name a directory: make corpora CORPORA=DIR))" "$(CORPORA_OUTPUT)" "$(PASSPHRASES)"

SUITES ?= ../shared
.PHONY: conformance
conformance: build ## NIST PKITS and collected cases on the built command, where they lie beside the checkout (SUITES=DIR)
	scripts/conformance.py .build/release/notafter "$(SUITES)"

TORTURE ?= 20
.PHONY: torture
torture: ## random schedules, crashes and simulated years, TORTURE times as many as `make test` tries
	scripts/install-dependencies.sh test
	swift build --build-tests
	NOTAFTER_TORTURE=$(TORTURE) swift test --skip-build --filter '$(HEAVY_TESTS)'

.PHONY: mutants
mutants: ## what takes out a safeguard must make a test fail: MUTANTS="NAME…" or all of them
	scripts/install-dependencies.sh test
	scripts/mutants.py $(MUTANTS)

FUZZ_SECONDS ?= 600
.PHONY: fuzz
fuzz: ## every entry point of the decoder, for FUZZ_SECONDS, under AddressSanitizer
	scripts/install-dependencies.sh test
	scripts/fuzz.sh $(FUZZ_SECONDS)

DIFFERENTIAL ?= 10000000
.PHONY: differential
differential: ## our readers and OpenSSL's on DIFFERENTIAL mutated certificates, and as many lists
	scripts/install-dependencies.sh test
	swift build --build-tests
	NOTAFTER_DIFFERENTIAL=$(DIFFERENTIAL) swift test --skip-build --filter DifferentialTests

.PHONY: sanitize
sanitize: ## the tests of the decoder and of its bindings, under AddressSanitizer and LeakSanitizer
	scripts/install-dependencies.sh test
	scripts/sanitize.sh

.PHONY: clean
clean: ## remove what was built
	rm -rf .build

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16
