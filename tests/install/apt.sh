# Debian packages, by a private copy of the machine's package sources: source packages are enabled there,
# and the machine's own package lists stay as they are.

apt_private() {
  "$1" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$APT_DIR/sources" \
    -o Dir::State::lists="$APT_DIR/lists" -o Dir::Cache="$APT_DIR/cache" \
    -o APT::Sandbox::User=root -o Acquire::Retries=3 -o DPkg::Lock::Timeout=600 "${@:2}"
}

# Reads the package lists, once per run and only when something must be installed.
apt_refresh() {
  [[ -n "${APT_FRESH:-}" ]] && return
  command -v apt-get >/dev/null || fail "this machine has no apt-get; the test environment is made of Debian 12 packages"
  rm -rf "$APT_DIR"
  mkdir -p "$APT_DIR/sources" "$APT_DIR/lists/partial" "$APT_DIR/cache/archives/partial"
  local file name
  for file in /etc/apt/sources.list.d/*.sources; do
    grep -qs 'debian-archive-keyring' "$file" || continue
    sed 's/^Types:.*/Types: deb deb-src/' "$file" >"$APT_DIR/sources/$(basename "$file")"
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    name=$(basename "$file" .list)
    grep -shE '^deb .*/debian' "$file" | sed 'p; s/^deb /deb-src /' >"$APT_DIR/sources/$name.list" || true
  done
  apt_private apt-get update -qq >"$CACHE/apt.log" 2>&1 || fail "the package lists could not be read; see $CACHE/apt.log"
  APT_FRESH=1
}

# need_commands COMMAND:PACKAGE…: installs the packages whose command is missing.
need_commands() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
  done
  install_packages ${missing[@]+"${missing[@]}"}
}

install_packages() {
  (($# == 0)) && return
  ((EUID == 0)) || fail "missing: $*; install them with: sudo apt-get install $*"
  apt_refresh
  DEBIAN_FRONTEND=noninteractive apt_private apt-get install -y -qq --no-install-recommends "$@" \
    >>"$CACHE/apt.log" 2>&1 || fail "these packages could not be installed: $*; see $CACHE/apt.log"
  say "installed $*"
}

# unpack_packages PACKAGE…: unpacks packages, with the dependencies that the machine lacks, into the current folder.
# Nothing is installed on the machine, so Debian starts no service.
unpack_packages() {
  rm -f "$APT_DIR"/cache/archives/*.deb
  apt_private apt-get install -y -qq --no-install-recommends --reinstall --download-only -o Debug::NoLocking=1 "$@"
  local deb
  for deb in "$APT_DIR"/cache/archives/*.deb; do
    dpkg -x "$deb" .
  done
}
