#!/usr/bin/env bash
# The whole check: installs what the tests need, builds, publishes the Native AOT binary, and runs every test.
# The last line is "N passed, N failed, N skipped"; a step that fails counts as one failure.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

logs=artifacts/logs
measurements=artifacts/measurements.txt
passed=0 failed=0 skipped=0

# step NAME COMMAND…: runs a command quietly; its output is shown only when it fails.
step() {
  local name=$1 log="$logs/${1// /-}.log" started=$SECONDS
  if "${@:2}" >"$log" 2>&1; then
    echo "$name: ok, $((SECONDS - started)) s"
  else
    tail -n 60 "$log"
    echo "$name: FAILED, $((SECONDS - started)) s; the whole log is $log"
    failed=$((failed + 1))
    return 1
  fi
}

# tests PROJECT: runs one test program, and adds its counts to the sums.
tests() {
  local project=$1 log="$logs/$1.log" counts
  timeout --kill-after=10 30m "artifacts/bin/$project/release/$project" -noColor -noLogo 2>&1 | tee "$log"
  local status=${PIPESTATUS[0]}
  counts=$(sed -nE 's/.* Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+),.*/\1 \2 \3 \4/p' "$log" | tail -n 1)
  local total=0 errors=0 failures=0 skips=0
  read -r total errors failures skips <<<"${counts:-0 0 0 0}"
  # A program that crashed, or ran out of time, has no counts that could be believed.
  ((status != 0 && errors + failures == 0)) && errors=1
  failed=$((failed + errors + failures))
  skipped=$((skipped + skips))
  passed=$((passed + total - failures - skips))
}

build() { dotnet build CertOperator.sln -c Release; }
format() { dotnet format CertOperator.sln --no-restore --verify-no-changes; }

publish() {
  dotnet publish src/CertOperator -c Release -r linux-x64 -o artifacts/aot || return
  ! grep -E "warning [A-Z]+[0-9]+" "$logs/publish.log"
}

report() {
  [[ -f artifacts/aot/cert-operator ]] &&
    echo "Native AOT binary: $(($(stat -c %s artifacts/aot/cert-operator) / 1000000)) MB"
  [[ -f $measurements ]] && sort "$measurements"
  echo "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0))
}

mkdir -p "$logs"
rm -f "$measurements"
# Without a build that worked there would be only what a former run left.
rm -f artifacts/aot/cert-operator
if bash tests/install.sh && step build build; then
  step format format
  step publish publish
  for folder in tests/*.Tests tests/CertOperator.Acceptance; do
    tests "$(basename "$folder")"
  done
else
  failed=1
fi
report
