# Completes tinysync in fish; made by 'tinysync completion fish'.

function _tinysync_attachments
    set -l home $HOME/.local/share/tinysync
    set -q XDG_DATA_HOME; and set home $XDG_DATA_HOME/tinysync
    set -q TINYSYNC_HOME; and set home $TINYSYNC_HOME
    cat $home/identity.json 2>/dev/null | grep -o '"name":"[^"\\\\]*"' | sed 's/^"name":"//; s/"$//'
end

function _tinysync_words
    printf '%s\n' $argv
end

function _tinysync
    set -l line (commandline -opc)
    set -l cur (commandline -ct)
    set -l prev $line[-1]
    set -l words
    set -l operands 0
    set -l i 2
    # Which command the words before name, and how many operands it has already.
    while test $i -le (count $line)
        set -l w $line[$i]
        switch $w
            case @VALUED@
                set i (math $i + 1)
            case '-?*'
            case '*'
                switch "$operands:"(string join ' ' -- $words $w)
                    case @KNOWN@
                        set -a words $w
                    case '*'
                        set operands (math $operands + 1)
                end
        end
        set i (math $i + 1)
    end
    switch $prev
@VALUES@
    end
    if string match -q -- '-*' $cur
        switch "$words"
@OPTIONS@
        end
        return
    end
    switch "$words:$operands"
@OPERANDS@
    end
end

complete -c tinysync -f -a '(_tinysync)'
