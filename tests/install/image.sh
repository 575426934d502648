# What builds the image without a container engine: buildah, and the files of a base such as runtime-deps.

unpack_buildah() {
  unpack_packages buildah golang-github-containers-common golang-github-containers-image libgpgme11 patchelf
  # It starts itself anew from memory and without an environment, so that only a whole path leads to its libraries.
  LD_LIBRARY_PATH="$PWD/usr/lib/x86_64-linux-gnu" usr/bin/patchelf --set-rpath "$CACHE/buildah/usr/lib/x86_64-linux-gnu" usr/bin/buildah
  ls etc/containers/policy.json etc/containers/registries.conf
  LD_LIBRARY_PATH="$PWD/usr/lib/x86_64-linux-gnu" usr/bin/buildah version
}

# The C library, OpenSSL and the public CAs, without the programs that come with them.
unpack_image_base() {
  unpack_packages libc6 libgcc-s1 libssl3 openssl ca-certificates
  cat usr/share/ca-certificates/mozilla/*.crt >etc/ssl/certs/ca-certificates.crt
  rm -rf bin sbin usr/bin usr/sbin usr/lib/ssl/misc usr/share
  [[ -e lib64/ld-linux-x86-64.so.2 && -e usr/lib/x86_64-linux-gnu/libssl.so.3 ]]
}
