# BENCHMARKS.md, docs/benchmarks/*.csv and the pictures, from the stored results; included by bench/Makefile.
.PHONY: report report-check

report: report-check $(SPACES)
	@$(PYTHON) bench/report/report.py $(SPACES) . $(STORE) $(PEERS_OUT) $(OUT)

report-check:
	@$(PYTHON) bench/report/test_scores.py -q
