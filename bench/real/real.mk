# The suite of real tuning tasks, real-ml; included by bench/Makefile.
#
# Every run is kept in REAL_OUT (dropped when the library is another one) and not run again; values are kept in REAL_CACHE,
# which several checkouts may share.
REAL_OUT ?= bench/results/real
REAL_CACHE ?= bench/results/real-values.sqlite
REAL_METHODS ?= auto,gp,tpe,random
REAL_SEEDS ?= 20
REAL_BUDGET ?= 100
REAL_TASKS ?=
REAL_SECONDS ?= 1e9
REAL_SET ?=

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

.PHONY: real-ml real-ml-cost real-ml-show real-ml-points real-ml-settle

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
	@cksum <$< | cmp -s - $@ || rm -f $(@D)/*.jsonl
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
	@$(REAL_JUDGE) settle $(REAL_REFERENCE) $(REAL_OUT)

# Milliseconds of random points.
real-ml-cost: $(REAL_SPACES)
	@$(REAL_EVALUATE) --cost

-include $(REAL_SRC:%.c=$(B)/%.d)
