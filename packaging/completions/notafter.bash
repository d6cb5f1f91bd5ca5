
# Values that the generated functions do not know: files, and the names in the configuration and the ledger.

# Prints the registrations, endpoints, receivers, deliveries or silences of the configuration that the command line names.
__notafter_names() {
    local -a config=() ledger=()
    local -i index
    for ((index = 1; index + 1 < COMP_CWORD; index++)); do
        case "${COMP_WORDS[index]}" in
        --config) config=(--config "${COMP_WORDS[index + 1]/#\~\//${HOME}/}") ;;
        --state|--ledger) ledger=("${COMP_WORDS[index + 1]/#\~\//${HOME}/}") ;;
        esac
    done
    local -r command="${COMP_WORDS[0]}"
    case "${1}" in
    registrations)
        "${command}" config routes --json "${config[@]}" | sed -n 's/^ *"registration" : "\(.*\)",*$/\1/p'
        ;;
    receivers)
        "${command}" config routes --json "${config[@]}" |
            sed -n -e 's/^ *"receiver" : "\(.*\)",*$/\1/p' -e '/^  "unrouted"/,/^  \]/s/^    "\(.*\)",*$/\1/p'
        ;;
    endpoints)
        "${command}" status --json "${config[@]}" ${ledger:+--state "${ledger[@]}"} |
            sed -n -e '/^  "endpoints"/,/^  \]/s/^ *"name" : "\(.*\)",*$/\1/p' \
                -e '/^  "unprobed_endpoints"/,/^  \]/s/^    "\(.*\)",*$/\1/p'
        ;;
    deliveries)
        "${command}" deliveries list --json "${config[@]}" ${ledger:+--ledger "${ledger[@]}"} |
            sed -n 's/^      "id" : \(.*\),*$/\1/p' | tr -d ,
        ;;
    silences)
        "${command}" silence list --json "${config[@]}" ${ledger:+--ledger "${ledger[@]}"} |
            sed -n 's/^      "id" : \(.*\),*$/\1/p' | tr -d ,
        ;;
    esac 2>/dev/null | sort -u
}

# Offers the value of a matcher KEY=VALUE; Bash makes three words of it.
__notafter_matcher_values() {
    local key="${COMP_WORDS[COMP_CWORD - 1]}" cur="${2}"
    if [[ "${key}" == '=' ]]; then
        key="${COMP_WORDS[COMP_CWORD - 2]}"
    elif [[ "${cur}" == '=' ]]; then
        cur=''
    else
        compopt -o nospace
        __notafter_add_completions -W $'registration=\nrole=\nowner=\nseverity=\ncode=\nendpoint=\nfingerprint=\nsubject=\nlabel.'
        return
    fi
    case "${key}" in
    registration) __notafter_add_completions -W "$(__notafter_names registrations)" ;;
    endpoint) __notafter_add_completions -W "$(__notafter_names endpoints)" ;;
    role) __notafter_add_completions -W $'ca\nclient\nserver\nrevocation_list' ;;
    severity) __notafter_add_completions -W $'info\nwarning\ncritical' ;;
    esac
}

_notafter_with_values() {
    COMPREPLY=()
    _notafter "${@}"
    local -r cur="${2}"
    [[ "${#COMPREPLY[@]}" -eq 0 && "${cur}" != -* ]] || return 0

    # The subcommands are the first words that are neither options nor their values.
    case "${COMP_WORDS[COMP_CWORD - 1]}" in
    @FILE_OPTIONS@)
        __notafter_add_completions -f
        return
        ;;
    -?*) return ;;
    esac
    case "${COMP_WORDS[1]} ${COMP_WORDS[2]}" in
    'check '*|'inspect '*|'verify '*|'discover '*) __notafter_add_completions -f ;;
    'explain '*) __notafter_add_completions -W "$(__notafter_names registrations)" ;;
    'probe '*) __notafter_add_completions -W "$(__notafter_names endpoints)" ;;
    'test-notify '*|'deliveries backfill') __notafter_add_completions -W "$(__notafter_names receivers)" ;;
    'deliveries retry'|'deliveries cancel') __notafter_add_completions -W "$(__notafter_names deliveries)" ;;
    'silence expire') __notafter_add_completions -W "$(__notafter_names silences)" ;;
    'silence add') __notafter_matcher_values "${@}" ;;
    esac
}

complete -o filenames -F _notafter_with_values notafter
