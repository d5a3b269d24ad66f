# Completion of vhpcsim for bash. Options, names and keys come from the program itself, so this
# file need not change when they do.

# The first column of one list of the program, without its heading and the further lines of a text.
_vhpcsim_list() {
    vhpcsim list "$1" 2>/dev/null | awk 'NR > 1 && /^[^ ]/ { print $1 }'
}

_vhpcsim_options() {
    vhpcsim ${1:+"$1"} --help 2>/dev/null | sed -nE 's/^ {2,6}(-., )?(--[a-z-]+).*/\2/p' | sort -u
}

_vhpcsim_commands() {
    vhpcsim --help 2>/dev/null |
        awk '/^Commands:/ { inside = 1; next } /^[^ ]/ { inside = 0 } inside { print $1 }'
}

# Keys of a scenario: those of workloads are written workload.KEY there. Those of phases stand behind
# a phase's number, which depends on the scenario.
_vhpcsim_keys() {
    local workloads
    workloads=$(_vhpcsim_list workloads | paste -sd '|')
    _vhpcsim_list keys | sed -E "s/^($workloads)\\./workload./" |
        grep -vE '^workload\.phases\.' | grep -E '^(title|description|cluster|virtualization|mpi|ranks|mapping|workload|run)\b' | sort -u
}

# Values of --set: a key, and after its "=" what a profile or a workload may be called.
_vhpcsim_setting() {
    local word=$1 key=${1%%=*}
    if [[ $word != *=* ]]; then
        _vhpcsim_keys | sed 's/$/=/'
        return
    fi
    case $key in
    virtualization.technology) _vhpcsim_list technologies ;;
    cluster.node) _vhpcsim_list nodes ;;
    cluster.link) _vhpcsim_list links ;;
    mpi) _vhpcsim_list mpi ;;
    workload.kind) _vhpcsim_list workloads ;;
    run.engine) _vhpcsim_list engines ;;
    esac
}

_vhpcsim() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    local line=${COMP_LINE:0:COMP_POINT}
    COMPREPLY=()

    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_vhpcsim_commands) $(_vhpcsim_options)" -- "$word")
        return
    fi
    # "=" ends a word for readline, so what is being set is read from the line.
    if [[ $line =~ [[:space:]](--set|--set-first|--set-second|-s)[[:space:]=]([^[:space:]]*)$ ]]; then
        local setting=${BASH_REMATCH[2]} answer=${BASH_REMATCH[2]}
        if [[ $setting == *=* ]]; then answer=${setting#*=}; else compopt -o nospace; fi
        mapfile -t COMPREPLY < <(compgen -W "$(_vhpcsim_setting "$setting")" -- "$answer")
        return
    fi
    case $before in
    --engine)
        mapfile -t COMPREPLY < <(compgen -W "$(_vhpcsim_list engines)" -- "$word")
        return
        ;;
    esac
    case $word in
    -*)
        mapfile -t COMPREPLY < <(compgen -W "$(_vhpcsim_options "$command")" -- "$word")
        return
        ;;
    esac
    case $command in
    explain)
        mapfile -t COMPREPLY < <(compgen -W "$(_vhpcsim_list keys) $(_vhpcsim_list nodes)
            $(_vhpcsim_list links) $(_vhpcsim_list mpi) $(_vhpcsim_list technologies)
            $(_vhpcsim_list workloads)" -- "$word")
        ;;
    list)
        mapfile -t COMPREPLY < <(compgen -W "profiles nodes links mpi technologies workloads
            engines keys" -- "$word")
        ;;
    schema)
        mapfile -t COMPREPLY < <(compgen -W "scenario node link mpi technology validation model-error result comparison
            validation-result" -- "$word")
        ;;
    *)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        ;;
    esac
}

# The measuring program; names of operations come from its list.
_vhpc_measure() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    case $before in
    --only)
        local done=''
        [[ $word == *,* ]] && done=${word%,*},
        compopt -o nospace
        mapfile -t COMPREPLY < <(compgen -P "$done" -W "$(vhpc-measure --list 2>/dev/null |
            awk 'NR > 1 && $1 != "all" && /^[a-z]/ { print $1 }')" -- "${word##*,}")
        return
        ;;
    esac
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(vhpc-measure --help 2>/dev/null |
            sed -nE 's/^ {2,6}(-., )?(--[a-z-]+).*/\2/p' | sort -u)" -- "$word")
        return
    fi
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
}

# The script of launches; behind -- stands a command of any kind.
_vhpc_calibrate() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        if [ "${COMP_WORDS[i]}" = -- ]; then
            mapfile -t COMPREPLY < <(if [ "$before" = -- ]; then compgen -c -- "$word"; else compgen -f -- "$word"; fi)
            return
        fi
    done
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(vhpc-calibrate --help 2>/dev/null |
            sed -nE 's/^ {2,6}(-., |-. [A-Z]+, )?(--[a-z-]+).*/\2/p' | sort -u)" -- "$word")
        return
    fi
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
}

complete -F _vhpcsim vhpcsim
complete -F _vhpc_measure vhpc-measure
complete -F _vhpc_calibrate vhpc-calibrate
