# BENCHMARKS.md, docs/benchmarks/*.csv and the pictures, from the stored results; included by bench/Makefile.
.PHONY: report

report: $(SPACES)
	@$(PYTHON) bench/report/report.py bench/results $(SPACES) .
