#!/usr/bin/env python3
"""A second TinySync client: what the commands ls, cat, get, put, mkdir, mv and rm of tinysync.jar do.

How it speaks to a server is in drive_protocol.py beside it; here is what it wants from one.
"""
import argparse
import datetime
import json
import os
import secrets
import stat
import sys
import unicodedata
import uuid

from drive_protocol import (INLINE, Api, Closed, Content, Failure, Vault, WakeSocket, mutation, replacing, sha256,
                            write_file)

EPOCH = datetime.datetime(1970, 1, 1)


def time_text(ns):
    """Nanoseconds since 1970 as the vault writes them; datetime alone would drop the last three digits."""
    seconds, rest = divmod(ns, 10**9)
    return f"{(EPOCH + datetime.timedelta(seconds=seconds)).isoformat()}.{rest:09}Z"


def time_ns(text):
    whole, _, rest = text.rstrip("Z").partition(".")
    passed = datetime.datetime.fromisoformat(whole) - EPOCH
    return (passed.days * 86400 + passed.seconds) * 10**9 + int(rest.ljust(9, "0"))


def mode_text(status):
    return f"{status.st_mode & 0o777:03o}"


def vault_name(name):
    """A name of this machine as the vault writes it."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise Failure(f"{name!a} is not Unicode") from None
    return unicodedata.normalize("NFC", name)


def split(path):
    return [vault_name(name) for name in path.split("/") if name]


# ---------------------------------------------------------------------------------------------- into the vault


def put(vault, source, place, recursive):
    if stat.S_ISDIR(os.lstat(source).st_mode) and not recursive:
        raise Failure(f"{source} is a folder: put -r copies it with all that is in it", exit_code=2)

    def plan(tree):
        names = split(place)
        target = tree.find(names)
        if target and target["kind"] == "folder":
            names = names + [vault_name(os.path.basename(os.path.abspath(source)))]
            target = tree.find(names)
        return plan_put(vault, source, tree.folder(names[:-1])["id"], names[-1], target)

    vault.carry_out(plan)


def plan_put(vault, source, parent, name, there):
    """What makes the item `there`, or a new one, equal to a local file, symlink or folder."""
    status = os.lstat(source)
    kinds = {stat.S_IFDIR: "folder", stat.S_IFREG: "file", stat.S_IFLNK: "symlink"}
    kind = kinds.get(stat.S_IFMT(status.st_mode))
    if kind is None:
        raise Failure(f"{source} is neither file nor folder nor symlink")
    if there and there["kind"] != kind:
        raise Failure(f"{source} is a {kind}, but {name} in the vault is a {there['kind']}")
    place = {"item": str(uuid.uuid4()), "parent": parent, "name": name}
    if there:
        place = {"item": there["id"], "base": {"content": there["versions"]["content"]}}
    planner = {"folder": plan_folder, "file": plan_file, "symlink": plan_symlink}[kind]
    yield from planner(vault, source, status, there, place)


def plan_folder(vault, source, status, there, place):
    if not there:
        yield mutation("create_folder", mode=mode_text(status), adopt=True, **place), None
    known = {child["name"]: child for child in vault.tree.children(there)} if there else {}
    for local in sorted(os.listdir(source)):
        name = vault_name(local)
        yield from plan_put(vault, os.path.join(source, local), place["item"], name, known.get(name))


def plan_symlink(vault, source, status, there, place):
    target, mtime = os.readlink(source), time_text(status.st_mtime_ns)
    if not there:
        yield mutation("create_symlink", target=target, mtime=mtime, **place), None
    elif there["target"] != target:
        data = target.encode()
        reference = {"alg": "sha256", "id": sha256(data), "size": len(data)}
        yield mutation("put_file", content=reference, mtime=mtime, **place), data


def plan_file(vault, source, status, there, place):
    mode, mtime = mode_text(status), time_text(status.st_mtime_ns)
    with open(source, "rb") as stream:
        content = Content(stream, vault.policy)
    same = there and there["content"]["id"] == content.id and there["mode"] == mode
    if same and "mtime" in there and time_ns(there["mtime"]) == status.st_mtime_ns:
        return
    inline = None
    if content.fits_inline():
        inline = read_again(source, content)
    else:
        vault.upload(source, content)
    reference = {"alg": "sha256", "id": content.id, "size": content.size}
    yield mutation("put_file", content=reference, mode=mode, mtime=mtime, **place), inline


def read_again(source, content):
    with open(source, "rb") as stream:
        data = stream.read(INLINE + 1)
    if sha256(data) != content.id:
        raise Failure(f"{source} changes while it is read")
    return data


def mkdir(vault, place, parents):
    def plan(tree):
        names, folder = split(place), tree.find([])
        if not parents:
            if tree.find(names):
                raise Failure(f"{place} exists")
            folder = tree.folder(names[:-1])
        for depth in range(0 if parents else len(names) - 1, len(names)):
            there = tree.find(names[:depth + 1])
            if there is None:
                there = {"id": str(uuid.uuid4())}
                yield mutation("create_folder", item=there["id"], parent=folder["id"], name=names[depth],
                               adopt=parents), None
            folder = there

    vault.carry_out(plan)


def mv(vault, source, place):
    def plan(tree):
        item, names = tree.get(split(source)), split(place)
        target = tree.find(names)
        if target and target["kind"] == "folder" and target["id"] != item["id"]:
            names.append(item["name"])
            target = tree.find(names)
        if target:
            raise Failure("/" + "/".join(names) + " exists")
        move = {"item": item["id"], "base": {"place": item["versions"]["place"]},
                "parent": tree.folder(names[:-1])["id"], "name": names[-1]}
        yield mutation("move_rename", moves=[move]), None

    vault.carry_out(plan)


def rm(vault, place, recursive):
    """Deletes what the tree shows: a newer version refuses, and is looked at again."""
    def plan(tree):
        item = tree.get(split(place))
        versions = {"content": item["versions"]["content"], "place": item["versions"]["place"]}
        if recursive and item["kind"] == "folder":
            yield mutation("delete_subtree", item=item["id"], base={"place": versions["place"]},
                           applied_seq=tree.cursor["seq"], confirmed=True), None
        elif tree.children(item):
            raise Failure(f"{place} is a folder with something in it: rm -r removes both", exit_code=2)
        else:
            yield mutation("delete", item=item["id"], base=versions), None

    vault.carry_out(plan)


# ---------------------------------------------------------------------------------------------- out of the vault


def listing(tree, item, path, recursive):
    """Yields (path, item) for what is in a folder."""
    for child in tree.children(item):
        below = f"{path}/{child['name']}" if path else child["name"]
        yield below, child
        if recursive and child["kind"] == "folder":
            yield from listing(tree, child, below, True)


def ls(vault, place, recursive, as_json):
    item = vault.tree.get(split(place))
    found = list(listing(vault.tree, item, "", recursive)) if item["kind"] == "folder" else [(item["name"], item)]
    if as_json:
        print(json.dumps({"items": [dict(i, path=path) for path, i in found]}))
        return
    for path, i in found:
        size = i["content"]["size"] if "content" in i else "-"
        end = {"folder": "/", "symlink": " -> " + i.get("target", "")}.get(i["kind"], "")
        print(f"{i['mode']} {size:>12} {i.get('mtime', '-'):30} {path}{end}")


def cat(vault, place):
    item = vault.tree.get(split(place))
    if item["kind"] != "file":
        raise Failure(f"{place} is not a file")
    for data in vault.pieces(item["content"]):
        sys.stdout.buffer.write(data)


def get(vault, place, folder):
    """Copies an item, with all below it, into a folder of this machine."""
    item = vault.tree.get(split(place))
    os.makedirs(folder, exist_ok=True)
    top = os.path.join(folder, safe(item["name"])) if item["name"] else folder
    below = listing(vault.tree, item, "", True)
    wanted = [(top, item)] + [(os.path.join(top, path), i) for path, i in below if safe(i["name"])]
    folders = [(path, i) for path, i in wanted if i["kind"] == "folder"]
    others = [(path, i) for path, i in wanted if i["kind"] != "folder"]
    for path, _ in folders:
        own_folder(path)
    for at in range(0, len(others), 200):
        get_others(vault, others[at:at + 200])
    for path, i in reversed(folders):
        if i["name"]:
            os.chmod(path, int(i["mode"], 8))


def safe(name):
    """A server that is not ours could send a name that leads out of the target."""
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise Failure(f"the server sent the name {name!a}")
    return name


def own_folder(path):
    """Never through a symlink: it may lead anywhere."""
    if os.path.islink(path) or not os.path.isdir(path):
        os.mkdir(path, 0o700)


def get_others(vault, others):
    """Files and symlinks; the small files come together in one answer."""
    small = {i["content"]["id"] for _, i in others if i["kind"] == "file" and 0 < i["content"]["size"] <= INLINE}
    found = vault.fetch(sorted(small)) if small else {}
    for path, item in others:
        if item["kind"] == "symlink":
            get_symlink(path, item)
        else:
            data = found.get(item["content"]["id"])
            get_file(path, item, vault.pieces(item["content"]) if data is None else [data])


def get_file(path, item, pieces):
    with replacing(path) as f:
        for piece in pieces:
            f.write(piece)
        f.flush()
        os.fchmod(f.fileno(), int(item["mode"], 8))
        if "mtime" in item:
            os.utime(f.fileno(), ns=(time_ns(item["mtime"]),) * 2)


def get_symlink(path, item):
    if sha256(item["target"].encode()) != item["content"]["id"]:
        raise Failure(f"the target of {path} is damaged")
    if os.path.lexists(path):
        os.unlink(path)
    os.symlink(item["target"], path)
    if "mtime" in item:
        os.utime(path, ns=(time_ns(item["mtime"]),) * 2, follow_symlinks=False)


# ---------------------------------------------------------------------------------------------- waiting


class Watch:
    """Prints each new head once, with the way on which it came."""

    def __init__(self, api):
        self.api = api
        self.seen = {}

    def run(self, poll_only):
        """The socket, and a round of the long poll whenever the socket is not to be had."""
        while True:
            try:
                if not poll_only:
                    self._listen()
            except Closed as e:
                if e.code in (4401, 4403):
                    raise Failure(str(e), "unauthenticated") from None
            except OSError:
                pass
            try:
                self._poll()
            except Failure as e:
                if e.exit_code != 3:
                    raise

    def _listen(self):
        wake = WakeSocket(self.api.json("GET", "/v1/info")["wake"], self.api.token)
        try:
            for message in wake.messages():
                if message["type"] == "head":
                    self._show("wake", message["vault"], message["head"])
        finally:
            wake.close()

    def _poll(self):
        vaults = [vault["id"] for vault in self.api.json("GET", "/v1/me")["vaults"]]
        for vault in vaults:
            if vault not in self.seen:
                self._show("poll", vault, self.api.json("GET", "/v1/vaults/" + vault)["head"])
        cursors = {vault: self.seen[vault] for vault in vaults}
        answer = self.api.json("POST", "/v1/wait", {"cursors": cursors, "timeout": 50})
        for vault, head in answer["heads"].items() if answer else ():
            self._show("poll", vault, head)

    def _show(self, way, vault, head):
        if self.seen.get(vault) != head:
            self.seen[vault] = head
            print(way, vault, head["seq"], flush=True)


# ---------------------------------------------------------------------------------------------- the program


def register(home, invite, name):
    """Becomes a device. The secret is on disk before the server knows it, so a repeat is the same device."""
    base, _, code = invite.strip().partition("/join#")
    if ".pin_" in code:
        raise Failure("this client cannot check the key of a server")
    file = os.path.join(home, "device.json")
    me = {"base": base, "device": str(uuid.uuid4()), "secret": secrets.token_hex(32)}
    if os.path.exists(file):
        me = read_device(home)
        if me["base"] != base:
            raise Failure(f"{home} is a device of {me['base']} already")
    else:
        write_file(file, json.dumps(me).encode())
    Api(base).json("POST", "/v1/devices", {"device_id": me["device"], "secret_sha256": sha256(me["secret"].encode()),
                                           "display_name": name, "invite": code})
    print("registered", me["device"])


def read_device(home):
    try:
        with open(os.path.join(home, "device.json"), encoding="utf-8") as f:
            return json.load(f)
    except FileNotFoundError:
        raise Failure("this is no device yet: register first", exit_code=2) from None


def arguments():
    parser = argparse.ArgumentParser(description="A second TinySync client.")
    parser.add_argument("--home", default=os.path.expanduser("~/.tinysync-drive"), help="where the device lives")
    parser.add_argument("--vault", help="the name of a vault, if there are several")
    parser.add_argument("--cached", action="store_true", help="plan on the tree of the last command first")
    parser.add_argument("--strict", action="store_true", help="do not plan again what was refused as stale")
    commands = parser.add_subparsers(dest="command", required=True)
    shapes = {"register": "invite", "ls": "-r --json", "cat": "path", "get": "path folder", "put": "-r local path",
              "mkdir": "-p path", "mv": "source path", "rm": "-r path", "watch": "--poll"}
    for name, words in shapes.items():
        command = commands.add_parser(name)
        for word in words.split():
            command.add_argument(word, **({"action": "store_true"} if word.startswith("-") else {}))
        if name == "register":
            command.add_argument("--name", required=True)
        if name == "ls":
            command.add_argument("path", nargs="?", default="/")
    return parser.parse_args()


def run(args):
    os.makedirs(args.home, mode=0o700, exist_ok=True)
    if args.command == "register":
        return register(args.home, args.invite, args.name)
    me = read_device(args.home)
    api = Api(me["base"], f"tsdev_{me['device'].replace('-', '')}_{me['secret']}")
    if args.command == "watch":
        return Watch(api).run(args.poll)
    vaults = api.json("GET", "/v1/me")["vaults"]
    found = next((v for v in vaults if args.vault in (None, v["name"])), None)
    if found is None:
        raise Failure("there is no such vault for this device", exit_code=5)
    vault = Vault(api, found, args.home, args.cached, args.strict)
    return {
        "ls": lambda: ls(vault, args.path, args.r, args.json),
        "cat": lambda: cat(vault, args.path),
        "get": lambda: get(vault, args.path, args.folder),
        "put": lambda: put(vault, args.local, args.path, args.r),
        "mkdir": lambda: mkdir(vault, args.path, args.p),
        "mv": lambda: mv(vault, args.source, args.path),
        "rm": lambda: rm(vault, args.path, args.r),
    }[args.command]()


def main():
    try:
        run(arguments())
    except (Failure, OSError) as e:
        print(f"drive_client: {e}", file=sys.stderr)
        return getattr(e, "exit_code", 1)
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
