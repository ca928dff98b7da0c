# What `make install` installs, and `make uninstall` takes away again. Read by the Makefile.

CMAKEDIR = $(LIBDIR)/cmake/afina
MANDIR ?= $(PREFIX)/share/man
# Which folders were made, for uninstall.
FOLDER_RECORD ?= $(DOCDIR)/folders.txt
empty :=
space := $(empty) $(empty)
SUBSTITUTE = sed -e 's|@VERSION@|$(VERSION)|g' -e 's|@SOVERSION@|$(SOVERSION)|g' -e 's|@PREFIX@|$(PREFIX)|g' \
	-e 's|@LIBDIR@|$(LIBDIR)|g' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|g' -e 's|@LIBS@|$(LIBS)|g' \
	-e "s|@INCLUDEDIR_FROM_CMAKE@|$$(realpath -m --relative-to='$(CMAKEDIR)' '$(INCLUDEDIR)')|g" \
	-e 's|@CMAKE_LIBS@|$(subst $(space),;,$(patsubst -l%,%,$(strip $(LIBS))))|g'

HEADERS := $(wildcard include/*.h include/*.hpp)
C_HEADERS := include/afina.h $(filter-out include/afina.h,$(wildcard include/*.h))

.PHONY: man install-libraries install-documents install-python-missing

# The pages are dated as the header is, or as a packager says.
man: $(BUILD)/man/afina.3
$(BUILD)/man/afina.3: $(C_HEADERS) scripts/man.py scripts/header.py
	@rm -rf $(BUILD)/man
	@python3 scripts/man.py $(BUILD)/man $(VERSION) \
		"$$(date -u -d "@$${SOURCE_DATE_EPOCH:-$$(stat -c %Y include/afina.h)}" +%F)" $(C_HEADERS)

# Pages and documents are written by Python, which a machine that only builds may not have.
PYTHON := $(shell command -v python3)

install: install-libraries $(if $(PYTHON),install-documents,install-python-missing)
	@$(if $(DESTDIR),,sh scripts/loader.sh "$(LIBDIR)")

install-libraries: lib cli
	@sh scripts/folders.sh make "$(DESTDIR)" "$(FOLDER_RECORD)" "$(INCLUDEDIR)" "$(LIBDIR)/pkgconfig" "$(CMAKEDIR)" "$(DOCDIR)" \
		"$(MANDIR)/man3" $(if $(CLI),"$(BINDIR)")
	$(INSTALL) -m 644 $(HEADERS) "$(DESTDIR)$(INCLUDEDIR)"
	$(INSTALL) -m 644 $(STATIC) "$(DESTDIR)$(LIBDIR)"
	$(INSTALL) -m 755 $(SHARED) "$(DESTDIR)$(LIBDIR)"
	ln -sf $(notdir $(SHARED)) "$(DESTDIR)$(LIBDIR)/$(SONAME)"
	ln -sf $(SONAME) "$(DESTDIR)$(LIBDIR)/libafina.so"
	umask 022 && $(SUBSTITUTE) pkgconfig/afina.pc.in >"$(DESTDIR)$(LIBDIR)/pkgconfig/afina.pc"
	umask 022 && $(SUBSTITUTE) pkgconfig/afinaConfig.cmake.in >"$(DESTDIR)$(CMAKEDIR)/afinaConfig.cmake"
	umask 022 && $(SUBSTITUTE) pkgconfig/afinaConfigVersion.cmake.in >"$(DESTDIR)$(CMAKEDIR)/afinaConfigVersion.cmake"
	$(INSTALL) -m 644 LICENSE lib/api.json "$(DESTDIR)$(DOCDIR)"
ifneq ($(CLI),)
	$(INSTALL) -m 755 $(CLI) "$(DESTDIR)$(BINDIR)/afina"
endif

install-documents: install-libraries man
	$(INSTALL) -m 644 $(BUILD)/man/*.3 "$(DESTDIR)$(MANDIR)/man3"
	python3 scripts/documents.py "$(DESTDIR)$(DOCDIR)" "$$(realpath -m --relative-to='$(DOCDIR)' '$(INCLUDEDIR)')" $(HEADERS)

install-python-missing: install-libraries
	@echo 'Without python3 the manual pages and the documents are not installed.'

# Functions come and go before a release, so the pages go by the names that are afina's.
uninstall:
	for header in $(notdir $(HEADERS)); do rm -f "$(DESTDIR)$(INCLUDEDIR)/$$header"; done
	rm -f "$(DESTDIR)$(LIBDIR)/libafina.a" \
		"$(DESTDIR)$(LIBDIR)/libafina.so" "$(DESTDIR)$(LIBDIR)/$(SONAME)" "$(DESTDIR)$(LIBDIR)/$(notdir $(SHARED))" \
		"$(DESTDIR)$(LIBDIR)/pkgconfig/afina.pc" "$(DESTDIR)$(BINDIR)/afina" \
		"$(DESTDIR)$(MANDIR)/man3/afina.3" "$(DESTDIR)$(MANDIR)"/man3/afina_*.3
	rm -rf "$(DESTDIR)$(CMAKEDIR)"
	find "$(DESTDIR)$(DOCDIR)" -mindepth 1 ! -path "$(DESTDIR)$(FOLDER_RECORD)" -delete 2>/dev/null || true
	@sh scripts/folders.sh remove "$(DESTDIR)" "$(FOLDER_RECORD)"
	@$(if $(DESTDIR),,[ "$$(id -u)" != 0 ] || PATH=$$PATH:/usr/sbin:/sbin ldconfig)

# Packages for Debian, in $(BUILD)/deb: built, looked at by lintian, installed and tried.
.PHONY: deb
deb:
	@sh scripts/install-deps.sh deb
	@JOBS=$(JOBS) bash scripts/deb.sh $(BUILD)/deb $(VERSION)
