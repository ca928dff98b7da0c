# Budgets and arms; included by bench/Makefile.
#
# Every run is kept in ARMS_OUT (dropped when the library is another one) and not run again, so this can be interrupted
# and continued. ARMS_SLOW_METHODS have fewer runs. The peers' runs are part of the repository, in ARMS_STORE.
ARMS_OUT ?= bench/results/arms
ARMS_PEERS_OUT ?= bench/results/arms-peers
ARMS_STORE ?= bench/stored/arms
ARMS_RUNS ?= 300
ARMS_TASKS ?=
ARMS_SCHEDULERS ?= none,halving,hyperband,asha,none+median,adaptive
ARMS_METHODS ?= pool,tpe
ARMS_SLOW_METHODS ?= gp
ARMS_SLOW_RUNS ?= 30
ARMS_SAMPLE_RUNS ?= 400
ARMS_SECONDS ?= 1e9
ARMS_PEERS ?= $(shell $(PYTHON) bench/peers/arms.py --groups | cut -d' ' -f1)
ARMS_PEER_RUNS ?= 0

ARMS_POOLS := $(B)/bench/pools
ARMS_RUN = $(ARMS) --out $(ARMS_OUT) --pools $(ARMS_POOLS) --jobs $(JOBS) --seconds $(ARMS_SECONDS) $(if $(ARMS_TASKS),--tasks '$(ARMS_TASKS)')

.PHONY: arms best-arm arms-peers arms-store arms-report arms-show arms-check

$(ARMS_OUT)/library: $(LIB)/libafina.so
	@mkdir -p $(@D)
	@cksum <$< | cmp -s - $@ || rm -f $(@D)/*.jsonl
	@cksum <$< >$@

arms: $(ARMS) $(ARMS_OUT)/library
	@$(ARMS_RUN) --best-arm --runs $(ARMS_SAMPLE_RUNS)
	@$(if $(READERS),,echo 'no AFINA_BENCH_DATA: the pools are left out' && exit 0;) \
		$(ARMS_RUN) --policies --runs $(ARMS_RUNS) && \
		$(ARMS_RUN) --studies --schedulers '$(ARMS_SCHEDULERS)' --methods '$(ARMS_METHODS)' --runs $(ARMS_RUNS) && \
		$(ARMS_RUN) --studies --schedulers '$(ARMS_SCHEDULERS)' --methods '$(ARMS_SLOW_METHODS)' --runs $(ARMS_SLOW_RUNS)

# What a rule of the library costs, and whether it keeps its promise where nothing is to be decided. Schedulers are not
# exported, so this one program links the archive of the tests.
$(B)/bench/best_arm.o: CFLAGS += -Isrc
$(B)/bench/best_arm: $(B)/bench/best_arm.o $(filter-out %/arms.o,$(ARMS_OBJ)) $(B)/libafina-internal.a
	@echo '  LINK $@'
	@$(CC) -o $@ $^ $(LIBS)

best-arm: $(B)/bench/best_arm $(ARMS_OUT)/library
	@$(B)/bench/best_arm cost
	@$(B)/bench/best_arm promise $(ARMS_SAMPLE_RUNS) $(ARMS_OUT)/best-arm.jsonl

# One after the other, each in its environment: bench/venvs/GROUP. ARMS_PEER_RUNS=0: as many as its list says.
arms-peers: $(ARMS)
	@$(PYTHON) bench/peers/install.py $(VENVS) $(PEERS_OUT) $$($(PYTHON) bench/peers/arms.py --groups | cut -d' ' -f2 | sort -u)
	@$(PYTHON) bench/peers/arms.py --groups | while read -r name group runs; do \
		case ' $(ARMS_PEERS) ' in *" $$name "*) ;; *) continue ;; esac; \
		nice $(VENVS)/$$group/bin/python bench/peers/arms.py --serve $(ARMS) --out $(ARMS_PEERS_OUT) --store $(ARMS_STORE) \
			--peer $$name --runs $(ARMS_PEER_RUNS) --seconds $(ARMS_SECONDS) </dev/null || exit 1; \
	done

arms-store:
	@$(PYTHON) bench/report/arms_store.py $(ARMS_PEERS_OUT) $(ARMS_STORE)

arms-report:
	@$(PYTHON) bench/report/budgets.py . $(ARMS_STORE) $(ARMS_PEERS_OUT) $(ARMS_OUT)
	@$(PYTHON) bench/report/budgets.py --check .

# What the results say at this moment.
arms-show:
	@$(PYTHON) bench/report/budgets.py --show $(ARMS_STORE) $(ARMS_PEERS_OUT) $(ARMS_OUT)

arms-check:
	@$(PYTHON) bench/report/test_budgets.py -q
	@$(PYTHON) bench/report/budgets.py --check .
