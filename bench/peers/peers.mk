# The peers; included by bench/Makefile, which has RUNNER, B and the choices of what to run.
#
# PEERS=optuna,rustuna:tpe takes some; PEER_SEEDS and BENCH_BUDGET say how much. The problems are those of
# peers/problems.csv, or PEER_SUITES and PEER_INSTANCES where they are given. Methods that take minutes a run have fewer
# seeds and evaluations, PEER_SLOW_SEEDS and PEER_SLOW_BUDGET (0: as the others). PEER_SECONDS is what one run may take. A
# run that stands in the results or in the store is not run again, so this can be interrupted and continued, and widened
# later.
PYTHON ?= python3
VENVS ?= bench/venvs
PEERS_OUT ?= bench/results/peers
STORE ?= bench/stored
PEERS ?=
PEER_SEEDS ?= 20
PEER_SUITES ?=
PEER_INSTANCES ?=
PEER_SLOW_SEEDS ?= 10
PEER_SLOW_BUDGET ?= 50
PEER_SECONDS ?= 600
PEER_HISTORIES ?= 10,100,1000

SPACES := $(B)/bench/spaces.jsonl
PEERS_RUN = $(PYTHON) bench/peers/run.py --spaces $(SPACES) --runner $(RUNNER) --out $(PEERS_OUT) --store $(STORE) --venvs $(VENVS) \
	--peers "$(PEERS)" --seconds $(PEER_SECONDS)

.PHONY: peers peers-install peers-check store

peers: peers-check peers-install
	@nice $(PEERS_RUN) --seeds $(PEER_SEEDS) --budget $(BENCH_BUDGET) --suites "$(PEER_SUITES)" \
		--instances "$(PEER_INSTANCES)" --slow-seeds $(PEER_SLOW_SEEDS) --slow-budget $(PEER_SLOW_BUDGET)
	@nice $(PEERS_RUN) --speed --histories $(PEER_HISTORIES)

# What was run becomes part of the repository.
store:
	@$(PYTHON) bench/peers/store.py $(PEERS_OUT) $(STORE)

peers-install:
	@$(PYTHON) bench/peers/install.py $(VENVS) $(PEERS_OUT) $$($(PEERS_RUN) --groups)

$(SPACES): $(RUNNER)
	@$(RUNNER) --spaces >$@.part && mv $@.part $@

peers-check: $(SPACES)
	@$(PYTHON) bench/peers/test_store.py -q
	@$(PYTHON) bench/peers/check_vectors.py $(SPACES) bench/vectors.csv
