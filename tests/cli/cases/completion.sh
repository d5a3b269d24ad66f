# What bash offers behind these beginnings of a line; "|" is the cursor's end of each list.
. "$SOURCE/completion/vhpcsim.bash"
compopt() { :; } # there is no command line here
offers() {
    COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
    # Readline takes "=" for a word of its own.
    read -ra COMP_WORDS <<<"${COMP_LINE//=/ = }"
    [[ $COMP_LINE == *' ' || $COMP_LINE == *= ]] && COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _vhpcsim
    echo "$* -> ${COMPREPLY[*]}"
}
offers 'vhpcsim '
offers 'vhpcsim ru'
offers 'vhpcsim run --re'
offers 'vhpcsim run kvm.y'
offers 'vhpcsim run kvm.yaml --set virtualization.v'
offers 'vhpcsim run kvm.yaml --set=workload.rf'
offers 'vhpcsim run kvm.yaml --set virtualization.technology=kvm-7'
offers 'vhpcsim run kvm.yaml --set workload.kind=h'
offers 'vhpcsim list tech'
offers 'vhpcsim explain kvm-77'
offers 'vhpcsim run kvm.yaml --set workload.phas'
offers 'vhpcsim explain pattern.phases.bag.t'
offers 'vhpcsim explain open-mpi-1.'
offers 'vhpcsim comp'
offers 'vhpcsim schema '
offers 'vhpcsim compare --set-'
offers 'vhpcsim compare kvm.yaml --set-first virtualization.technology=xen-3-p'
