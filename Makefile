# Everything a developer of Deskset runs. "make" alone lists it.

GO ?= $(shell command -v go || echo /usr/local/go/bin/go)
export PATH := $(patsubst %/,%,$(dir $(GO))):$(PATH)

# -buildvcs=false: a clone that belongs to another user (CI, containers) must
# build, and go list too would ask git.
export GOFLAGS += -buildvcs=false

# gles builds in 40 s instead of 3 min and looks the same; the other two are
# what Fyne needs for its threading rules and a smaller program.
TAGS := gles,migrated_fynedo,no_emoji
BIN := build/deskset
DEPS := packaging/install-deps

# How long each fuzz test runs (3 s of it on CI), what to measure, which arguments "run" gives.
FUZZTIME ?= 5m
BENCH ?= .
SOAK ?= 10m
DAY ?= 10m
ARGS ?= -lab

GOLANGCI_VERSION := v2.12.0
GOLANGCI := build/tools/golangci-lint

# Package lists, by what a test binary links. Those with GLFW in them are not
# run under the race detector: it would compile all of OpenGL a second time,
# and nothing runs in their tests that the window tests do not run better.
# Tests of sound run one after the other and not beside a compiler: a virtual
# sound card that is kept waiting has gaps like a real one.
LIST = $(GO) list -tags $(TAGS) -test -f '{{.ImportPath}} {{.Deps}}' ./... | \
	awk '$$1 ~ /\.test$$/ && $$1 != "deskset/app/interop.test" {sub(/\.test$$/, "", $$1); print (/go-gl\/glfw/ ? "window" : $$1 ~ /audio\/(device|engine)/ ? "sound" : "race"), $$1}'
RACE_PACKAGES = $(shell $(LIST) | awk '$$1 == "race" {print $$2}')
SOUND_PACKAGES = $(shell $(LIST) | awk '$$1 == "sound" {print $$2}')
WINDOW_PACKAGES = $(shell $(LIST) | awk '$$1 == "window" {print $$2}')

# Proofs in numbers and pictures, which the race detector makes too slow: they run
# without it as well.
NUMBER_PACKAGES = ./audio/codec/... ./audio/echo ./audio/stream/jitter ./faceplate ./faceplate/art

# Modules are fetched before anything else, so that without a network there is
# one message and not one for each package.
MODULES = $(GO) list -test -deps -tags $(TAGS) ./... >/dev/null

.PHONY: help run build test lint bench interop soak day fuzz golden docs screenshot package try-package clean go-version

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## install what is missing, build, start the phone with the lab (ARGS="-lab" by default)
	@$(DEPS) build run
	@$(MAKE) --no-print-directory build
	$(BIN) $(ARGS)

build: go-version ## compile build/deskset
	@mkdir -p build
	$(GO) build -tags $(TAGS) -o $(BIN) ./app

test: go-version ## install what the tests need, run them all, real servers included
	@$(DEPS) build run display peers validate
	@$(MODULES)
	@$(MAKE) --no-print-directory test-steps

# A make of its own, because the package lists need the build packages.
.PHONY: test-steps
test-steps:
	@$(GO) run ./app/interop/testsum -proof '^deskset/(app/(interop|port|trace)|audio/(device|engine)|phonecore/image|provisioning/(dhcp|discovery|fetch|hostwatch|link|tftp))' \
		'format: files=$$(gofmt -l $$(git ls-files "*.go" 2>/dev/null || find . -name "*.go")); [ -z "$$files" ] || { echo "not formatted: $$files"; exit 1; }' \
		'build: $(MAKE) --no-print-directory build' \
		'vet: $(GO) vet -tags $(TAGS),soak ./...' \
		'race: $(TEST) -race -timeout 10m $(RACE_PACKAGES)' \
		'plain: DESKSET_ECHO_TABLE=1 $(TEST) -timeout 5m $(NUMBER_PACKAGES) $(WINDOW_PACKAGES)' \
		$(if $(SOUND_PACKAGES),'sound: $(TEST) -race -p 1 -timeout 10m $(SOUND_PACKAGES)') \
		'interop: $(INTEROP)' \
		'package: $(PACKAGE_TEST)' \
		$(if $(CI),'fuzz: $(MAKE) --no-print-directory fuzz FUZZTIME=3s')

