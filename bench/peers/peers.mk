# The peers; included by bench/Makefile, which has RUNNER, B and the choices of what to run.
#
# PEERS=optuna,rustuna takes some; PEER_SEEDS, BENCH_BUDGET, PEER_SUITES, PEER_INSTANCES say how much (empty: all).
# PEER_SECONDS is what one run may take. A run that stands in the results is not run again, so this can be
# interrupted and continued, and widened later.
PYTHON ?= python3
VENVS ?= bench/venvs
PEERS_OUT ?= bench/results/peers
PEERS ?=
PEER_SEEDS ?= 10
PEER_SUITES ?= shifted
PEER_INSTANCES ?= 1
PEER_SECONDS ?= 600
PEER_HISTORIES ?= 10,100,1000

SPACES := $(B)/bench/spaces.jsonl
PEERS_RUN = $(PYTHON) bench/peers/run.py --spaces $(SPACES) --runner $(RUNNER) --out $(PEERS_OUT) --venvs $(VENVS) \
	--peers "$(PEERS)" --seconds $(PEER_SECONDS)

.PHONY: peers peers-install peers-check

peers: peers-check peers-install
	@nice $(PEERS_RUN) --seeds $(PEER_SEEDS) --budget $(BENCH_BUDGET) --suites "$(PEER_SUITES)" \
		--instances "$(PEER_INSTANCES)"
	@nice $(PEERS_RUN) --speed --histories $(PEER_HISTORIES)

peers-install:
	@$(PYTHON) bench/peers/install.py $(VENVS) $(PEERS_OUT) $$($(PEERS_RUN) --groups)

$(SPACES): $(RUNNER)
	@$(RUNNER) --spaces >$@.part && mv $@.part $@

peers-check: $(SPACES)
	@$(PYTHON) bench/peers/check_vectors.py $(SPACES) bench/vectors.csv
