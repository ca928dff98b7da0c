# The peers; `make bench-peers` at the top calls this with RUNNER, the C runner.
#
# PEERS=optuna,rustuna takes some; BENCH_SEEDS, BENCH_BUDGET, BENCH_SUITES, BENCH_INSTANCES as for ours.
# BENCH_PEER_SECONDS is what one run may take. A run that is in the results is not run again.
B ?= build/release
RUNNER ?= $(B)/bench/runner
PYTHON ?= python3
VENVS ?= build/bench-venvs
OUT ?= bench/results/peers
PEERS ?=
BENCH_SEEDS ?= 10
BENCH_BUDGET ?= 100
BENCH_SUITES ?= shifted
BENCH_INSTANCES ?= 1
BENCH_PEER_SECONDS ?= 600
BENCH_HISTORIES ?= 10,100,1000

SPACES := $(B)/bench/spaces.jsonl
RUN := nice $(PYTHON) bench/peers/run.py --spaces $(SPACES) --runner $(RUNNER) --out $(OUT) --venvs $(VENVS) \
	--peers "$(PEERS)" --seconds $(BENCH_PEER_SECONDS)

.PHONY: peers check-peers install

peers: install check-peers
	@$(RUN) --seeds $(BENCH_SEEDS) --budget $(BENCH_BUDGET) --suites "$(BENCH_SUITES)" --instances "$(BENCH_INSTANCES)"
	@$(RUN) --speed --histories $(BENCH_HISTORIES)

install:
	@$(PYTHON) bench/peers/install.py $(VENVS) $(OUT) \
		$$($(PYTHON) bench/peers/run.py --groups --peers "$(PEERS)" --spaces - --out $(OUT) --venvs $(VENVS))

$(SPACES): $(RUNNER)
	@$(RUNNER) --spaces >$@.part && mv $@.part $@

check-peers: $(SPACES)
	@$(PYTHON) bench/peers/check_vectors.py $(SPACES) bench/vectors.csv
