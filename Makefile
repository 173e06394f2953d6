# Everything a person or CI does here, by name. `make` alone lists it.

GO      ?= go
PROFILE ?= demo
PLANS   := plans/ticket-purchase.yaml plans/scanner-burst.yaml plans/dashboard-load.yaml plans/webhook-burst.yaml
RESULTS := plans/results
RUN     := bin/runner --out json=$(RESULTS)/

GORELEASER := github.com/goreleaser/goreleaser/v2@v2.15.4
CYCLONEDX  := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: help build test race staged lint bench fuzz snapshot cross image generate schema-check demo clean \
	load-test-purchase load-test-scanner load-test-dashboard load-test-webhook load-test-all load-test-quick

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/runner and bin/boxoffice
	$(GO) build -o bin/ ./cmd/...

test: ## vet, and run all tests
	$(GO) vet ./...
	$(GO) test ./...

race: ## run all tests under the race detector
	$(GO) test -race ./...

lint: ## run the linter
	$(GO) run $(GOLANGCI) run ./...

BENCH ?=
bench: build ## measure runner beside its peers, into BENCHMARKS.md (BENCH='-rows plain,tls -rounds 5', or -growth 10m)
	bin/bench $(BENCH)

staged: ## put real runs into trouble (quotas, limits, stops, neighbours) and see whom the verdict names; root, minutes
	RUNNER_STAGED=1 $(GO) test -count=1 -run TestStaged -v -timeout 20m ./cmd/runner

FUZZTIME ?= 20s
fuzz: ## run every fuzz target for FUZZTIME
	@for pkg in $$($(GO) list ./...); do \
		for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
			echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
		done; \
	done

snapshot: ## make what a release would be into dist/: six platforms, checksums, bills of materials
	@mkdir -p bin
	GOBIN=$(CURDIR)/bin $(GO) install $(CYCLONEDX)
	PATH=$(CURDIR)/bin:$$PATH $(GO) run $(GORELEASER) release --snapshot --clean

cross: ## see that the program builds for every platform that is released
	@for os in linux darwin windows; do for arch in amd64 arm64; do \
		echo "$$os/$$arch"; CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch $(GO) build -o /dev/null ./cmd/runner || exit 1; \
	done; done

DOCKER  ?= docker
TARGET  ?= runner
VERSION ?= $(shell git describe --tags --always 2>/dev/null)
image: ## build the container image (TARGET=ci: the one with a shell, for CI jobs; DOCKER=podman)
	$(DOCKER) build --target $(TARGET) --build-arg VERSION=$(VERSION) -t runner$(if $(filter ci,$(TARGET)),:ci) .

generate: ## write the schemas and the language reference anew from the Go types
	$(GO) generate ./...

schema-check: ## try the plan schema with another validator (ajv, from npm), on all plans and on wrong ones
	.ci/schema-check

demo: build $(RESULTS) ## run the four ticketing plans against a box office of their own (PROFILE=demo, ci or quick)
	$(RUN) --profile $(PROFILE) $(PLANS)

load-test-purchase: build $(RESULTS) ## ticket purchases, ramping to 100 VUs
	$(RUN) plans/ticket-purchase.yaml

load-test-scanner: build $(RESULTS) ## scanner burst and the race for one ticket
	$(RUN) plans/scanner-burst.yaml

load-test-dashboard: build $(RESULTS) ## 20 people watching the dashboard
	$(RUN) plans/dashboard-load.yaml

load-test-webhook: build $(RESULTS) ## 50 Stripe events in 10 seconds
	$(RUN) plans/webhook-burst.yaml

load-test-all: build $(RESULTS) ## all four, at full length
	$(RUN) $(PLANS)

load-test-quick: build $(RESULTS) ## ticket purchases with 5 VUs for 30 s
	$(RUN) --vus 5 --duration 30s plans/ticket-purchase.yaml

$(RESULTS):
	@mkdir -p $@

clean: ## remove what was built and measured
	rm -rf bin dist $(RESULTS)
