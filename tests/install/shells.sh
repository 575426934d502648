# Shells beside bash that the program has completion for.

unpack_shells() {
  unpack_packages zsh fish
  bin/zsh --version
  with_libraries usr/bin/fish --version
}
