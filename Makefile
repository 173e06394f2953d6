# Everything a person or CI does here, by name. `make` alone lists it.

GO      ?= go
PROFILE ?= demo
PLANS   := plans/ticket-purchase.yaml plans/scanner-burst.yaml plans/dashboard-load.yaml plans/webhook-burst.yaml
RESULTS := plans/results
RUN     := bin/runner --out json=$(RESULTS)/

GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: help build test race staged lint bench fuzz generate demo clean \
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

generate: ## write the schemas and the language reference anew from the Go types
	$(GO) generate ./...

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
	rm -rf bin $(RESULTS)
