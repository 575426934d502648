#!/usr/bin/env bash
# Puts the real parts that the tests run against into a cache folder, once per machine: a second run installs nothing.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/install"
for part in common apt services kubectl kubernetes apiextensions image shells; do
  # shellcheck source=/dev/null
  source "$here/$part.sh"
done

mkdir -p "$CACHE"
# One run at a time; whatever stage folder is there belongs to a run that was killed.
exec 9>"$CACHE/lock"
flock 9
rm -rf "$CACHE"/stage.* "$APT_DIR-newest"

# What linking a Native AOT binary needs, and the tests' TLS client.
need_commands gcc:gcc openssl:openssl setpriv:util-linux
[[ -e /usr/include/zlib.h ]] || install_packages zlib1g-dev
install_services
install_kubectl
install_kubernetes
install_apiextensions
install_optional buildah image-base shells

rm -rf "$APT_DIR" "$APT_DIR-newest"
