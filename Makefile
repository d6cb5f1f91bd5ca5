# Start with `make demo` and `make test`. Both install what they need on Debian 12.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build

# A crashed test ends at once, without waiting for a backtrace.
export SWIFT_BACKTRACE := enable=no
# Tests wait for servers, so more tests than cores run concurrently. With all of them at once, time limits would expire.
# Swift Testing supports this variable since Swift 6.3.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH := 8

.PHONY: build
build: ## build the command: .build/release/notafter, which needs no Swift where it runs
	scripts/install-dependencies.sh build
	scripts/build-release.sh
	@ls -l .build/release/notafter

PREFIX ?= /usr/local
.PHONY: install
install: ## install what `make` has built: PREFIX=/usr/local, below DESTDIR
	scripts/install.sh "$(PREFIX)" "$(DESTDIR)"

.PHONY: installcheck
installcheck: build ## install below a root without Swift, and make a pass there
	scripts/install-dependencies.sh test
	scripts/check-install.sh

# The targets of packages build the command first, unless BINARY names one that is built.
BINARY ?= .build/release/notafter
BUILT := $(if $(filter file,$(origin BINARY)),build)

.PHONY: deb
deb: $(BUILT) ## pack the command as a Debian package in .build/deb; BINARY=FILE packs one that is built
	scripts/install-dependencies.sh packages
	scripts/build-deb.sh "$(BINARY)"

.PHONY: check-deb
check-deb: $(BUILT) ## lint the package, and install, upgrade, remove and purge it in a bare Debian 12, as root
	scripts/install-dependencies.sh packages
	scripts/check-deb.sh "$$(scripts/build-deb.sh "$(BINARY)")"

RELEASE_FILES := .build/release-files
# Where BINARY was built, with Package.resolved and .build/checkouts.
BUILD_DIRECTORY ?= .
.PHONY: release
release: $(BUILT) ## the tarball of a release, its checksum and its bill of materials, in .build/release-files
	scripts/install-dependencies.sh packages
	scripts/release.sh "$(BINARY)" "$(RELEASE_FILES)"
	$(MAKE) sbom BINARY="$(BINARY)"

.PHONY: sbom
sbom: $(BUILT) ## the software bill of materials of the command (CycloneDX), in .build/release-files
	@mkdir -p "$(RELEASE_FILES)"
	scripts/sbom.py "$(BINARY)" "$(BUILD_DIRECTORY)" > "$(RELEASE_FILES)/notafter.cdx.json"

.PHONY: check-release
check-release: $(BUILT) ## make the release files twice and compare them, and validate the bill of materials
	scripts/install-dependencies.sh packages
	scripts/check-release.sh "$(BINARY)" "$(BUILD_DIRECTORY)"

.PHONY: check-units
check-units: $(BUILT) ## install the package in a bare Debian 12, boot it, and let systemd run the units, as root
	scripts/install-dependencies.sh packages
	scripts/check-units.sh "$$(scripts/build-deb.sh "$(BINARY)")"

.PHONY: check-cron
check-cron: $(BUILT) ## install the tarball in a bare Debian 12 and run deploy/cron/notafter there as cron would, as root
	scripts/install-dependencies.sh packages
	scripts/check-cron.sh "$(BINARY)"

.PHONY: check-container
check-container: $(BUILT) ## lint the Containerfile, build the image without an engine, and make a pass in it, as root
	scripts/install-dependencies.sh packages
	scripts/check-container.sh "$(BINARY)"

.PHONY: check-kubernetes
check-kubernetes: $(BUILT) ## render the Helm chart and the kustomizations, validate them, and read what the example's Roles grant
	scripts/install-dependencies.sh packages
	scripts/check-kubernetes.py "$(BINARY)"

