# Completion of vhpcsim for bash. Options, names and keys come from the program itself, so this
# file need not change when they do.

_vhpcsim_options() {
    "$1" ${2:+"$2"} --help 2>/dev/null | grep -oE -- '(^|[ ,])--[a-z][a-z-]*' | tr -d ' ,' | sort -u
}
