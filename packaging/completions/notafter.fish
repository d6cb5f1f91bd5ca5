
# Values that the generated part does not know: files, and the names in the configuration and the ledger.

# Prints the options --config and, as $argv[1], --state or --ledger of the command line.
function __notafter_given_options
    set -l tokens (commandline -opc)
    for index in (seq 2 (math (count $tokens) - 1))
        switch $tokens[$index]
            case --config
                printf '%s\n' --config $tokens[(math $index + 1)]
            case --state --ledger
                test -n "$argv[1]"; and printf '%s\n' $argv[1] $tokens[(math $index + 1)]
        end
    end
end

function __notafter_registrations
    notafter config routes --json (__notafter_given_options) 2>/dev/null |
        sed -n 's/^ *"registration" : "\(.*\)",*$/\1/p' | sort -u
end

function __notafter_receivers
    notafter config routes --json (__notafter_given_options) 2>/dev/null |
        sed -n -e 's/^ *"receiver" : "\(.*\)",*$/\1/p' -e '/^  "unrouted"/,/^  \]/s/^    "\(.*\)",*$/\1/p' | sort -u
end

function __notafter_endpoints
    notafter status --json (__notafter_given_options --state) 2>/dev/null |
        sed -n -e '/^  "endpoints"/,/^  \]/s/^ *"name" : "\(.*\)",*$/\1/p' \
            -e '/^  "unprobed_endpoints"/,/^  \]/s/^    "\(.*\)",*$/\1/p' | sort -u
end

function __notafter_deliveries
    notafter deliveries list --json (__notafter_given_options --ledger) 2>/dev/null |
        sed -n 's/^      "id" : \(.*\),*$/\1/p' | tr -d , | sort -u
end

function __notafter_silences
    notafter silence list --json (__notafter_given_options --ledger) 2>/dev/null |
        sed -n 's/^      "id" : \(.*\),*$/\1/p' | tr -d , | sort -u
end

for option in @FILE_OPTIONS@
    complete -c notafter -l (string sub -s 3 -- $option) -rF
end
complete -c notafter -n '__fish_seen_subcommand_from check inspect verify discover' -F
complete -c notafter -n '__fish_seen_subcommand_from explain' -fa '(__notafter_registrations)'
complete -c notafter -n '__fish_seen_subcommand_from probe' -fa '(__notafter_endpoints)'
complete -c notafter -n '__fish_seen_subcommand_from test-notify backfill' -fa '(__notafter_receivers)'
complete -c notafter -n '__fish_seen_subcommand_from deliveries; and __fish_seen_subcommand_from retry cancel' -fa '(__notafter_deliveries)'
complete -c notafter -n '__fish_seen_subcommand_from silence; and __fish_seen_subcommand_from expire' -fa '(__notafter_silences)'
complete -c notafter -n '__fish_seen_subcommand_from silence; and __fish_seen_subcommand_from add' \
    -fa 'registration=(__notafter_registrations) endpoint=(__notafter_endpoints) severity={info,warning,critical}'
