# Debian packages, by a private copy of the machine's package sources: source packages are enabled there,
# and the machine's own package lists stay as they are.

apt_private() {
  "$1" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$APT_DIR/sources" \
    -o Dir::State::lists="$APT_DIR/lists" -o Dir::Cache="$APT_DIR/cache" \
    -o APT::Sandbox::User=root -o Acquire::Retries=3 -o DPkg::Lock::Timeout=600 "${@:2}"
}

apt_folders() {
  command -v apt-get >/dev/null || fail "this machine has no apt-get; the test environment is made of Debian 12 packages"
  rm -rf "$APT_DIR"
  mkdir -p "$APT_DIR/sources" "$APT_DIR/lists/partial" "$APT_DIR/cache/archives/partial"
}

# Reads the package lists, once per run and only when something must be installed.
apt_refresh() {
  [[ -n "${APT_FRESH:-}" ]] && return
  apt_folders
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
  unpack_archives "$APT_DIR/cache/archives"
}

# Reads the package lists of every suite that the registry serves, once per run. A suite that is not served is left out.
apt_refresh_newest() {
  [[ -e "$APT_DIR/fresh" ]] && return
  apt_folders
  local file
  for file in /etc/apt/sources.list.d/*.sources; do
    grep -qs 'debian-archive-keyring' "$file" || continue
    awk -v RS= -v ORS='\n\n' '!/-security/' "$file" |
      sed -E 's/^Suites:.*/& stable unstable/' >"$APT_DIR/sources/$(basename "$file")"
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    grep -shE '^deb .*/debian/? ' "$file" |
      sed -E 'p; s/^(deb (\[.*\] )?[^ ]+) [^ ]+ /\1 stable /p; s/ stable / unstable /' >"$APT_DIR/sources/$(basename "$file" .list).list" || true
  done
  apt_private apt-get update -qq || true
  touch "$APT_DIR/fresh"
}

# unpack_newest PACKAGE…: unpacks the newest version that the registry serves in any suite, without dependencies, into the
# current folder: for programs that need nothing but the C library.
unpack_newest() {
  local APT_DIR="$APT_DIR-newest"
  apt_refresh_newest
  download_newest "$@"
  unpack_archives .
  rm ./*.deb
}

# unpack_newest_go LIBRARY…: unpacks the newest version of Go libraries, with those that they need and the Go that goes with
# them, into the current folder; without their tests, which are a third.
unpack_newest_go() {
  local APT_DIR="$APT_DIR-newest" packages file
  apt_refresh_newest
  # For a machine that has nothing installed, so that all of them are named.
  : >"$APT_DIR/status"
  apt_private apt-get install --simulate -qq --no-install-recommends -o Dir::State::status="$APT_DIR/status" "$@" >"$APT_DIR/plan"
  mapfile -t packages < <(sed -nE 's/^Inst (golang-(.*-dev|[0-9.]+-(go|src))) .*/\1/p' "$APT_DIR/plan")
  download_newest "${packages[@]}"
  for file in ./*.deb; do
    dpkg-deb --fsys-tarfile "$file" | tar -x --exclude='*_test.go' --exclude=testdata
  done
  rm ./*.deb
}

# download_newest PACKAGE…: downloads packages of the lists that apt_refresh_newest has read, and notes their versions.
download_newest() {
  local file
  apt_private apt-get download -qq "$@"
  for file in ./*.deb; do
    dpkg-deb --show --showformat='${Package} ${Version}\n' "$file" >>versions
  done
}

# unpack_archives FOLDER: unpacks the packages in a folder into the current one.
unpack_archives() {
  local deb
  for deb in "$1"/*.deb; do
    dpkg -x "$deb" .
  done
}
