#!/bin/bash
# Runs the README's first lines on a Debian 12 that has nothing installed: debootstrap's minbase plus this checkout.
# Every line gets a fresh copy of that system. Needs root and debootstrap; packages come from the mirrors that this
# machine's apt uses. Prints how long each line took; fails when one of them fails.
#
#   tests/tools/fresh_debian.sh [--keep] [--folder DIR] [TARGET...]      TARGETs of the Makefile, by default: demo test
set -euo pipefail

suite=bookworm
keep=no
folder=
targets=()
while [ $# -gt 0 ]; do
    case $1 in
        --keep) keep=yes ;;
        --folder) folder=$2; shift ;;
        -*) echo "unknown option $1" >&2; exit 2 ;;
        *) targets+=("$1") ;;
    esac
    shift
done
[ ${#targets[@]} -gt 0 ] || targets=(demo test)
[ "$(id -u)" = 0 ] || { echo "must be root: it makes a root file system and enters it" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "needs debootstrap; fix: apt-get install debootstrap" >&2; exit 2; }

checkout=$(cd "$(dirname "$0")/../.." && pwd)
[ -n "$folder" ] || folder=$(mktemp -d)
mkdir -p "$folder"
[ $keep = yes ] || trap 'rm -rf --one-file-system "$folder"' EXIT

# Where this machine gets Debian from, as one-line sources.
sources() {
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT) @$(ORIGIN)' 'Created-By: Packages' |
        sed -n "s/ @Debian\$//p" | awk -v suite=$suite 'index($3, suite) == 1' | sort -u
}

make_base() {
    local mirror
    mirror=$(sources | awk -v suite=$suite '$3 == suite { print $2; exit }')
    [ -n "$mirror" ] || { echo "this machine's apt knows no mirror of Debian $suite" >&2; exit 1; }
    debootstrap --variant=minbase $suite "$folder/base" "$mirror" >"$folder/debootstrap.log" 2>&1 ||
        { tail -n 20 "$folder/debootstrap.log" >&2; exit 1; }
    sources >"$folder/base/etc/apt/sources.list"
    apt-config dump | grep -E "^Acquire::(Check-|.*Proxy)" >"$folder/base/etc/apt/apt.conf.d/90host" || true
    # The files of the checkout as they are now: what git tracks, and what it would track.
    mkdir "$folder/base/lcclass"
    (cd "$checkout" && git ls-files -z --cached --others --exclude-standard |
        while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done |
        tar --create --null --files-from=- | tar --extract --directory="$folder/base/lcclass" --no-same-owner)
}

# Own mount and process namespaces: mounts and stray processes go when the line ends.
enter() {
    unshare --mount --pid --fork sh -c '
        mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" &&
        exec chroot "$0" env -i HOME=/root TERM=dumb PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
            sh -c "cd /lcclass && $1"' "$1" "$2"
}

[ -d "$folder/base" ] || make_base
failed=0
summary=()
for target in "${targets[@]}"; do
    line="apt-get update && apt-get install -y make && make $target"
    root="$folder/$target"
    rm -rf --one-file-system "$root"
    cp -a "$folder/base" "$root"
    cp /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || true
    echo "== fresh Debian: $line"
    start=$SECONDS
    if enter "$root" "$line"; then result=succeeded; else result=FAILED; failed=1; fi
    summary+=("$(printf '%-10s %-9s %d min %02d s' "$target" $result $(((SECONDS - start) / 60)) $(((SECONDS - start) % 60)))")
done
echo "== fresh Debian 12, $(nproc) processors"
printf '%s\n' "${summary[@]}"
exit $failed
