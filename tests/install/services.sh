# Servers that the tests start themselves: unpacked into the cache, never installed, so no service runs on the machine.

unpack_etcd() {
  unpack_packages etcd-server
  usr/bin/etcd --version
}

unpack_nginx() {
  unpack_packages nginx
  with_libraries usr/sbin/nginx -v
}

# An ACME server with the DNS server that its tests steer, in one package, and an ACME client to measure against.
unpack_acme() {
  unpack_newest pebble lego
  usr/bin/lego --version
  { usr/bin/pebble -h 2>&1 || true; } | grep -e -dnsserver
  { usr/bin/pebble-challtestsrv -h 2>&1 || true; } | grep -e -management
}

# Another ACME client; it runs on the machine's Python.
unpack_certbot() {
  unpack_packages certbot
  PYTHONPATH="$PWD/usr/lib/python3/dist-packages" /usr/bin/python3 usr/bin/certbot --version
}

# A DNS server that takes RFC 2136 updates, and a client that sends them.
unpack_knot() {
  unpack_packages knot knot-dnsutils
  with_libraries usr/sbin/knotd --version
  with_libraries usr/bin/knsupdate --version
}

# A DNS server with an HTTP API; the LMDB backend makes its own database.
unpack_powerdns() {
  unpack_packages pdns-server pdns-backend-lmdb
  [[ -x usr/sbin/pdns_server ]]
  ls usr/lib/x86_64-linux-gnu/pdns/liblmdbbackend.so
}

# The rules' own judge, and who scrapes and tells.
unpack_prometheus() {
  unpack_packages prometheus prometheus-alertmanager
  usr/bin/promtool --version
  usr/bin/prometheus-alertmanager --version
}

# Runs a program of the current folder with the libraries that were unpacked beside it.
with_libraries() {
  LD_LIBRARY_PATH="$PWD/usr/lib/x86_64-linux-gnu:$PWD/lib/x86_64-linux-gnu" "$@"
}

install_services() {
  local part missing=()
  for part in etcd nginx knot powerdns acme certbot prometheus; do
    [[ -d "$CACHE/$part" ]] || missing+=("$part")
  done
  ((${#missing[@]} == 0)) && return
  apt_refresh
  for part in "${missing[@]}"; do
    install_part "$part" "unpack_$part"
  done
}
