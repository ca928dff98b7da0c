# The suite of real tuning tasks, real-ml; included by bench/Makefile.
#
# Every run is kept in REAL_OUT (dropped when the library is another one) and not run again; values are kept in REAL_CACHE,
# which several checkouts may share. The peers' runs, and what ours were worth when BENCHMARKS.md was written, are part of the
# repository, in REAL_STORE.
REAL_OUT ?= bench/results/real
REAL_PEERS_OUT ?= bench/results/real-peers
REAL_STORE ?= bench/stored/real
REAL_CACHE ?= bench/results/real-values.sqlite
REAL_METHODS ?= auto,gp,tpe,random
REAL_SEEDS ?= 20
REAL_BUDGET ?= 100
REAL_TASKS ?=
REAL_SECONDS ?= 1e9
REAL_SET ?=
REAL_PEERS ?= optuna:tpe,nevergrad:ngopt,optuna:gp,skopt,smac,hebo,ax
REAL_PEER_SEEDS ?= 20
REAL_SLOW_SEEDS ?= 5
REAL_SLOW_BUDGET ?= 50
REAL_CORE ?= $(shell expr $$(nproc) - 1)

REAL_PYTHON = $(VENVS)/real/bin/python
REAL_SRC := $(sort $(wildcard bench/real/*.c))
REAL_OBJ := $(REAL_SRC:%.c=$(B)/%.o) $(addprefix $(B)/bench/,crew.o history.o settings.o) $(filter $(B)/bench/problems/%,$(OBJECTS))
REAL := $(B)/bench/real-runner
REAL_SPACES := $(B)/bench/real-spaces.jsonl
REAL_EVALUATE = $(REAL_PYTHON) bench/real/evaluate.py
export AFINA_LIBRARY = $(abspath $(LIB))/libafina.so

REAL_REFERENCE ?= bench/real/reference.csv
REAL_BUDGETS ?= 16,25,50,100
REAL_SHOW ?= $(REAL_OUT)
REAL_JUDGE = $(REAL_PYTHON) bench/real/judge.py --cache $(REAL_CACHE)

.PHONY: real-ml real-ml-cost real-ml-show real-ml-points real-ml-settle real-ml-peers real-ml-store real-ml-report real-ml-vectors real-check

$(REAL): $(REAL_OBJ) $(LIB)/libafina.so
	@echo '  LINK $@'
	@$(CC) -Wl,-z,now -o $@ $(REAL_OBJ) -L$(LIB) '-Wl,-rpath,$(abspath $(LIB))' -lafina -lm

$(VENVS)/real/installed: bench/peers/requirements/real.txt
	@$(PYTHON) bench/peers/install.py $(VENVS) $(REAL_OUT) real
	@test -f $@

$(REAL_SPACES): $(wildcard bench/real/*.py) $(VENVS)/real/installed
	@$(REAL_EVALUATE) --spaces >$@.part && mv $@.part $@

$(REAL_OUT)/library: $(LIB)/libafina.so
	@mkdir -p $(@D)
	@cksum <$< | cmp -s - $@ || rm -f $(@D)/*.jsonl $(@D)/judged/*.jsonl
	@cksum <$< >$@

real-ml: $(REAL) $(REAL_SPACES) $(REAL_OUT)/library
	@$(REAL) --spaces $(REAL_SPACES) --evaluator '$(REAL_EVALUATE) --serve --cache $(REAL_CACHE)' --out $(REAL_OUT) \
		--methods $(REAL_METHODS) --tasks '$(or $(REAL_TASKS),*)' --seeds $(REAL_SEEDS) --budget $(REAL_BUDGET) --jobs $(JOBS) \
		--seconds $(REAL_SECONDS) $(if $(REAL_SET),--set $(REAL_SET))

	@$(REAL_JUDGE) runs $(REAL_REFERENCE) $(REAL_OUT)
	@$(PYTHON) bench/real/show.py --budgets $(REAL_BUDGETS) --only '$(or $(REAL_TASKS),*)' $(REAL_REFERENCE) $(REAL_OUT)

# Folders of runs beside each other, each row against the first: other options, or another build's REAL_OUT.
real-ml-show:
	@$(PYTHON) bench/real/show.py --budgets $(REAL_BUDGETS) --only '$(or $(REAL_TASKS),*)' $(REAL_REFERENCE) $(REAL_SHOW)

# The reference: ceilings and best random points; then, of all judged runs, the best known values and random's medians.
real-ml-points: $(REAL_SPACES)
	@$(REAL_JUDGE) points $(REAL_REFERENCE)

real-ml-settle:
	@$(REAL_JUDGE) settle $(REAL_REFERENCE) $(REAL_OUT) $(REAL_PEERS_OUT) $(REAL_STORE)

# Other libraries on the same tasks, through the same evaluator. Seeds are the outer loop.
REAL_PEERS_RUN = $(PYTHON) bench/peers/run.py --worker bench/real/real_worker.py --spaces $(REAL_SPACES) --suites real-ml \
	--runner '$(REAL_PYTHON) bench/real/evaluate.py --serve --cache $(REAL_CACHE)' --out $(REAL_PEERS_OUT) \
	--store $(REAL_STORE) --venvs $(VENVS) --peers "$(REAL_PEERS)" --seconds $(PEER_SECONDS) --core $(REAL_CORE)

real-ml-peers: $(REAL_SPACES)
	@$(PYTHON) bench/peers/install.py $(VENVS) $(REAL_PEERS_OUT) $$($(REAL_PEERS_RUN) --groups)
	@nice $(REAL_PEERS_RUN) --seeds $(REAL_PEER_SEEDS) --budget $(REAL_BUDGET) --slow-seeds $(REAL_SLOW_SEEDS) \
		--slow-budget $(REAL_SLOW_BUDGET)
	@$(REAL_JUDGE) runs $(REAL_REFERENCE) $(REAL_PEERS_OUT)

# What was run becomes part of the repository.
real-ml-store:
	@$(PYTHON) bench/real/real_store.py $(REAL_OUT) $(REAL_STORE)
	@$(PYTHON) bench/real/real_store.py $(REAL_PEERS_OUT) $(REAL_STORE)

real-ml-report:
	@$(PYTHON) bench/real/real_report.py . $(REAL_REFERENCE) $(REAL_STORE) $(REAL_PEERS_OUT) $(REAL_OUT)
	@$(PYTHON) bench/real/real_report.py --check .

real-check:
	@$(PYTHON) bench/real/test_real.py -q
	@$(PYTHON) bench/real/real_report.py --check .

# That the packages and the data give the recorded values.
real-ml-vectors: $(REAL_SPACES)
	@$(REAL_EVALUATE) --check bench/real/vectors.csv

# Milliseconds of random points.
real-ml-cost: $(REAL_SPACES)
	@$(REAL_EVALUATE) --cost

-include $(REAL_SRC:%.c=$(B)/%.d)
