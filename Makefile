# afina: build, test and install. `make help` lists the targets.
#
# Sources are found by wildcard: src/<folder>/*.c is the library (src/cli the
# command), tests/<folder>/test_*.c one test program each, examples/*.c one program
# each, examples/demo/*.c the demo. Objects of different flags never meet: build/<variant>/.
#
# Yours to set: CC CFLAGS CPPFLAGS LDFLAGS WERROR, PREFIX LIBDIR INCLUDEDIR DESTDIR,
# BLAS_LIBS, BUILD, JOBS, T (run only what contains one of these words), SEED (make demo).

VERSION := 0.1.0
SOVERSION := 0

BUILD ?= build
VARIANT ?= release
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
T ?=
SEED ?= 1
WERROR ?= $(if $(CI),-Werror)

PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
BINDIR ?= $(PREFIX)/bin
DOCDIR ?= $(PREFIX)/share/doc/afina

CLANG_FORMAT ?= clang-format-14
CLANG_TIDY ?= clang-tidy-14
INSTALL ?= install

# Parallel without being asked; JOBS=1 is one at a time.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(JOBS)
endif
MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:

# ---------------------------------------------------------------------- flags

# -fexceptions: a C++ exception thrown by a callback passes through. Contraction
# is off so that results do not depend on the compiler's taste for FMA.
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef
BASE_CFLAGS = -std=c11 $(WARNINGS) $(WERROR) -ffp-contract=off -fno-math-errno -fno-trapping-math -fexceptions \
	-fvisibility=hidden -ffunction-sections -fdata-sections -fPIC -g

# Sanitizer and coverage runs keep what they need to name a line. Assertions are
# on wherever the library is checked and off where it is shipped or measured.
# Warnings that guess from optimised code guess wrong on other code; release
# is where they count.
INSTRUMENTED = -Wno-maybe-uninitialized -Wno-format-truncation -Wno-error
CFLAGS_release = -O3 -DNDEBUG -D_FORTIFY_SOURCE=2 -fstack-protector-strong
CFLAGS_debug = -Wno-maybe-uninitialized -Wno-format-truncation -O0
# Addresses and undefined behaviour in one program: half the time of two.
ASAN = -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all
CFLAGS_asan = $(INSTRUMENTED) -O1 -fno-omit-frame-pointer $(ASAN)
CFLAGS_tsan = $(INSTRUMENTED) -O1 -fno-omit-frame-pointer -fsanitize=thread
CFLAGS_valgrind = -O1
CFLAGS_coverage = $(INSTRUMENTED) -O0 -DNDEBUG --coverage -fprofile-update=atomic

VARIANTS = release debug asan tsan valgrind coverage
ifeq ($(filter $(VARIANT),$(VARIANTS)),)
$(error VARIANT is one of: $(VARIANTS))
endif

LINK_release = -Wl,-z,relro,-z,now
LINK_asan = $(ASAN)
LINK_tsan = -fsanitize=thread
LINK_coverage = --coverage

# The BLAS stands before GSL, and gslcblas nowhere: libgsl brings its own slow
# cblas_* along, and the first library in the order answers for everybody.
BLAS_LIBS ?= -llapacke -lblas
LIBS = $(BLAS_LIBS) -lgsl -lsqlite3 -lz -lm -lpthread

COMPILE = $(CC) $(CPPFLAGS) $(BASE_CFLAGS) $(CFLAGS_$(VARIANT)) $(CFLAGS)
LINK = $(CC) $(LINK_$(VARIANT)) $(LDFLAGS)

# ---------------------------------------------------------------------- files

B := $(BUILD)/$(VARIANT)

