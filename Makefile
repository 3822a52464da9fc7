# Each target is one script, for computers without make: sh scripts/try.sh
PYTHON ?=
export PYTHON

.PHONY: help try test bench docs clean

help:
	@echo "make try    build the example for an nRF52840, run that firmware in an emulator, compare every byte"
	@echo "make test   linters, type checker, all tests"
	@echo "make bench  measure the generated C, against benchmarks/record.json; ARGS=--update rewrites the record"
	@echo "make docs   write anew what is generated in README.md and docs/"
	@echo "make clean  delete .venv, build and the tools' caches"

try:
	@sh scripts/try.sh

test:
	@sh scripts/test.sh

bench:
	@set -e; set -- test; . scripts/venv.sh; "$$python" scripts/bench.py $(ARGS)

docs:
	@set -e; set -- test,witness; . scripts/venv.sh; "$$python" scripts/documents.py

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
