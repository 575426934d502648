# Shared by the install scripts: where the parts live, and how a part is put there in one piece.

CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/cert-operator-tests"
APT_DIR="$CACHE/apt"

say() { printf '%s\n' "$*"; }

fail() {
  printf 'tests/install.sh: %s\n' "$*" >&2
  exit 1
}

# install_part NAME FUNCTION: runs FUNCTION in an empty folder and moves the folder to $CACHE/NAME when it succeeded,
# so a killed run leaves no half part behind.
install_part() {
  local name=$1 build=$2 stage started=$SECONDS
  [[ -d "$CACHE/$name" ]] && return
  stage=$(mktemp -d "$CACHE/stage.XXXXXX")
  # A subshell called in a condition would go on after a failed command: hence the separate shell options.
  set +e
  (set -e && cd "$stage" && "$build") >"$CACHE/$name.log" 2>&1
  local status=$?
  set -e
  if ((status != 0)); then
    tail -n 25 "$CACHE/$name.log" >&2
    rm -rf "$stage"
    fail "$name could not be installed; the whole log is $CACHE/$name.log"
  fi
  mv -T "$stage" "$CACHE/$name"
  say "installed $name in $((SECONDS - started)) s"
}

# install_optional PART…: parts that few tests need, and that a registry may not have; those tests are skipped then.
install_optional() {
  local part status
  for part in "$@"; do
    [[ -d "$CACHE/$part" ]] && continue
    set +e
    (set -e && apt_refresh && install_part "$part" "unpack_${part//-/_}")
    status=$?
    set -e
    ((status == 0)) || say "the tests that need $part will be skipped"
  done
}
