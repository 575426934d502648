# apiextensions-apiserver of a current Kubernetes, which is the part of kube-apiserver that judges CustomResourceDefinitions and
# serves what they define, with an etcd of today. Debian has the sources of no kube-apiserver after 1.20, but it has this one's, as Go
# libraries (about three minutes to build on two idle cores, 100 MB). They come from the newest suite, where a version does not stay:
# the newest is taken, "versions" says which, and the tests that need it are skipped where it does not build.

APIEXTENSIONS_LIBRARY=golang-k8s-apiextensions-apiserver-dev
# The oldest minor version of Kubernetes that counts as current.
APIEXTENSIONS_LEAST=32
APIEXTENSIONS_TIMEOUT=25m

unpack_apiextensions() {
  local tree="$PWD/tree" minor version go
  mkdir tree etcd
  (cd etcd && unpack_newest etcd-server)
  (cd tree && unpack_newest_go "$APIEXTENSIONS_LIBRARY")
  cat etcd/versions >versions
  grep -E "^($APIEXTENSIONS_LIBRARY|golang-[0-9.]+-go) " tree/versions >>versions
  version=$(sed -nE "s/^$APIEXTENSIONS_LIBRARY 0\.([0-9.]+).*/\1/p" versions)
  minor=${version%%.*}
  ((minor >= APIEXTENSIONS_LEAST))

  go=$(printf '%s\n' "$tree"/usr/lib/go-*/bin/go | sort -V | tail -n 1)
  (
    export GOROOT="${go%/bin/go}" GOPATH="$tree/usr/share/gocode" GOCACHE="$tree/cache" HOME="$tree"
    export GO111MODULE=off GOTOOLCHAIN=local GOPROXY=off GOFLAGS= CGO_ENABLED=0
    cd "$tree"
    local at=k8s.io/component-base/version
    timeout "$APIEXTENSIONS_TIMEOUT" "$go" build -p 2 -trimpath \
      -ldflags "-s -w -X $at.gitMajor=1 -X $at.gitMinor=$minor -X $at.gitVersion=v1.$version" \
      -o ../apiextensions-apiserver k8s.io/apiextensions-apiserver
  )
  cp etcd/usr/bin/etcd etcd-server
  rm -rf tree etcd
  mv etcd-server etcd
  ./etcd --version
  ./apiextensions-apiserver --help | grep -e --emulated-version
}

install_apiextensions() {
  [[ -d "$CACHE/apiextensions" ]] && return
  say "building a current apiextensions-apiserver from Debian's Go libraries: about five minutes, once per machine"
  install_optional apiextensions
}