# FOLDERS="core numeric" builds a library of these alone.
FOLDERS ?= $(filter-out cli,$(patsubst src/%/,%,$(sort $(dir $(wildcard src/*/*.c src/*/*/*.c)))))
LIB_SRC := $(sort $(foreach folder,$(FOLDERS),$(wildcard src/$(folder)/*.c)))
CLI_SRC := $(sort $(wildcard src/cli/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(B)/%.o)

# What a host links stands in lib/; other variants keep theirs to themselves.
LIB := $(if $(filter build/release,$(B)),lib,$(B)/lib)
STATIC := $(LIB)/libafina.a
SHARED := $(LIB)/libafina.so.$(VERSION)
SONAME := libafina.so.$(SOVERSION)
INTERNAL := $(B)/libafina-internal.a
CLI := $(if $(CLI_SRC),$(B)/afina)

TEST_SRC := $(sort $(wildcard tests/*/test_*.c tests/*/*/test_*.c))
TEST_BIN := $(TEST_SRC:%.c=$(B)/%)
SUPPORT_SRC := $(filter-out tests/support/mem_fault.c,$(sort $(wildcard tests/support/*.c)))
SUPPORT_OBJ := $(SUPPORT_SRC:%.c=$(B)/%.o)
MEM_FAULT_OBJ := $(B)/tests/support/mem_fault.o
EXAMPLE_SRC := $(sort $(wildcard examples/*.c))
DEMO_SRC := $(sort $(wildcard examples/demo/*.c))
DEMO := $(B)/examples/demo/demo
EXAMPLE_BIN := $(EXAMPLE_SRC:%.c=$(B)/%) $(DEMO)
HOUSE_TESTS := $(sort $(wildcard tests/house/*.sh))

chosen = $(if $(T),$(foreach f,$(1),$(if $(strip $(foreach t,$(T),$(findstring $(t),$(f:$(B)/%=%)))),$(f))),$(1))

# V=1 shows the commands.
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1) $@')

# -------------------------------------------------------------------- targets

.PHONY: all lib static shared cli tests examples demo demo-built check check-built check-asan check-tsan \
	check-valgrind fuzz coverage coverage-built lint format install uninstall clean abi-check abi-record help FORCE \
	bench bench-check bench-speed bench-profile bench-batches bench-large bench-instructions bench-instructions-record bench-vectors \
	bench-peers bench-store bench-report bench-arms bench-arms-peers bench-arms-store bench-arms-report bench-arms-show \
	bench-best-arm

all: lib cli examples

help:
	@echo 'make [all]           libraries in lib/, the examples in $(BUILD)/release/examples/'
	@echo 'make demo            install what is missing, build, tune a network on spoken vowels (SEED=1)'
	@echo 'make check           the same for the tests, then run them (T="gp mlp/": only those)'
	@echo 'make check-asan check-tsan check-valgrind'
	@echo 'make check-hazards   the long forms of what docs/hazards.md names'
	@echo 'make fuzz            random texts for the JSON reader (RUNS=1000000 SEED=1)'
	@echo 'make coverage        line and branch coverage of src/, at least 90 % and 80 %'
	@echo 'make check-ffi       the scenario of examples/ffi in every language (FFI="rust go": those)'
	@echo 'make lint format     clang-format and clang-tidy'
	@echo 'make abi-check       compare with lib/afina.abi and lib/afina.constants (abi-record writes them)'
	@echo 'make bench           quality and speed of the methods (BENCH_SEEDS=3 BENCH_BUDGET=100 BENCH_METHODS= BENCH_SUITES=)'
	@echo 'make bench-check bench-instructions   that the problems, and the cost of a suggestion, are as recorded'
	@echo 'make bench-profile bench-batches bench-large   of gp: what a suggestion is made of, several trials at once,'
	@echo '                     60 to 200 parameters'
	@echo 'make bench-coverage  how often the interval of the best of several estimates holds the truth (COVERAGE_RUNS=4000)'
	@echo 'make bench-epochs bench-folds   what budgets and racing save on a network and real data (EXAMPLE_SEEDS=20)'
	@echo 'make bench-peers bench-store bench-report   the same problems for other libraries (PEERS=), kept in'
	@echo '                     bench/stored; BENCHMARKS.md from both'
	@echo 'make bench-real-ml   real tuning tasks (REAL_METHODS= REAL_SEEDS= REAL_TASKS= REAL_SET=); bench-real-ml-show, -peers, -store, -report'
	@echo 'make bench-arms      schedulers on pools of learning curves, and the best of 64 arms; bench-arms-peers, -store, -report'
	@echo 'make wheel           the Python package with the library inside, in $(BUILD)/wheel'
	@echo 'make install uninstall   PREFIX=$(PREFIX) LIBDIR= INCLUDEDIR= MANDIR= DOCDIR= DESTDIR='
	@echo 'make man             the manual pages, in $(BUILD)/man'
	@echo 'make clean'

lib: static shared
static: $(STATIC)
shared: $(LIB)/libafina.so
cli: $(CLI)
tests: $(call chosen,$(TEST_BIN))
examples: $(EXAMPLE_BIN)

# A changed compiler or flag rebuilds the variant.
$(B)/flags: FORCE
	@mkdir -p $(B)
	@echo '$(COMPILE) | $(LINK) $(LIBS)' | cmp -s - $@ || echo '$(COMPILE) | $(LINK) $(LIBS)' >$@

$(B)/src/%.o: src/%.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC  )
	$(Q)$(COMPILE) -Iinclude -Isrc -include core/export.h -MMD -MP -c -o $@ $<

# Assertions of a test are never compiled away.
$(B)/tests/%.o: tests/%.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC  )
	$(Q)$(COMPILE) -UNDEBUG -Iinclude -Isrc -Itests -MMD -MP -c -o $@ $<

# An example sees what a host sees: the public header.
$(B)/examples/%.o: examples/%.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC  )
	$(Q)$(COMPILE) -Iinclude -MMD -MP -c -o $@ $<

# Tests link every object, hidden symbols included. The list of members is part
# of the archive's identity, so a removed source file leaves it too.
$(B)/members: FORCE
	@mkdir -p $(B)
	@echo '$(LIB_OBJ)' | cmp -s - $@ || echo '$(LIB_OBJ)' >$@

$(INTERNAL): $(LIB_OBJ) $(B)/members
	@rm -f $@
	$(call say,AR  )
	$(Q)ar rcs $@ $(LIB_OBJ)

# A host links one object whose inner names are local, so that they cannot meet
# names of its own.
$(STATIC): $(LIB_OBJ) $(B)/members
	@mkdir -p $(@D)
	$(Q)ld -r -o $(B)/afina.o $(LIB_OBJ)
	$(Q)objcopy --localize-hidden $(B)/afina.o
	@rm -f $@
	$(call say,AR  )
	$(Q)ar rcs $@ $(B)/afina.o

# nodelete: a host may unload us while its threads still hold our thread-local
# error text.
$(SHARED): $(LIB_OBJ) $(B)/members lib/afina.map
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(LINK) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=lib/afina.map \
		-Wl,-z,defs -Wl,-z,nodelete -Wl,-z,relro,-z,now -o $@ $(LIB_OBJ) $(LIBS)

$(LIB)/libafina.so: $(SHARED)
	@ln -sf $(notdir $(SHARED)) $(LIB)/$(SONAME)
	@ln -sf $(SONAME) $@

$(CLI): $(CLI_OBJ) $(INTERNAL)
	$(call say,LINK)
	$(Q)$(LINK) -o $@ $^ $(LIBS)

# Fault tests put their own memory primitives in front of the archive's.
$(B)/tests/faults/test_%: $(B)/tests/faults/test_%.o $(MEM_FAULT_OBJ) $(SUPPORT_OBJ) $(INTERNAL)
	$(call say,LINK)
	$(Q)$(LINK) -o $@ $^ $(LIBS) -lcmocka

$(B)/tests/%: $(B)/tests/%.o $(SUPPORT_OBJ) $(INTERNAL)
	$(call say,LINK)
	$(Q)$(LINK) -o $@ $^ $(LIBS) -lcmocka

# The shared library shows that the exports suffice; instrumented variants link
# the static one.
$(DEMO): $(DEMO_SRC:%.c=$(B)/%.o)
ifeq ($(VARIANT),release)
$(B)/examples/%: $(B)/examples/%.o $(LIB)/libafina.so
	$(call say,LINK)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) -L$(LIB) '-Wl,-rpath,$(abspath $(LIB))' -lafina -lm -lpthread
else
$(B)/examples/%: $(B)/examples/%.o $(STATIC)
	$(call say,LINK)
	$(Q)$(LINK) -o $@ $^ $(LIBS)
endif

.SECONDARY:

include scripts/cpp.mk

# ---------------------------------------------------------------- demo, tests

# Installing comes before anything is compiled, hence the second make.
demo:
	@sh scripts/install-deps.sh build
	@$(MAKE) demo-built

demo-built: $(DEMO)
	@OPENBLAS_NUM_THREADS=1 $(DEMO) --seed $(SEED)

# docs/methods/pictures and docs/schedulers/pictures, one of every method and of every scheduler that
# works with budgets alone; a change of one changes its own.
.PHONY: pictures
pictures: $(B)/examples/search_picture $(B)/examples/methods $(B)/examples/budget_picture
	@mkdir -p docs/methods/pictures docs/schedulers/pictures
	@for scheduler in halving hyperband asha adaptive; do \
		$(B)/examples/budget_picture --scheduler $$scheduler --svg docs/schedulers/pictures/$$scheduler.svg; done
	@$(B)/examples/methods | cut -f1 | while read -r method; do \
		$(B)/examples/search_picture --method $$method --svg docs/methods/pictures/$$method.svg; done

check:
	@sh scripts/install-deps.sh check
	@$(MAKE) check-built

check-asan check-tsan:
	@sh scripts/install-deps.sh check
	@AFINA_TEST_QUICK=1 $(MAKE) VARIANT=$(@:check-%=%) check-built

check-valgrind:
	@sh scripts/install-deps.sh valgrind
	@AFINA_TEST_QUICK=1 $(MAKE) VARIANT=valgrind check-built

# The slowest comes first, so that no core waits for it in the end.
ALL_CHECKED = $(call chosen,$(TEST_BIN)) $(call chosen,$(EXAMPLE_BIN)) \
	$(if $(filter release,$(VARIANT)),$(call chosen,$(HOUSE_TESTS)))
CHECKED = $(filter %/wheel.sh,$(ALL_CHECKED)) $(filter-out %/wheel.sh,$(ALL_CHECKED))

check-built: $(call chosen,$(TEST_BIN)) $(call chosen,$(EXAMPLE_BIN)) \
		$(if $(filter release,$(VARIANT)),$(if $(call chosen,$(HOUSE_TESTS)),lib $(DEMO)))
	@B=$(B) LIB=$(LIB) VARIANT=$(VARIANT) VERSION=$(VERSION) CC='$(CC)' JOBS=$(JOBS) bash tests/run $(CHECKED)

# That logs are the same to the bit, in the long form: other compilers, processors without AVX2, aarch64.
.PHONY: check-bits
check-bits:
	@sh scripts/install-deps.sh bits
	@AFINA_TEST_BITS=all $(MAKE) check-built T=house/same_bits.sh

# The JSON reader against a slow oracle, under the address sanitizer: RUNS texts and ten
# damaged ones of each, drawn from SEED.
RUNS ?= 1000000
fuzz:
	@sh scripts/install-deps.sh check
	@$(MAKE) VARIANT=asan $(BUILD)/asan/tests/core/test_json_random
	AFINA_FUZZ_RUNS=$(RUNS) AFINA_FUZZ_SEED=$(SEED) $(BUILD)/asan/tests/core/test_json_random

# What docs/hazards.md names, with the long forms of the tests that repeat something.
.PHONY: check-hazards
check-hazards:
	@AFINA_TEST_LONG=1 $(MAKE) check T="guest/ test_guest test_json_guest test_processes test_callback_threads \
		house/hazards house/exceptions house/loading house/raw_python house/banned house/exports"

# Thresholds in percent.
LINE_COVERAGE ?= 90
BRANCH_COVERAGE ?= 80

coverage:
	@sh scripts/install-deps.sh coverage
	@find $(BUILD)/coverage -name '*.gcda' -delete 2>/dev/null || true
	@AFINA_TEST_QUICK=1 $(MAKE) VARIANT=coverage check-built; tests=$$?; $(MAKE) coverage-report && exit $$tests

.PHONY: coverage-report
coverage-report:
	@mkdir -p $(BUILD)/coverage/html
	gcovr --root . --object-directory $(BUILD)/coverage --filter src/ --exclude src/cli/ -j $(JOBS) \
		--exclude-unreachable-branches --exclude-throw-branches \
		--txt $(BUILD)/coverage/report.txt --html-details $(BUILD)/coverage/html/index.html --print-summary \
		--fail-under-line $(LINE_COVERAGE) --fail-under-branch $(BRANCH_COVERAGE)

# The programs of examples/ffi find afina as after an installation: by pkg-config, in a stage.
FFI ?=
.PHONY: check-ffi
check-ffi: lib
	@FFI='$(FFI)' sh scripts/install-deps.sh ffi
	@$(MAKE) install PREFIX='$(abspath $(BUILD))/ffi/stage' >/dev/null
	@CC='$(CC)' sh scripts/check-ffi.sh '$(abspath $(BUILD))/ffi/stage' $(FFI)

# ----------------------------------------------------------------------- lint

# Headers of earlier releases are kept as they are.
ALL_C = $(filter-out tests/abi/%.h,$(wildcard include/*.h src/*/*.[ch] src/*/*/*.[ch] tests/*/*.[ch] tests/*/*/*.[ch] examples/*.[ch] examples/*/*.[ch] examples/*/*/*.[ch] bench/*.[ch] bench/*/*.[ch] \
	include/*.hpp tests/*/*.[ch]pp examples/*.cpp))

lint: lint-format lint-tidy lint-clang
	@echo 'lint: clean'

.PHONY: lint-tools lint-format lint-tidy lint-clang
lint-tools:
	@sh scripts/install-deps.sh lint

lint-format: lint-tools
	@$(CLANG_FORMAT) --dry-run -Werror $(ALL_C)

# clang-tidy reads the library, the second compiler all the rest.
lint-tidy: lint-tools
	@printf '%s\n' $(filter-out src/core/fail.c,$(LIB_SRC) $(CLI_SRC)) | xargs -P $(JOBS) -n 4 sh -c \
		'exec $(CLANG_TIDY) --quiet "$$@" -- -std=c11 $(WARNINGS) -D_GNU_SOURCE= -Iinclude -Isrc \
		-include tests/house/analyzer.h 2>/dev/null' tidy

lint-clang: lint-tools
	@printf '%s\n' src/core/fail.c $(TEST_SRC) $(SUPPORT_SRC) tests/support/mem_fault.c $(EXAMPLE_SRC) $(DEMO_SRC) examples/ffi/c/scenario.c | \
		xargs -P $(JOBS) -n 8 sh -c \
		'exec clang-14 -fsyntax-only -Werror -std=c11 $(WARNINGS) -Iinclude -Isrc -Itests "$$@"' clang
	@printf '%s\n' $(CXX_TEST_SRC) $(CXX_EXAMPLE_SRC) | xargs -P $(JOBS) -n 1 \
		clang++-14 -fsyntax-only -Werror -std=c++17 $(CXX_WARNINGS) -Iinclude -Itests

format:
	$(CLANG_FORMAT) -i $(ALL_C)

# ----------------------------------------------------------------- benchmarks

# bench/Makefile has the rest. Measured is what is shipped: the release library.
BENCH = $(MAKE) -f bench/Makefile B=$(B) LIB=$(LIB) LIBS='$(LIBS)' WERROR='$(WERROR)' JOBS=$(JOBS)

bench: lib
	+@$(BENCH) quality
	+@$(BENCH) speed

BENCHES = bench-check bench-speed bench-profile bench-batches bench-large bench-instructions bench-instructions-record bench-vectors \
	bench-peers bench-report bench-arms bench-arms-peers bench-best-arm bench-curves bench-schedules bench-real-ml
REAL_BENCHES = $(addprefix bench-real-ml-,cost peers points report settle show store vectors)
.PHONY: bench-real-ml $(REAL_BENCHES)
$(BENCHES): lib
bench-best-arm bench-curves: $(INTERNAL)
$(BENCHES) bench-store bench-arms-store bench-arms-report bench-arms-show $(REAL_BENCHES):
	+@$(BENCH) $(@:bench-%=%)

.PHONY: bench-coverage
bench-coverage: lib
	+@$(BENCH) coverage

# The examples on real data, in their long form: minutes on one core.
EXAMPLE_SEEDS ?= 20
EXAMPLE_METHODS ?= gp random
.PHONY: bench-epochs bench-folds
bench-epochs: $(B)/examples/budgets
	@mkdir -p $(B)/bench
	@for method in $(EXAMPLE_METHODS); do echo "method $$method" && \
		OPENBLAS_NUM_THREADS=1 $(B)/examples/budgets --seeds $(EXAMPLE_SEEDS) --method $$method \
			--checkpoints $(B)/bench/budgets- --csv $(B)/bench/epochs-$$method.csv || exit 1; done
	@awk 'NR == 1 || FNR > 1' $(EXAMPLE_METHODS:%=$(B)/bench/epochs-%.csv) >docs/benchmarks/epochs.csv

bench-folds: $(B)/examples/folds
	@OPENBLAS_NUM_THREADS=1 $(B)/examples/folds --seeds $(EXAMPLE_SEEDS) --csv docs/benchmarks/folds.csv

# ------------------------------------------------------------------------ ABI

# What is recorded stands in lib/afina.abi and lib/afina.constants; scripts/abi.sh says
# what is an error.
abi-check abi-record: shared
	@sh scripts/install-deps.sh abi
	@CC='$(CC)' sh scripts/abi.sh $(@:abi-%=%) $(SHARED) include lib/afina
	@[ $@ != abi-record ] || python3 scripts/api.py >lib/api.json
	@[ $@ != abi-record ] || python3 scripts/python-abi.py >lib/python/afina/_abi.py
	@echo '$@: lib/afina.abi and lib/afina.constants agree with $(SHARED)'

# Once for a release: what programs are built on, for tests/house/abi_consumers.sh.
.PHONY: abi-freeze
abi-freeze: shared
	@CC='$(CC)' sh scripts/abi-freeze.sh $(SHARED) include tests/abi/$(VERSION)

# ---------------------------------------------------------------------- wheel

# One file for every Python from 3.9 on, with the library and what it needs inside.
.PHONY: wheel
wheel: shared
	@sh scripts/install-deps.sh wheel
	@python3 scripts/python-wheel.py $(SHARED) $(BUILD)/wheel

# -------------------------------------------------------------------- install

include scripts/install.mk

clean:
	rm -rf $(BUILD)
	rm -f lib/libafina.a lib/libafina.so lib/libafina.so.*

-include $(wildcard $(B)/src/*/*.d $(B)/src/*/*/*.d $(B)/tests/*/*.d $(B)/tests/*/*/*.d $(B)/examples/*.d $(B)/examples/*/*.d)
