#!/bin/bash
# deb_check.sh PACKAGE.deb: installs the package in a Debian 12 that has nothing else, with only what its dependencies
# bring, and runs the demo there; then lintian. Needs root and debootstrap. Packages come from the mirrors that this
# machine's apt uses.
set -euo pipefail

suite=bookworm
package=$(readlink -f "$1")
here=$(cd "$(dirname "$0")" && pwd)
[ "$(id -u)" = 0 ] || { echo "must be root: it makes a root file system and enters it" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT
root=$folder/root

sources() {
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT) @$(ORIGIN)' 'Created-By: Packages' |
        sed -n "s/ @Debian\$//p" | awk -v suite=$suite 'index($3, suite) == 1' | sort -u
}
mirror=$(sources | awk -v suite=$suite '$3 == suite { print $2; exit }')
[ -n "$mirror" ] || { echo "this machine's apt knows no mirror of Debian $suite" >&2; exit 1; }

echo "== a Debian 12 with nothing installed"
debootstrap --variant=minbase $suite "$root" "$mirror" >"$folder/log" 2>&1 || { tail -n 20 "$folder/log" >&2; exit 1; }
sources >"$root/etc/apt/sources.list"
apt-config dump | grep -E "^Acquire::(Check-|.*Proxy)" >"$root/etc/apt/apt.conf.d/90host" || true
cp /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || true
cp "$package" "$root/lcclass.deb"
cp "$here/demo.sh" "$root/demo.sh"

# Own mount and process namespaces: mounts and stray processes go when the command ends.
enter() {
    unshare --mount --pid --fork sh -c '
        mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" &&
        exec chroot "$0" env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
            PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
            sh -euc "$1"' "$root" "$1"
}

echo "== apt-get install ./lcclass.deb"
enter "apt-get -q update && apt-get -q install -y --no-install-recommends ./lcclass.deb" >"$folder/log" 2>&1 ||
    { tail -n 20 "$folder/log" >&2; exit 1; }
grep -E "newly installed|After this operation" "$folder/log"
enter "dpkg --listfiles lcclass | while read -r file; do [ -d \"\$file\" ] || ls -l \"\$file\"; done; lcclass --version"
echo "== the demo"
enter "sh /demo.sh lcclass /demo && test -s /demo/out/map.tif"
echo "== what is left when it is removed"
enter "apt-get -q remove -y lcclass >/dev/null && ! command -v lcclass && test ! -e /usr/share/doc/lcclass && echo nothing"
if command -v lintian >/dev/null; then
    echo "== lintian"
    lintian --allow-root --fail-on error "$package"
fi
