package tinysync.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What people type: for each command one line or a few, as the help and the manual show them. */
final class Examples {
    /** The words of a command, and below them its examples, indented. */
    private static final String TEXT =
            """
            server
              tinysync server --data /srv/tinysync
              tinysync server --data /srv/tinysync --listen 0.0.0.0:8460 --tls self
              tinysync server --data /srv/tinysync --behind-proxy --public-url https://sync.example.org
            client
              tinysync client
              tinysync client --hold-deletes 10%
            join
              tinysync join 'https://nas.local:8460/join#tsinv_...' --folder ~/Drive
              tinysync join - --name laptop <invite.txt
            register
              tinysync register --invite invite.txt
              tinysync register --server https://nas.local:8460 --token-file admin.token --name backup
            attach
              tinysync attach --vault photos --folder ~/Photos
              tinysync attach --vault main --folder ~/Work --as work --server work.example.org
            detach
              tinysync detach photos
            relocate
              tinysync relocate photos /media/large/Photos
            select
              tinysync select photos --only 2026 albums/family
              tinysync select photos --all
            leave
              tinysync leave
              tinysync leave --server work.example.org --anyway
            sync-once
              tinysync sync-once
              tinysync sync-once photos --timeout 10m
            status
              tinysync status
              tinysync status photos --json
            events
              tinysync events
              tinysync events --follow --json
            conflicts
              tinysync conflicts
            conflicts resolve
              tinysync conflicts resolve 'main:/report (conflicted copy, nas, 2026-11-21 07.45.12 UTC).txt' --keep copy
            pause
              tinysync pause photos
            resume
              tinysync resume
            confirm
              tinysync confirm
              tinysync confirm photos --reject
            panic-resync
              tinysync panic-resync photos
            doctor
              tinysync doctor
            config
              tinysync config
              tinysync config --config tinysync.properties --json
            invite
              tinysync invite
              tinysync invite --vault photos --role read --uses 5 --expires 12h
            completion
              tinysync completion bash >~/.local/share/bash-completion/completions/tinysync
              tinysync completion zsh >~/.zfunc/_tinysync
              tinysync completion fish >~/.config/fish/completions/tinysync.fish
            man
              tinysync man >~/.local/share/man/man1/tinysync.1
            install
              tinysync install
            uninstall
              tinysync uninstall
            ls
              tinysync ls
              tinysync ls main:/docs
            cat
              tinysync cat main:/notes.txt
            get
              tinysync get main:/report.pdf
              tinysync get -r main:/photos/2026 ~/Pictures
            put
              tinysync put report.pdf main:/docs
              tinysync put - main:/backup.tar <backup.tar
            mkdir
              tinysync mkdir main:/docs/2026
            mv
              tinysync mv main:/docs/draft.txt main:/docs/final.txt
            rm
              tinysync rm main:/old.txt
              tinysync rm -r main:/scratch
              tinysync rm -r --keep-local ~/TinySync/build
            admin vault create
              tinysync admin vault create photos --data /srv/tinysync
            admin vault list
              tinysync admin vault list --data /srv/tinysync
            admin vault set
              tinysync admin vault set photos --quota 100G --retention 90d --data /srv/tinysync
            admin vault delete
              tinysync admin vault delete scratch --data /srv/tinysync
            admin group create
              tinysync admin group create family --data /srv/tinysync
            admin group list
              tinysync admin group list --server https://nas.local:8460 --token-file admin.token
            admin group delete
              tinysync admin group delete family --data /srv/tinysync
            admin group add-device
              tinysync admin group add-device family laptop --data /srv/tinysync
            admin group remove-device
              tinysync admin group remove-device family laptop --data /srv/tinysync
            admin group grant
              tinysync admin group grant family photos --role read --data /srv/tinysync
            admin group revoke
              tinysync admin group revoke family photos --data /srv/tinysync
            admin device list
              tinysync admin device list --data /srv/tinysync
            admin device revoke
              tinysync admin device revoke lost-phone --data /srv/tinysync
            admin invite create
              tinysync admin invite create --group family --uses 3 --expires 1d --data /srv/tinysync
            admin invite list
              tinysync admin invite list --data /srv/tinysync
            admin invite delete
              tinysync admin invite delete 6f1c5a0e-1d7a-4a0e-9a3b-0d1c2b3a4f5e --data /srv/tinysync
            admin token rotate
              tinysync admin token rotate --data /srv/tinysync
            """;

    private static final Map<String, List<String>> BY_WORDS = read();

    private Examples() {}

    private static Map<String, List<String>> read() {
        Map<String, List<String>> all = new HashMap<>();
        String words = "";
        for (String line : TEXT.lines().toList()) {
            if (line.startsWith(" ")) {
                all.merge(words, List.of(line.strip()), Examples::both);
            } else {
                words = line;
            }
        }
        return Map.copyOf(all);
    }

    private static List<String> both(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    static List<String> of(Command command) {
        return BY_WORDS.getOrDefault(command.words(), List.of());
    }
}
