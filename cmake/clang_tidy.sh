#!/bin/sh
# clang_tidy.sh BUILD JOBS FILE...: checks the files against .clang-tidy, JOBS at a time; fails on any finding.
# The compile commands are GCC's: warning options that only GCC knows are passed over.
set -eu
build=$1
jobs=$2
shift 2
for file in "$@"; do printf '%s\0' "$file"; done |
    xargs -0 -n 1 -P "$jobs" sh -c '
        if ! findings=$(clang-tidy -p "$0" --quiet --extra-arg=-Wno-unknown-warning-option "$1" 2>&1); then
            printf "%s\n" "$findings"
            exit 1
        fi' "$build"
