# Values that the generated functions do not know: the names in the configuration and the ledger.

# Prints the options --config and, as the first argument, --state or --ledger of the command line.
__notafter_given_options() {
    local -i index
    for ((index = 1; index < ${#command_line}; index++)); do
        case "${command_line[index]}" in
        --config) print -r -- --config "${command_line[index + 1]}" ;;
        --state|--ledger) [[ -n "${1}" ]] && print -r -- "${1}" "${command_line[index + 1]}" ;;
        esac
    done
}

# Offers the lines of standard input.
__notafter_offer() {
    local -a found
    found=("${(@f)$(sort -u)}")
    found=("${(@)found:#}")
    (( ${#found} )) && compadd -a found
}

__notafter_registrations() {
    "${command_name}" config routes --json ${=$(__notafter_given_options)} 2>/dev/null |
        sed -n 's/^ *"registration" : "\(.*\)",*$/\1/p' | __notafter_offer
}

__notafter_receivers() {
    "${command_name}" config routes --json ${=$(__notafter_given_options)} 2>/dev/null |
        sed -n -e 's/^ *"receiver" : "\(.*\)",*$/\1/p' -e '/^  "unrouted"/,/^  \]/s/^    "\(.*\)",*$/\1/p' | __notafter_offer
}

__notafter_endpoints() {
    "${command_name}" status --json ${=$(__notafter_given_options --state)} 2>/dev/null |
        sed -n -e '/^  "endpoints"/,/^  \]/s/^ *"name" : "\(.*\)",*$/\1/p' \
            -e '/^  "unprobed_endpoints"/,/^  \]/s/^    "\(.*\)",*$/\1/p' | __notafter_offer
}

__notafter_deliveries() {
    "${command_name}" deliveries list --json ${=$(__notafter_given_options --ledger)} 2>/dev/null |
        sed -n 's/^      "id" : \(.*\),*$/\1/p' | tr -d , | __notafter_offer
}

__notafter_silences() {
    "${command_name}" silence list --json ${=$(__notafter_given_options --ledger)} 2>/dev/null |
        sed -n 's/^      "id" : \(.*\),*$/\1/p' | tr -d , | __notafter_offer
}

