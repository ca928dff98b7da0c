# BENCHMARKS.md and the tables, rows and pictures of docs/benchmarks/, from the stored results; included by bench/Makefile.
.PHONY: report report-check rows-check

report: report-check $(SPACES)
	@$(PYTHON) bench/report/report.py $(SPACES) . $(STORE) $(PEERS_OUT) $(OUT)
	@$(PYTHON) bench/report/check_rows.py .

report-check:
	@$(PYTHON) bench/report/test_scores.py -q

# What is read is what was measured.
rows-check:
	@$(PYTHON) bench/report/check_rows.py .
