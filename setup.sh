#!/usr/bin/env bash
# From a bare Debian 12 and a clone to build/release/vhpcsim, or to build/measure/vhpc-measure alone:
# installs the Debian packages that are missing and builds. Asks nothing; run it again at any time, from any folder.
set -euo pipefail

usage() {
    cat <<'T'
usage: setup.sh [--tests | --measure]

Installs the missing Debian packages (as root, or through sudo), then configures and builds
build/release/vhpcsim.

  --tests   also install what the tests need: tests/run builds and runs them
  --measure only what measures, for guests and nodes: builds build/measure/vhpc-measure, which
            needs no simulator
  --help    this text
T
}

preset=release program=vhpcsim
measure_packages=(gcc cmake ninja-build pkg-config libjansson-dev libzstd-dev
    openmpi-bin libopenmpi-dev libhwloc-dev libopenblas-dev)
packages=(gcc g++ cmake ninja-build pkg-config help2man
    libsimgrid-dev libyaml-dev libjansson-dev libgsl-dev libmuparser-dev libsmartcols-dev libzstd-dev
    openmpi-bin libopenmpi-dev libhwloc-dev libopenblas-dev python3)
test_packages=(libcmocka-dev clang libclang-rt-14-dev clang-format clang-tidy cppcheck shellcheck
    hpcc zstd man-db bash-completion python3-jsonschema python3-yaml)

for argument in "$@"; do
    case $argument in
        --tests) packages+=("${test_packages[@]}") ;;
        --measure)
            packages=("${measure_packages[@]}")
            preset=measure program=vhpc-measure
            ;;
        --help | -h) usage && exit 0 ;;
        *)
            printf 'setup.sh: unknown argument "%s"\n' "$argument" >&2
            usage >&2
            exit 64
            ;;
    esac
done

# Runs COMMAND quietly: what it says stays in a log, shown when it fails.
quietly() { # WHAT COMMAND...
    local what=$1 log
    shift
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        printf 'setup.sh: %s failed: %s\n' "$what" "$*" >&2
        exit 1
    fi
    rm -f "$log"
}

missing_packages() {
    dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null |
        awk -v wanted="${packages[*]}" '
            $2 == "installed" { present[$1] = 1 }
            END {
                n = split(wanted, names, " ")
                for (i = 1; i <= n; i++)
                    if (!(names[i] in present))
                        print names[i]
            }'
}

install_packages() { # PACKAGE...
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            printf 'setup.sh: not root and no sudo; run this as root, then setup.sh again:\n' >&2
            printf '    apt-get update && apt-get install -y --no-install-recommends %s\n' "$*" >&2
            exit 1
        fi
        as_root=(sudo)
    fi
    printf 'installing Debian packages: %s\n' "$*"
    quietly 'updating the package lists' "${as_root[@]}" apt-get -q update
    quietly 'installing packages' "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qy -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@"
}

if ! command -v dpkg-query >/dev/null; then
    printf 'setup.sh: this is not Debian; install the equivalents of: %s\n' "${packages[*]}" >&2
    printf 'then: cmake --preset %s && cmake --build --preset %s\n' "$preset" "$preset" >&2
    exit 1
fi
mapfile -t missing < <(missing_packages)
[ "${#missing[@]}" -eq 0 ] || install_packages "${missing[@]}"

cd "$(dirname "$(readlink -f "$0")")"
[ -e "build/$preset/build.ninja" ] || quietly 'configuring' cmake --preset "$preset"
quietly 'building' cmake --build --preset "$preset"
echo "ready: $PWD/build/$preset/$program"
