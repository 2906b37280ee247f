# Completes tinysync in bash; made by 'tinysync completion bash'.

_tinysync_words() {
    COMPREPLY+=($(compgen -W "$(printf '%s\n' "$@")" -- "$cur"))
}

_tinysync_attachments() {
    _tinysync_words $(cat "${TINYSYNC_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/tinysync}/identity.json" 2>/dev/null |
        grep -o '"name":"[^"\\]*"' | sed 's/^"name":"//; s/"$//')
}

_tinysync() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words= operands=0 i w
    local IFS=$'\n'
    COMPREPLY=()
    # Which command the words before name, and how many operands it has already.
    for ((i = 1; i < COMP_CWORD; i++)); do
        w=${COMP_WORDS[i]}
@SHARED@
}

complete -o filenames -F _tinysync tinysync
