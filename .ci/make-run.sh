#!/bin/sh
# A server and a first device on this machine, with all data under ./run, until Ctrl-C. Run again, it goes on with that data.
set -eu
cd "$(dirname "$0")/.."
: "${JAVA:=java}"

(umask 077 && mkdir -p run) # the server's log in it holds an invite
server_pid=
client_pid=

tinysync() { "$JAVA" -jar tinysync.jar "$@"; }

# The client first, so that it can still tell the server what it has.
stop() {
    trap '' INT TERM
    for pid in $client_pid $server_pid; do
        kill -TERM "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    client_pid=
    server_pid=
}
trap stop EXIT
trap 'exit 0' INT TERM

# await PID LOG WORD: waits until LOG has a line that starts with WORD, and fails with the log when PID has ended before.
await() {
    until grep -q "^$3" "$2"; do
        if ! kill -0 "$1" 2>/dev/null; then
            cat "$2" >&2
            echo "stopped before it was ready" >&2
            exit 1
        fi
        sleep 0.1
    done
}

said() { sed -n "s/^$1 //p" run/server.log | head -n 1; }

# The port of the first run is kept, for it is what the joined device knows.
listen=127.0.0.1:0
[ ! -f run/listen ] || listen=$(cat run/listen)

# Through java itself, not the function: the process id must be the server's own.
"$JAVA" -jar tinysync.jar server --data run/server --listen "$listen" >run/server.log 2>&1 &
server_pid=$!
await "$server_pid" run/server.log 'ready '
url=$(said ready)
address=${url#*://}
echo "${address%%/*}" >run/listen

if [ ! -f run/client/identity.json ]; then
    # The server prints an invite only when it is new; where that start was cut short, its admin makes another.
    invite=$(said invite)
    if [ -z "$invite" ]; then
        invite=$(tinysync admin invite create --group everyone --server "$url" --token-file run/server/admin.token)
    fi
    tinysync join "$invite" --name first-device --folder run/folder --home run/client
fi

"$JAVA" -jar tinysync.jar client --home run/client >run/client.log 2>&1 &
client_pid=$!
await "$client_pid" run/client.log ready

cat <<EOF

folder   $(pwd)/run/folder
server   $url
invite   $(tinysync invite --home run/client)

Put files into the folder. For a second device, run there (or here, with another --home and --folder):
    java -jar tinysync.jar join INVITE --folder DIR
    java -jar tinysync.jar client
Ctrl-C stops both.
EOF

while kill -0 "$client_pid" 2>/dev/null && kill -0 "$server_pid" 2>/dev/null; do
    sleep 1
done
echo "the server or the client has stopped; their last words:" >&2
tail -n 5 run/server.log run/client.log >&2
exit 1
