# kube-apiserver and kube-controller-manager, built from Debian's source package (about ten minutes on two cores).

KUBERNETES_VERSION=1.20.2
# This source does not build with a much newer Go that may be first on the PATH.
GO_HOME=/usr/lib/go-1.19

# The vendored reflect2 links to a function of Go's runtime whose signature Go 1.18 changed; unpatched, the server
# crashes on the first custom object.
patch_reflect2() {
  local folder="$1/vendor/github.com/modern-go/reflect2"
  sed -i \
    -e 's/^func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer) \*hiter$/func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer, it *hiter)/' \
    -e 's|^\t// rest fields are ignored$|\tt, h, buckets, bptr, overflow, oldoverflow unsafe.Pointer\n\tstartBucket uintptr\n\toffset, wrapped, b, i uint8\n\tbucket, checkBucket uintptr|' \
    "$folder/unsafe_link.go"
  sed -i \
    -e 's/^\t\thiter:      mapiterinit(.*$/\t\thiter:      \&it,/' \
    -e '/UnsafeIterate(obj unsafe.Pointer) MapIterator {$/a\	var it hiter\n\tmapiterinit(type2.rtype, *(*unsafe.Pointer)(obj), \&it)' \
    "$folder/unsafe_map.go"
}

build_kubernetes() {
  local tree="$PWD/tree" name
  apt_private apt-get source -qq --download-only kubernetes
  dpkg-source --no-check -x kubernetes_*really"$KUBERNETES_VERSION"-*.dsc "$tree"
  patch_reflect2 "$tree"
  (
    cd "$tree"
    export PATH="$GO_HOME/bin:$PATH" HOME="$tree" GOPATH="$tree/.gopath" GOPROXY=off
    make WHAT="cmd/kube-apiserver cmd/kube-controller-manager" KUBE_BUILD_PLATFORMS=linux/amd64 \
      KUBE_GIT_VERSION="v$KUBERNETES_VERSION" KUBE_GIT_MAJOR=1 KUBE_GIT_MINOR=20 \
      KUBE_GIT_COMMIT=none KUBE_GIT_TREE_STATE=archive
  )
  for name in kube-apiserver kube-controller-manager; do
    cp "$tree/_output/local/bin/linux/amd64/$name" .
    "./$name" --version | grep -qx "Kubernetes v$KUBERNETES_VERSION"
  done
  # Go makes its module cache read-only.
  chmod -R u+w "$tree"
  rm -rf "$tree" kubernetes_*
}

install_kubernetes() {
  [[ -d "$CACHE/kubernetes-patched" ]] && return
  [[ -x "$GO_HOME/bin/go" ]] || install_packages golang-1.19-go
  need_commands rsync:rsync jq:jq make:make dpkg-source:dpkg-dev
  apt_refresh
  say "building kube-apiserver $KUBERNETES_VERSION from Debian's source package: about ten minutes, once per machine"
  install_part kubernetes-patched build_kubernetes
}
