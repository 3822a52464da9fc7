# Sourced with the wanted extras as $1, from the root: makes .venv, installs tinygen there, sets $python and $bin.
# $PYTHON chooses the Python that .venv is made with.

fail() {
    printf 'tinygen: %s\n' "$@" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

make_venv() {
    base=
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if is_new_enough "$candidate"; then
            base=$candidate
            break
        fi
    done
    if [ -z "$base" ]; then
        fail "Python 3.11 or newer is needed, and ${PYTHON:-python3} is not that." \
            "Install it, or say where it is with the variable PYTHON, as in PYTHON=/path/to/python3.12 make try"
    fi
    if ! "$base" -c 'import venv, ensurepip' 2>/dev/null; then
        fail "$base has no module venv or ensurepip, so it can't make a virtual environment." \
            "Debian and Ubuntu keep them in a package of their own: apt install python3-venv" \
            "Or choose another Python with the variable PYTHON, as in PYTHON=/path/to/python3.12 make try"
    fi
    echo "Making .venv with $("$base" --version)"
    rm -rf .venv
    "$base" -m venv .venv || fail "The virtual environment .venv was not made; see the message above."
}

# 1: what pip installs, as extras
install() {
    PIP_DISABLE_PIP_VERSION_CHECK=1 "$python" -m pip install --quiet --editable ".[$1]"
}

is_new_enough .venv/bin/python || make_venv
bin=$PWD/.venv/bin
python=$bin/python
stamp=.venv/tinygen-$1
if [ ! -f "$stamp" ] || [ pyproject.toml -nt "$stamp" ]; then
    echo "Installing tinygen with the extras $1; the first time this takes a few minutes"
    case $1 in
    *,witness)
        install "$1" || {
            echo "TFLite Micro or LiteRT has no package for this system: the tests that compare with them will skip"
            install "${1%,witness}" || fail "pip could not install tinygen; its message is above."
        }
        ;;
    *) install "$1" || fail "pip could not install tinygen; its message is above." ;;
    esac
    : >"$stamp"
fi
