#!/bin/sh
# Everything that must hold before a change goes in: linters, types, formatting of the C, tests.
set -eu
cd "$(dirname "$0")/.."

set -- test,witness
. scripts/venv.sh

failed=

# Runs a tool of .venv; a long list of files is not shown.
check() {
    if [ $# -gt 8 ]; then
        printf '\n$ %s %s %s ... (%s files)\n' "$1" "$2" "$3" "$(($# - 3))"
    else
        printf '\n$ %s\n' "$*"
    fi
    "$bin/$@" || failed="$failed $1"
}

check ruff check codegen models scripts tests
check ruff format --check codegen models scripts tests
check mypy
check mypy models scripts
# no file of ours has a blank in its name
check clang-format --dry-run --Werror $(find firmware -name '*.[ch]' | sort)
check pytest -q --numprocesses 2
if [ -n "$failed" ]; then
    echo "failed:$failed"
    exit 1
fi
