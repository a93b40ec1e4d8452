#!/bin/sh
# Installs those of the named Debian packages that are missing. Says nothing when all are there.
set -eu

if ! command -v dpkg-query >/dev/null; then
    echo "not a Debian system: nothing installed; the build needs what Debian calls: $*"
    exit 0
fi

missing=
for package in "$@"; do
    case $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) in
        *" installed"*) ;;
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "missing packages:$missing; fix: install them as root" >&2; exit 1; }
    as_root=sudo
fi
echo "installing the missing Debian packages:$missing"
$as_root apt-get -q update
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing
