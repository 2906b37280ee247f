"""A client that shares no code with TinySync: checks a server against the exact formats that outside programs rely on.

Use: formats_client.py INVITE     (a fresh server; standard library only; exit 0 when all is as promised)
"""
import base64
import hashlib
import http.client
import json
import os
import re
import socket
import struct
import sys
import threading
import urllib.parse
import uuid
import zlib

INVITE = re.compile(r"^(https?://[^#]+)/join#(tsinv_[0-9a-f]{32}_[0-9a-f]{64})(\.pin_[0-9a-f]{64})?$")
UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$")
TAG = re.compile(r"^[0-9a-f]{16}$")
BUNDLE = "application/x-tinysync-bundle"


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def same(actual, expected, what):
    check(actual == expected, f"{what}: expected {expected!r}, got {actual!r}")


class Client:
    def __init__(self, base):
        self.url = urllib.parse.urlsplit(base)
        self.token = None

    def call(self, method, path, body=None, kind="application/json", headers=None, expect=200):
        connection = http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=70)
        send = dict(headers or {})
        if self.token:
            send["Authorization"] = "Bearer " + self.token
        data = body
        if isinstance(body, (dict, list)):
            data = json.dumps(body).encode()
        if data is not None:
            send["Content-Type"] = kind
        connection.request(method, self.url.path + path, data, send)
        answer = connection.getresponse()
        raw = answer.read()
        connection.close()
        same(answer.status, expect, f"{method} {path} answered {raw[:300]!r}")
        if expect >= 400:
            error = json.loads(raw)["error"]
            check(error["code"] and error["message"] and error["request_id"], "an error body has code, message, id")
            return error
        return raw

    def get(self, path, **more):
        return json.loads(self.call("GET", path, **more))

    def post(self, path, body, **more):
        answer = self.call("POST", path, body, **more)
        return json.loads(answer) if isinstance(answer, bytes) else answer

    def commit(self, vault, mutations, contents=None):
        body = {"mutations": mutations}
        if contents:
            body["contents"] = {k: base64.b64encode(v).decode() for k, v in contents.items()}
        return lines(self.call("POST", f"/v1/vaults/{vault}/commit", body))


def lines(raw):
    return [json.loads(line) for line in raw.decode().splitlines() if line]


def sha(data):
    return hashlib.sha256(data).hexdigest()


def ref(data):
    return {"alg": "sha256", "id": sha(data), "size": len(data)}


def new():
    return str(uuid.uuid4())


def ops():
    batch, n = new(), 0
    while True:
        yield f"{batch}:{n}"
        n += 1


def cursor_ok(cursor, what):
    check(set(cursor) >= {"epoch", "seq", "tag"}, f"{what} is a cursor")
    check(UUID.match(cursor["epoch"]) and TAG.match(cursor["tag"]) and isinstance(cursor["seq"], int), what)
    if cursor["seq"] == 0:
        same(cursor["tag"], "0" * 16, "the tag at seq 0")


def query(cursor):
    return f"{cursor['epoch']}.{cursor['seq']}.{cursor['tag']}"


def view_ok(view):
    check(UUID.match(view["id"]), "an item's id is a UUID")
    same(set(view["versions"]), {"content", "place", "meta"}, "versions of an item")
    check(re.match(r"^[0-7]{3}$", view["mode"]), "mode is three octal digits")
    check(isinstance(view["deleted"], bool) and isinstance(view["attrs"], dict), "deleted and attrs")
    if view["kind"] == "folder":
        check("content" not in view and "mtime" not in view, "a folder has neither content nor mtime")
    if view["kind"] == "file":
        same(set(view["content"]), {"alg", "id", "size"}, "content of a file")
        check(TIME.match(view["mtime"]), "mtime is RFC 3339 UTC")
    check("parent" in view or view["name"] == "", "only the root has no parent, and its name is empty")


class Wake:
    """As much of RFC 6455 as a client needs."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=30)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            (f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Protocol: tinysync.v1\r\n\r\n").encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self.more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        text = head.decode().lower()
        check(text.startswith("http/1.1 101"), head)
        accept = base64.b64encode(
            hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
        check(("sec-websocket-accept: " + accept).lower() in text, "the handshake's accept value")
        check("sec-websocket-protocol: tinysync.v1" in text, "the subprotocol")

    def more(self):
        data = self.socket.recv(4096)
        check(data, "the socket was closed too early")
        return data

    def take(self, n):
        while len(self.buffer) < n:
            self.buffer += self.more()
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data

    def send(self, message, opcode=1):
        data = message if isinstance(message, bytes) else json.dumps(message).encode()
        mask = os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(data))
        self.socket.sendall(bytes([0x80 | opcode]) + size + mask + masked)

    def frame(self):
        first, second = self.take(2)
        check(second < 128, "a server never masks")
        size = second
        if size == 126:
            size = struct.unpack(">H", self.take(2))[0]
        check(size <= 4096, "frames are small")
        return first & 15, self.take(size)

    def message(self):
        while True:
            opcode, data = self.frame()
            if opcode == 9:
                self.send(data, 10)
            elif opcode == 8:
                return {"close": struct.unpack(">H", data[:2])[0]}
            else:
                same(opcode, 1, "messages are text frames")
                return json.loads(data)


def register(invite):
    match = INVITE.match(invite)
    check(match, "the invite has the promised form")
    client = Client(match.group(1))
    device, secret = new(), os.urandom(32).hex()
    request = {"device_id": device, "secret_sha256": sha(secret.encode()), "display_name": "other", "invite": match.group(2)}
    wrong = dict(request, invite="tsinv_" + "0" * 32 + "_" + "0" * 64)
    same(client.post("/v1/devices", wrong, expect=401)["code"], "invite_invalid", "a wrong invite")
    first = client.post("/v1/devices", request, expect=201)
    again = client.post("/v1/devices", request, expect=200)
    same(first["device_id"], device, "the device's id")
    same(again["vaults"], first["vaults"], "registering again is the same registration")
    vault = first["vaults"][0]
    same((vault["name"], vault["role"]), ("main", "manage"), "the first vault")
    same(client.call("GET", "/v1/me", expect=401)["code"], "unauthenticated", "no token")
    client.token = f"tsdev_{device.replace('-', '')}_{secret}"
    check(any(v["id"] == vault["id"] for v in client.get("/v1/me")["vaults"]), "me lists the vault")
    return client, device, vault["id"]


def info(client):
    about = client.get("/v1/info")
    same((about["product"], about["protocol"]), ("tinysync", 1), "product and protocol")
    check(about["fold_table"] and about["wake"] and "bundle" in about["features"], "info")
    limits = about["limits"]
    same((limits["inline_bytes"], limits["name_bytes"], limits["body_bytes"]), (65536, 255, 16777216), "limits")
    same(client.call("GET", "/v1/me", headers={"TinySync-Requires": "time-travel"}, expect=400)["code"],
         "unsupported_feature", "an unknown feature is refused")
    return about


def snapshot(client, vault):
    items, page = {}, None
    while True:
        answer = lines(client.call("GET", f"/v1/vaults/{vault}/snapshot" + (f"?page={page}" if page else "")))
        if "snapshot" in answer[0]:
            same(answer[0]["snapshot"]["vault"], vault, "the snapshot's head line")
            at = answer[0]["snapshot"]["at"]
            answer = answer[1:]
        for view in answer[:-1]:
            view_ok(view)
            items[view["id"]] = view
        if "end" in answer[-1]:
            same(answer[-1]["end"]["at"], at, "a snapshot ends where it began")
            return at, items
        page = answer[-1]["page"]


def log(client, vault, cursor):
    events = []
    while True:
        page = client.get(f"/v1/vaults/{vault}/log?cursor={query(cursor)}&limit=2")
        cursor_ok(page["head"], "head")
        for event in page["events"]:
            same(event["seq"], cursor["seq"] + 1, "the log is gap-free")
            check(TAG.match(event["tag"]) and TIME.match(event["time"]), "tag and time of an event")
            [view_ok(v) for v in event["items"]]
            cursor = {"epoch": page["head"]["epoch"], "seq": event["seq"], "tag": event["tag"]}
            events.append(event)
        if not page["more"]:
            same(cursor, page["head"], "the log ends at the head")
            return events, cursor


def mutations(client, vault, root, start):
    op = ops()
    folder, file, link, other = new(), new(), new(), new()
    text = "caf\u00e9\n".encode()
    made = client.commit(vault, [
        {"op": "create_folder", "op_id": next(op), "item": folder, "parent": root, "name": "docs"},
        {"op": "put_file", "op_id": next(op), "item": file, "parent": folder, "name": "a.txt", "content": ref(text),
         "mode": "640", "mtime": "2026-11-21T07:45:00.123456789Z"},
        {"op": "create_symlink", "op_id": next(op), "item": link, "parent": folder, "name": "l", "target": "../x"},
    ], {sha(text): text})
    same([r.get("result") for r in made[:-1]], ["applied"] * 3, f"three mutations of {made}")
    same(made[-1]["end"]["mutations"], 3, "the end line counts")
    view = made[1]["items"][0]
    view_ok(view)
    same((view["mode"], view["mtime"], view["parent"]), ("640", "2026-11-21T07:45:00.123456789Z", folder), "the file")
    version = view["versions"]

    repeat = {"op": "create_folder", "op_id": next(op), "item": other, "parent": root, "name": "other"}
    first = client.commit(vault, [repeat])[0]
    second = client.commit(vault, [repeat])[0]
    same((second["result"], second["seq"]), ("duplicate", first["seq"]), "a retry takes effect once")
    reused = client.commit(vault, [dict(repeat, name="else")])[0]
    same((reused["result"], reused["code"]), ("refused", "op_reused"), "an op id for another mutation")

    stale = client.commit(vault, [{"op": "put_file", "op_id": next(op), "item": file, "base": {"content": version["content"] + 99},
                                   "content": ref(text), "mtime": "2026-11-21T08:00:00Z"}], {sha(text): text})[0]
    same((stale["code"], stale["dimension"], stale["item"]["id"]), ("version_mismatch", "content", file), "a stale edit")
    taken = client.commit(vault, [{"op": "create_folder", "op_id": next(op), "item": new(), "parent": root, "name": "DOCS"}])[0]
    same(taken["code"], "name_taken", "names are compared by their fold key")
    bundle_refusals = client.commit(vault, [
        {"op": "create_folder", "op_id": next(op), "item": (shut := new()), "parent": new(), "name": "x"},
        {"op": "create_folder", "op_id": next(op), "item": new(), "parent": shut, "name": "y"}])
    same([r["code"] for r in bundle_refusals[:-1]], ["parent_missing", "parent_refused"], "children of a refused parent")

    swap = client.commit(vault, [{"op": "move_rename", "op_id": next(op), "moves": [
        {"item": folder, "base": {"place": made[0]["seq"]}, "parent": root, "name": "other"},
        {"item": other, "base": {"place": first["seq"]}, "parent": root, "name": "docs"}]}])[0]
    same((swap["result"], len(swap["items"])), ("applied", 2), "a swap is one mutation")
    meta = client.commit(vault, [{"op": "set_metadata", "op_id": next(op), "item": file, "base": {"meta": version["meta"]},
                                  "mode": "600", "attrs": {"k": "v"}}])[0]
    same((meta["items"][0]["mode"], meta["items"][0]["attrs"]), ("600", {"k": "v"}), "set_metadata")
    full = client.commit(vault, [{"op": "delete", "op_id": next(op), "item": folder,
                                  "base": {"content": made[0]["seq"], "place": swap["seq"]}}])[0]
    same(full["result"], "refused", "a folder that is not empty")
    gone = client.commit(vault, [{"op": "delete_subtree", "op_id": next(op), "item": folder,
                                  "base": {"place": swap["seq"]}, "applied_seq": meta["seq"], "confirmed": False}])[0]
    same((gone["result"], len(gone["items"])), ("applied", 1), "delete_subtree names its root only")
    back = client.commit(vault, [
        {"op": "restore", "op_id": next(op), "item": folder, "parent": root, "name": "back", "recursive": False},
        {"op": "restore", "op_id": next(op), "item": file}])
    same([r["result"] for r in back[:-1]], ["applied", "applied"], f"restore of a shell and a file: {back}")

    events, head = log(client, vault, start)
    applied = [r["seq"] for r in made[:-1]] + [first["seq"], swap["seq"], meta["seq"], gone["seq"]] + [r["seq"] for r in back[:-1]]
    same([e["seq"] for e in events], applied, "one event for each applied mutation, in order")
    same(events[6]["op"], "delete_subtree", "the event's op")
    tree = {}
    at, items = snapshot(client, vault)
    same(at, head, "the snapshot is of the head")
    for event in events:
        for view in event["items"]:
            tree[view["id"]] = view
    live = {i for i, v in tree.items() if not v["deleted"]} - {link}
    same(set(items) - {root}, live, "replaying the log gives the snapshot")
    return head, file


def bundle(client, vault, root):
    op = ops()
    frame = lambda kind, body: struct.pack(">I", len(body) + 1) + bytes([kind]) + body
    text = lambda value: json.dumps(value).encode()
    small = b"inline content"
    body = frame(1, text({"requires": ["bundle"]}))
    body += frame(2, zlib.compress(text([
        {"op": "put_file", "op_id": next(op), "item": new(), "parent": root, "name": "inline.txt",
         "content": {"inline": True, "size": len(small)}, "mode": "644", "mtime": "2026-11-21T07:45:00Z"}])))
    body += frame(3, small)
    body += frame(1, text({"end": {"mutations": 1}}))
    answer = lines(client.call("POST", f"/v1/vaults/{vault}/commit", body, kind=BUNDLE))
    same(answer[0]["result"], "applied", f"a bundle: {answer}")
    same(answer[0]["items"][0]["content"], ref(small), "the server computes the id of inline content")
    same(client.call("GET", f"/v1/vaults/{vault}/content/{sha(small)}"), small, "content comes back")
    same(client.call("GET", f"/v1/vaults/{vault}/content/{sha(small)}", headers={"Range": "bytes=2-5"}, expect=206), small[2:6],
         "a range of it")
    return answer[-1]["end"]["head"]


def large_content(client, vault, root):
    chunks = [hashlib.sha256(str(n).encode()).digest() * 32768 for n in range(2)] + [b"tail"]
    hashes = [sha(c) for c in chunks]
    missing = client.post(f"/v1/vaults/{vault}/content/missing", {"ids": hashes})
    same(sorted(missing["missing"]), sorted(hashes), "what is unknown")
    for h, c in zip(hashes, chunks):
        client.call("PUT", f"/v1/vaults/{vault}/chunks/{h}", c, kind="application/octet-stream", expect=204)
    same(client.call("PUT", f"/v1/vaults/{vault}/chunks/{sha(b'x')}", b"y", kind="application/octet-stream", expect=400)["code"],
         "bad_hash", "a chunk that is not what it says")
    size = sum(map(len, chunks))
    canonical = f"tinysync-manifest-1\n{size}\n" + "".join(f"{h} {len(c)}\n" for h, c in zip(hashes, chunks))
    ident = sha(canonical.encode())
    manifest = {"size": size, "chunks": [[h, len(c)] for h, c in zip(hashes, chunks)]}
    client.call("PUT", f"/v1/vaults/{vault}/manifests/{ident}", manifest, expect=204)
    same(client.get(f"/v1/vaults/{vault}/manifests/{ident}")["chunks"], manifest["chunks"], "the manifest comes back")
    put = {"op": "put_file", "op_id": next(ops()), "item": new(), "parent": root, "name": "large.bin",
           "content": {"alg": "sha256", "id": ident, "size": size}, "mode": "644", "mtime": "2026-11-21T07:45:00Z"}
    same(client.commit(vault, [put])[0]["result"], "applied", "a file of chunks")
    whole = client.call("GET", f"/v1/vaults/{vault}/content/{ident}")
    same(sha(whole), sha(b"".join(chunks)), "the whole content")
    nothing = dict(put, op_id=next(ops()), item=new(), name="none.bin", content={"alg": "sha256", "id": sha(b"none"), "size": 99999})
    same(client.commit(vault, [nothing])[0]["code"], "content_missing", "content that was never sent")


def wait_and_wake(client, device, vault, root, wake):
    head = snapshot(client, vault)[0]
    client.call("POST", "/v1/wait", {"cursors": {vault: head}, "timeout": 0}, expect=204)
    sock = Wake(wake)
    sock.send({"type": "auth", "token": client.token, "instance": new()})
    same(sock.message(), {"type": "ready", "device": device}, "the answer to auth")
    first = sock.message()
    same((first["type"], first["vault"], first["head"]), ("head", vault, head), "a head for each vault in reach")
    answers = []
    waiter = threading.Thread(
        target=lambda: answers.append(client.post("/v1/wait", {"cursors": {vault: head}, "timeout": 50})))
    waiter.start()
    end = client.commit(vault, [{"op": "create_folder", "op_id": next(ops()), "item": new(), "parent": root, "name": "woken"}])[-1]
    woken = sock.message()
    same((woken["type"], woken["head"]), ("head", end["end"]["head"]), "the socket wakes")
    waiter.join()
    same(answers, [{"heads": {vault: end["end"]["head"]}}], "the long poll wakes")
    bad = Wake(wake)
    bad.send({"type": "auth", "token": "tsdev_" + "0" * 32 + "_" + "0" * 64, "instance": new()})
    same(bad.message()["code"], "unauthenticated", "a wrong token on the socket")
    same(bad.message(), {"close": 4401}, "and its close code")


def forks(client, vault):
    head = snapshot(client, vault)[0]
    wrong = dict(head, tag="f" * 16)
    same(client.call("GET", f"/v1/vaults/{vault}/log?cursor={query(wrong)}", expect=409)["code"], "history_forked", "a wrong tag")
    ahead = dict(head, seq=head["seq"] + 5)
    same(client.call("GET", f"/v1/vaults/{vault}/log?cursor={query(ahead)}", expect=409)["code"], "history_forked", "above head")
    common = client.post(f"/v1/vaults/{vault}/log/common", {"checkpoints": [head, wrong]})
    same(common["common"], head, "the fork point")
    check(common["epochs"][0]["first_seq"] >= 0, "epochs")
    same(client.call("GET", f"/v1/vaults/{new()}/snapshot", expect=404)["code"], "not_found", "a vault out of reach")


def main(invite):
    client, device, vault = register(invite)
    about = info(client)
    start, items = snapshot(client, vault)
    cursor_ok(start, "the snapshot's cursor")
    root = next(i for i, v in items.items() if "parent" not in v)
    mutations(client, vault, root, start)
    cursor_ok(bundle(client, vault, root), "the head after a bundle")
    large_content(client, vault, root)
    wait_and_wake(client, device, vault, root, about["wake"])
    forks(client, vault)
    minted = client.post("/v1/invites", {"vault": vault, "role": "read", "uses": 1, "expires_in_s": 60}, expect=201)
    check(INVITE.match(minted["invite"]) and TIME.match(minted["expires"]), "a minted invite")
    print("all as promised")


if __name__ == "__main__":
    main(sys.argv[1])
