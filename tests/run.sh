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
  local project=$1 log="$logs/$1.log" status total=0 errors=0 failures=0 skips=0 unasked=0
  timeout --kill-after=10 30m "artifacts/bin/$project/release/$project" -noColor -noLogo 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  # A program without a test prints only "Total: 0".
  read -r total errors failures skips unasked < <(sed -nE \
    's/.* Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+).*/\1 \2 \3 \4 \5/p' "$log")
  if ((status != 0 && errors + failures == 0)); then
    echo "$project: ended with status $status and told no failure" | tee -a "$log"
    errors=1
  fi
  failed=$((failed + errors + failures))
  skipped=$((skipped + skips))
  passed=$((passed + total - failures - skips - unasked))
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
  grep -shE -A1 ' \[(FAIL|SKIP)\]$| told no failure$' "$logs"/CertOperator.*.log | grep -v '^--$'
  echo "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0))
}

# Nothing that a former run left may pass for a result of this one.
rm -rf "$logs" "$measurements" artifacts/aot/cert-operator
mkdir -p "$logs"
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