# The .deb around the program that is there already, made in two directories.
PACKAGE_TEST = packaging/reproduce -program $(BIN) deb && packaging/check-deb -stand-in build/package-test/*.deb

# Vet has seen everything in a step of its own, with all that it looks for.
TEST = $(GO) test -json -vet=off -tags $(TAGS)
INTEROP = $(TEST) -count 1 -parallel 4 -timeout 15m ./app/interop

interop: go-version ## only the proofs against Kamailio, baresip, tftpd, PulseAudio and a window (RUN=regexp)
	@$(DEPS) build run display peers
	@$(MAKE) --no-print-directory build
	@$(GO) run ./app/interop/testsum 'interop: $(INTEROP) $(if $(RUN),-v -run $(RUN))'

lint: go-version $(GOLANGCI) ## format, vet and the linters of .golangci.yml
	@$(DEPS) build
	@files=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$files" ] || { echo "not formatted: $$files"; exit 1; }
	$(GOLANGCI) run --build-tags $(TAGS) ./...

$(GOLANGCI):
	GOFLAGS= GOBIN=$(CURDIR)/build/tools $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)

bench: go-version ## measure everything beside its peers into build/bench.md (BENCH=regexp)
	@$(DEPS) build run display peers
	@$(MODULES)
	@$(MAKE) --no-print-directory build
	@$(GO) run ./app/interop/benchsum -tags $(TAGS) -bench '$(BENCH)' -o build/bench.md

soak: go-version ## an hour of a call in virtual time, ten minutes of a real one on a busy machine (SOAK=10m)
	@$(DEPS) build run display peers
	@$(MAKE) --no-print-directory build
	DESKSET_SOAK=1 $(GO) test -count 1 -v -run LongCall -timeout 20m ./audio/stream
	DESKSET_SOAK=$(SOAK) $(GO) test -count 1 -v -tags $(TAGS),soak -run Soak -timeout 60m ./app/interop

day: go-version ## a working day: 1,000 calls in virtual time, DAY=10m of the real program (DESKSET_DAY_SEED=n for another one)
	@$(DEPS) build run display peers
	@$(MAKE) --no-print-directory build
	$(GO) test -count 1 -v -run AWorkingDay -timeout 20m ./phonecore
	DESKSET_DAY=$(DAY) $(GO) test -count 1 -v -tags $(TAGS),soak -run 'ADayOfTheRealProgram|NetworkChangesLeave' -timeout 60m ./app/interop

fuzz: go-version ## every fuzz test for FUZZTIME (5m), two at a time
	@$(DEPS) build
	@GO=$(GO) .ci/fuzz $(FUZZTIME) $(TAGS)

golden: go-version ## write the golden files anew; look at what git diff says
	$(GO) test -tags $(TAGS) ./app/terminal ./app/lint ./faceplate/... -update
	$(GO) test -tags $(TAGS) ./phonecore -run EveryPage -update

docs: go-version ## write REFERENCE.md, every flag and parameter, from the program's tables
	$(GO) test -tags $(TAGS) ./app -run TestReference -update

screenshot: build ## draw the face without a display into build/deskset.png
	$(BIN) -screenshot build/deskset.png

package: go-version ## make what people install, in build/: a .deb, and a .zip for Windows
	@$(DEPS) build package validate
	packaging/package deb windows
	packaging/check-deb

try-package: go-version ## install the .deb in a clean Debian 12 and call the echo there (root, a Debian mirror)
	@$(DEPS) build package display
	packaging/package deb
	packaging/try-deb

clean: ## remove what was built
	rm -rf build artifacts

go-version:
	@$(GO) version >/dev/null 2>&1 || { echo "Deskset needs Go 1.26 or newer in PATH or /usr/local/go: https://go.dev/dl/"; exit 1; }
