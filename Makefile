# The commands of a developer's day. `make` alone lists them.

SHELL := /bin/bash
SWIFT ?= swift
# For example SWIFT_BUILD_FLAGS='-j 2' on a machine with little memory.
SWIFT_BUILD_FLAGS ?=
SOURCES := Package.swift Sources Tests loadtest
SCRIPTS := $(wildcard cluster/*.sh k8s/*.sh)

.DEFAULT_GOAL := help
.PHONY: help demo test build lint format install-packages check-swift clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' Makefile

demo: install-packages build  ## install, build, then analyse 100,000 invented posts in a private cluster and print the trends
	@cluster/demo.sh

test: install-packages check-swift  ## install, build, then run all tests against real servers that they start themselves
	@echo '==> building the tests (the first time takes minutes)'
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error $(SWIFT_BUILD_FLAGS)
	@echo '==> running the tests'
	$(SWIFT) test --skip-build $(SWIFT_BUILD_FLAGS)

build: check-swift  ## build groundswell and loadtest in release
	@echo '==> building in release (the first time takes minutes)'
	$(SWIFT) build -c release --product groundswell $(SWIFT_BUILD_FLAGS)
	$(SWIFT) build -c release --product loadtest $(SWIFT_BUILD_FLAGS)

lint: check-swift  ## check the format of Swift files and the syntax of scripts
	$(SWIFT) format lint -r -p --strict $(SOURCES)
	@for script in $(SCRIPTS); do bash -n "$$script" || exit 1; done
	@if command -v shellcheck > /dev/null; then shellcheck $(SCRIPTS); else echo 'skipped: shellcheck is not installed'; fi

format: check-swift  ## format Swift files
	$(SWIFT) format -i -r -p $(SOURCES)

install-packages:  ## install the Debian packages that are missing (as root or with sudo)
	@cluster/install-packages.sh

check-swift:
	@SWIFT='$(SWIFT)' cluster/check-swift.sh

clean:  ## remove what was built; data in .groundswell/ stay
	rm -rf .build .build-*
