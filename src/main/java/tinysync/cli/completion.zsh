#compdef tinysync
# Completes tinysync in zsh; made by 'tinysync completion zsh'.

_tinysync_attachments() {
    local -a names
    names=(${(f)"$(cat "${TINYSYNC_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/tinysync}/identity.json" 2>/dev/null |
        grep -o '"name":"[^"\\]*"' | sed 's/^"name":"//; s/"$//')"})
    compadd -a names
}

_tinysync_words() {
    compadd -- "$@"
}

_tinysync() {
    local -a line
    line=("${words[@]}")
    local cur=$line[CURRENT] prev=$line[CURRENT-1] words= operands=0 i w
    # Which command the words before name, and how many operands it has already.
    for ((i = 2; i < CURRENT; i++)); do
        w=$line[i]
@SHARED@
}

if [[ $funcstack[1] == _tinysync ]]; then
    _tinysync "$@"
else
    compdef _tinysync tinysync
fi