.PHONY: check-scripts
check-scripts: $(BUILT) ## shell scripts, manual pages, and completions in real shells
	scripts/install-dependencies.sh packages
	shellcheck scripts/*.sh demo/*.sh Tests/TestSupport/*.sh packaging/completions/notafter.bash packaging/debian/notafter.postrm
	scripts/check-manual.sh
	scripts/check-completions.sh "$(BINARY)"

.PHONY: demo
demo: ## the first minute: a private PKI, nginx with mTLS, webhooks and probes, all on loopback
	scripts/install-dependencies.sh test
	demo/run.sh

# The tests with thousands of schedules, kills and simulated years run alone: beside them, tests that wait for a server
# would exceed their time limits.
HEAVY_TESTS := Torture|Simulation|Crash

.PHONY: test
test: ## every test
	scripts/install-dependencies.sh test
	swift build --build-tests
	swift test --skip-build --skip '$(HEAVY_TESTS)'
	swift test --skip-build --filter '$(HEAVY_TESTS)'

# A folder of its own, since other flags build everything anew. With NOTAFTER_STRICT=1 for all targets it can be .build.
STRICT_BUILD ?= .build/strict
.PHONY: check
check: ## format, levels, sizes, clock, share of tests, mutants that apply, warnings; scripts, manual, completions, Kubernetes, the API
	swift format lint --strict --recursive $(wildcard Package.swift Sources Tests Fuzz)
	scripts/check-sources.py
	scripts/check-test-share.py
	scripts/mutants.py --check
	scripts/check-imports.sh $(STRICT_BUILD)
	$(MAKE) check-scripts check-kubernetes BINARY=$(STRICT_BUILD)/debug/notafter
	scripts/check-api.sh $(STRICT_BUILD)/debug/notafter

.PHONY: bench
bench: ## measure each workload at two sizes beside its floor, and check the targets
	scripts/install-dependencies.sh test
	Benchmarks/run.sh

.PHONY: bench-guard
bench-guard: ## fail if a workload takes more instructions than its baseline, or grows faster than its size
	scripts/install-dependencies.sh test
	Benchmarks/run.sh guard

# PASSPHRASES is a file with one passphrase in each line, for encrypted containers.
CORPORA_OUTPUT ?= .build/corpora.jsonl
.PHONY: corpora
corpora: build ## CORPORA=DIR: decode a directory of files from other projects, as JSON lines
	scripts/corpora.py .build/release/notafter "$(or $(CORPORA),$(error name a directory: make corpora CORPORA=DIR))" "$(CORPORA_OUTPUT)" "$(PASSPHRASES)"

SUITES ?= ../shared
.PHONY: conformance
conformance: build ## run the built command on NIST PKITS and collected cases, if they are beside the checkout (SUITES=DIR)
	scripts/conformance.py .build/release/notafter "$(SUITES)"

TORTURE ?= 20
.PHONY: torture
torture: ## random schedules, crashes and simulated years, TORTURE times as many as in `make test`
	scripts/install-dependencies.sh test
	swift build --build-tests
	NOTAFTER_TORTURE=$(TORTURE) swift test --skip-build --filter '$(HEAVY_TESTS)'

.PHONY: mutants
mutants: ## each patch that removes a safeguard must make a test fail: MUTANTS="NAME…" or all
	scripts/install-dependencies.sh test
	scripts/mutants.py $(MUTANTS)

FUZZ_SECONDS ?= 600
.PHONY: fuzz
fuzz: ## fuzz every entry point of the decoder for FUZZ_SECONDS, under AddressSanitizer
	scripts/install-dependencies.sh test
	scripts/fuzz.sh $(FUZZ_SECONDS)

DIFFERENTIAL ?= 10000000
.PHONY: differential
differential: ## compare our readers with OpenSSL's on DIFFERENTIAL mutated certificates, and as many lists
	scripts/install-dependencies.sh test
	swift build --build-tests
	NOTAFTER_DIFFERENTIAL=$(DIFFERENTIAL) swift test --skip-build --filter DifferentialTests

.PHONY: sanitize
sanitize: ## run the tests of the decoder and of its bindings under AddressSanitizer and LeakSanitizer
	scripts/install-dependencies.sh test
	scripts/sanitize.sh

.PHONY: clean
clean: ## remove all build results
	rm -rf .build

.PHONY: help
help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16
