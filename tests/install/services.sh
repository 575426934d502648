# Servers that the tests start themselves: unpacked into the cache, never installed, so no service runs on the machine.

unpack_etcd() {
  unpack_packages etcd-server
  usr/bin/etcd --version
}

unpack_nginx() {
  unpack_packages nginx
  with_libraries usr/sbin/nginx -v
}

# Runs a program of the current folder with the libraries that were unpacked beside it.
with_libraries() {
  LD_LIBRARY_PATH="$PWD/usr/lib/x86_64-linux-gnu:$PWD/lib/x86_64-linux-gnu" "$@"
}

install_services() {
  [[ -d "$CACHE/etcd" && -d "$CACHE/nginx" ]] && return
  apt_refresh
  install_part etcd unpack_etcd
  install_part nginx unpack_nginx
}
