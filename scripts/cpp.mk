# The tests and examples of the C++ header, include/afina.hpp. Read by the Makefile.

CXX_WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast
COMPILE_CXX = $(CXX) $(CPPFLAGS) -std=c++17 -g $(CXX_WARNINGS) $(WERROR) $(CFLAGS_$(VARIANT)) $(CXXFLAGS)
LINK_CXX = $(CXX) $(LINK_$(VARIANT)) $(LDFLAGS)

CXX_TEST_SRC := $(sort $(wildcard tests/*/test_*.cpp))
CXX_EXAMPLE_SRC := $(sort $(wildcard examples/*.cpp))
CXX_EXAMPLE_BIN := $(CXX_EXAMPLE_SRC:%.cpp=$(B)/%)
TEST_BIN += $(CXX_TEST_SRC:%.cpp=$(B)/%)
EXAMPLE_BIN += $(CXX_EXAMPLE_BIN)

$(B)/flags-cxx: FORCE
	@mkdir -p $(B)
	@echo '$(COMPILE_CXX) | $(LINK_CXX)' | cmp -s - $@ || echo '$(COMPILE_CXX) | $(LINK_CXX)' >$@

# Both see what a host sees.
$(B)/tests/%.o: tests/%.cpp $(B)/flags-cxx
	@mkdir -p $(@D)
	$(call say,CXX )
	$(Q)$(COMPILE_CXX) -UNDEBUG -Iinclude -Itests -MMD -MP -c -o $@ $<

$(B)/examples/%.o: examples/%.cpp $(B)/flags-cxx
	@mkdir -p $(@D)
	$(call say,CXX )
	$(Q)$(COMPILE_CXX) -Iinclude -MMD -MP -c -o $@ $<

$(B)/tests/cpp/%: $(B)/tests/cpp/%.o $(INTERNAL)
	$(call say,LINK)
	$(Q)$(LINK_CXX) -o $@ $^ $(LIBS)

ifeq ($(VARIANT),release)
$(CXX_EXAMPLE_BIN): $(B)/examples/%: $(B)/examples/%.o $(LIB)/libafina.so
	$(call say,LINK)
	$(Q)$(LINK_CXX) -o $@ $(filter %.o,$^) -L$(LIB) '-Wl,-rpath,$(abspath $(LIB))' -lafina -lpthread
else
$(CXX_EXAMPLE_BIN): $(B)/examples/%: $(B)/examples/%.o $(STATIC)
	$(call say,LINK)
	$(Q)$(LINK_CXX) -o $@ $^ $(LIBS)
endif
