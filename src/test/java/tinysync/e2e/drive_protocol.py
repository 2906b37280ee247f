"""TinySync on the wire, written from docs/PROTOCOL.md alone.

It shares no code with the Java client, so what both agree on is what the document says. Only the
standard library is used, and Python 3.9 is enough.
"""
import base64
import contextlib
import hashlib
import http.client
import json
import os
import random
import secrets
import socket
import ssl
import struct
import tempfile
import time
import urllib.parse
import uuid

JSON = "application/json"
BUNDLE = "application/x-tinysync-bundle"
BYTES = "application/octet-stream"
INLINE = 64 * 1024
CHUNK = 4 * 1024 * 1024
NOTHING = hashlib.sha256(b"").hexdigest()
TRIES = 5
ACCESS = ("unauthenticated", "invite_invalid", "forbidden", "device_revoked")
STALE = ("version_mismatch", "name_taken", "parent_missing", "parent_refused", "changed_below", "content_missing",
         "kind_mismatch", "not_found", "item_exists")


class Failure(Exception):
    """What ends a command: a sentence for its user, the server's code for it, and an exit code."""

    def __init__(self, message, code=None, exit_code=1):
        super().__init__(f"{code}: {message}" if code else message)
        self.code = code
        self.exit_code = 5 if code in ACCESS else exit_code


class Refused(Failure):
    """The server did not take a mutation."""


# ---------------------------------------------------------------------------------------------- cutting

ALL = (1 << 64) - 1
GEAR = [int.from_bytes(hashlib.sha256(b"tinysync-gear-1 %d" % i).digest()[:8], "big") for i in range(256)]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def top_bits(count):
    """A mask of the highest bits: they depend on more of the last bytes than the low ones."""
    return ALL & ~(ALL >> count)


def first_cut(data, policy):
    """The length of the first chunk of data, which reaches `max` bytes far or to the end of the content."""
    low, average, end = policy["min"], policy["average"], min(len(data), policy["max"])
    if end <= low:
        return end
    bits = average.bit_length() - 1
    value = 0
    for byte in data[low - 64:low - 1]:
        value = ((value << 1) + GEAR[byte]) & ALL
    length = low
    for stop, mask in ((min(average - 1, end), top_bits(bits + 2)), (end, top_bits(bits - 2))):
        for byte in data[length - 1:stop]:
            value = ((value << 1) + GEAR[byte]) & ALL
            if not value & mask:
                return length
            length += 1
    return end


def chunks(stream, policy):
    """Cuts a stream where every other device would cut it."""
    data = b""
    while True:
        while len(data) < policy["max"]:
            more = stream.read(policy["max"])
            if not more:
                break
            data += more
        if not data:
            return
        length = first_cut(data, policy)
        yield data[:length]
        data = data[length:]


def content_id(parts, size):
    """The id of a content: the hash of its only chunk, or that of its manifest."""
    if len(parts) < 2:
        return parts[0][0] if parts else NOTHING
    lines = ["tinysync-manifest-1", str(size)] + [f"{name} {length}" for name, length in parts]
    return sha256("".join(line + "\n" for line in lines).encode("ascii"))


class Content:
    """A file of this machine as the server counts it: its chunks and its id."""

    def __init__(self, stream, policy):
        self.parts = [(sha256(chunk), len(chunk)) for chunk in chunks(stream, policy)]
        self.size = sum(length for _, length in self.parts)
        self.id = content_id(self.parts, self.size)

    def fits_inline(self):
        """Inline content is always one chunk; what others would cut must come with its manifest."""
        return self.size <= INLINE and len(self.parts) < 2


# ---------------------------------------------------------------------------------------------- HTTP


class Api:
    """Calls to one server. All of them may be repeated, so what broke on the way is simply sent again."""

    def __init__(self, base, token=None):
        self.base = urllib.parse.urlsplit(base)
        self.token = token
        self.connection = None

    def call(self, method, path, body=None, kind=JSON, headers=None):
        """Answers the bytes, or raises a Failure with the code of the server's error."""
        delay = 1.0
        for left in reversed(range(TRIES)):
            fresh = self.connection is None
            try:
                status, fields, answer = self._once(method, path, body, kind, headers or {})
            except (OSError, http.client.HTTPException) as e:
                self._close()
                problem = Failure(f"{self.base.netloc} is not reachable: {e or type(e).__name__}", exit_code=3)
                wait = delay if fresh else 0
            else:
                if status < 400:
                    return answer
                problem = failure_of(status, answer)
                if status != 429 and status < 500:
                    raise problem
                wait = float(fields.get("Retry-After", delay))
            if not left:
                raise problem
            time.sleep(wait * random.uniform(1, 1.5))
            delay *= 2

    def _once(self, method, path, body, kind, headers):
        if self.connection is None:
            secure = self.base.scheme == "https"
            maker = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            self.connection = maker(self.base.netloc, timeout=75)
        headers = dict(headers)
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        if body is not None:
            headers["Content-Type"] = kind
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        return response.status, response.headers, response.read()

    def _close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def json(self, method, path, value=None):
        answer = self.call(method, path, None if value is None else json.dumps(value).encode())
        return json.loads(answer) if answer else None

    def lines(self, method, path, body=None, kind=JSON):
        """The whole lines of an answer. Its closing line is for the caller to look for."""
        return [json.loads(line) for line in self.call(method, path, body, kind).split(b"\n")[:-1]]


def failure_of(status, answer):
    """The error that the server describes, or what can be said without its words."""
    try:
        error = json.loads(answer)["error"]
        return Failure(error["message"], error["code"])
    except (ValueError, KeyError, TypeError):
        return Failure(f"the server answered {status}")


# ---------------------------------------------------------------------------------------------- the tree


def newest(item):
    return max(item["versions"].values()) if item else -1


class Tree:
    """A copy of a vault's tree, kept in a file together with the place in the log that it shows."""

    def __init__(self, api, vault, file):
        self.api = api
        self.root_id = vault["root"]
        self.path = "/v1/vaults/" + vault["id"]
        self.file = file
        self.cursor, self.items, self.below = None, {}, {}
        with contextlib.suppress(OSError, ValueError):
            with open(file, encoding="utf-8") as f:
                kept = json.load(f)
            self.cursor = kept["cursor"]
            for item in kept["items"]:
                self._put(item)

    def _put(self, item):
        self._drop(item["id"])
        self.items[item["id"]] = item
        self.below.setdefault(item.get("parent"), set()).add(item["id"])

    def _drop(self, item_id):
        item = self.items.pop(item_id, None)
        if item:
            self.below[item.get("parent")].discard(item_id)

    def refresh(self):
        """Follows the log to its end; tells whether anything was new."""
        before = self.cursor
        if before is None:
            self._snapshot()
        try:
            self._replay()
        except Failure as e:
            if e.code not in ("history_forked", "cursor_expired"):
                raise
            self._snapshot()
            self._replay()
        if self.cursor == before:
            return False
        write_file(self.file, json.dumps({"cursor": self.cursor, "items": list(self.items.values())}).encode())
        return True

    def _snapshot(self):
        """Reads all pages. They show different moments, which the log from the first one on evens out."""
        self.items, self.below, page = {}, {}, ""
        while True:
            lines = self.api.lines("GET", f"{self.path}/snapshot?limit=2000{page}")
            if not lines or not ("page" in lines[-1] or "end" in lines[-1]):
                raise Failure("a page of the snapshot broke off", exit_code=3)
            for item in lines[1:-1]:
                self._put(item)
            self.cursor = lines[0]["snapshot"]["at"]
            if "end" in lines[-1]:
                return
            page = "&page=" + urllib.parse.quote(lines[-1]["page"], safe="")

    def _replay(self):
        more = True
        while more:
            at = "{epoch}.{seq}.{tag}".format(**self.cursor)
            page = self.api.json("GET", f"{self.path}/log?cursor={at}&limit=1000")
            for event in page["events"]:
                for item in event["items"]:
                    self._apply(item, event)
                self.cursor = {"epoch": page["head"]["epoch"], "seq": event["seq"], "tag": event["tag"]}
            more = page["more"]

    def _apply(self, item, event):
        """Takes a view unless a page of the snapshot showed a newer one."""
        newer = newest(self.items.get(item["id"])) < newest(item)
        if event["op"] == "restore" or (item["deleted"] and newer):
            self._bury(item["id"], event["seq"])
        if newer and item["deleted"]:
            self._drop(item["id"])
        elif newer:
            self._put(item)

    def _bury(self, folder, seq):
        """Forgets what died with a folder. What is newer than the death was brought back, or never in there."""
        for child in [i for i in self.below.get(folder, ()) if newest(self.items[i]) < seq]:
            self._bury(child, seq)
            self._drop(child)

    def children(self, folder):
        """What is in a folder, by name, without kinds that a later server may have."""
        found = [self.items[i] for i in self.below.get(folder["id"], ())]
        return sorted((i for i in found if i["kind"] in ("folder", "file", "symlink")), key=lambda i: i["name"])

    def find(self, names):
        """The item of a path, or None."""
        item = self.items[self.root_id]
        for name in names:
            item = item and next((i for i in self.children(item) if i["name"] == name), None)
        return item

    def get(self, names):
        item = self.find(names)
        if item is None:
            raise Failure("/" + "/".join(names) + " does not exist")
        return item

    def folder(self, names):
        item = self.get(names)
        if item["kind"] != "folder":
            raise Failure("/" + "/".join(names) + " is not a folder")
        return item


@contextlib.contextmanager
def replacing(path):
    """A new file that takes the name `path` only when the block ends well."""
    handle, temporary = tempfile.mkstemp(prefix=".drive-", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as f:
            yield f
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def write_file(path, data):
    """Replaces a private file as a whole: a reader sees the old or the new one."""
    with replacing(path) as f:
        f.write(data)
        f.flush()
        os.fsync(f.fileno())


# ---------------------------------------------------------------------------------------------- a vault


def mutation(op, **members):
    """A wish with its own op id. The process that made it is the only one to repeat it, so memory keeps it."""
    return dict(members, op=op, op_id=f"{uuid.uuid4()}:0")


def frame(kind, body):
    return struct.pack(">IB", len(body) + 1, kind) + body


def text_frame(value):
    return frame(1, json.dumps(value).encode())


def frames(data):
    """Takes a bundle apart into (type, body)."""
    at = 0
    while at + 5 <= len(data):
        length, kind = struct.unpack_from(">IB", data, at)
        yield kind, data[at + 5:at + 4 + length]
        at += 4 + length


def batches(wishes):
    """Groups wishes so that one request stays well below the limits of the server."""
    batch, size = [], 0
    for wish, inline in wishes:
        batch.append((wish, inline))
        size += len(inline or b"")
        if len(batch) >= 500 or size > CHUNK:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def as_json(batch):
    contents = {w["content"]["id"]: base64.b64encode(data).decode() for w, data in batch if data is not None}
    return json.dumps({"mutations": [wish for wish, _ in batch], "contents": contents}).encode()


def as_bundle(batch):
    out = [text_frame({"requires": ["bundle"]})]
    for wish, inline in batch:
        if inline is None:
            out.append(text_frame(wish))
        else:
            out.append(text_frame(dict(wish, content={"inline": True, "size": len(inline)})) + frame(3, inline))
    return b"".join(out + [text_frame({"end": {"mutations": len(batch)}})])


class Vault:
    """One vault: its tree, its content and the wishes to change it."""

    def __init__(self, api, vault, home, cached=False, strict=False):
        self.api = api
        self.policy = vault["policy"]["chunking"]
        self.strict = strict
        self.tree = Tree(api, vault, os.path.join(home, f"tree-{vault['id']}.json"))
        self.path = self.tree.path
        if not cached or self.tree.cursor is None:
            self.tree.refresh()

    def carry_out(self, plan):
        """Commits what plan(tree) yields. What is refused as stale is planned again on the newer tree."""
        for left in reversed(range(TRIES)):
            try:
                for batch in batches(plan(self.tree)):
                    self._commit(batch)
                return
            except Refused as e:
                if self.strict or not left or e.code not in STALE or not self.tree.refresh():
                    raise

    def _commit(self, batch):
        """One mutation goes as JSON, more as a bundle. An answer without its end settles nothing: ask again."""
        kind, body = (JSON, as_json(batch)) if len(batch) == 1 else (BUNDLE, as_bundle(batch))
        wishes = {wish["op_id"]: wish for wish, _ in batch}
        for _ in range(TRIES):
            lines = self.api.lines("POST", self.path + "/commit", body, kind)
            for line in lines:
                if line.get("result") == "refused":
                    wish = wishes[line["op_id"]]
                    about = wish.get("name", wish.get("item", ""))
                    raise Refused(f"{wish['op']} {about}: {line['message']}", line["code"])
            if lines and "end" in lines[-1]:
                return
            time.sleep(random.uniform(1, 2))
        raise Failure("the server never finished its answer", exit_code=3)

    def missing(self, ids):
        found = set()
        for at in range(0, len(ids), 10000):
            answer = self.api.json("POST", self.path + "/content/missing", {"ids": ids[at:at + 10000]})
            found.update(answer["missing"])
        return found

    def upload(self, file, content):
        """Sends what the server lacks of a file that is too large to travel inside a commit."""
        needed = self.missing(list(dict.fromkeys([content.id] + [name for name, _ in content.parts])))
        if content.id not in needed:
            return
        with open(file, "rb") as stream:
            for name, length in content.parts:
                chunk = stream.read(length)
                if sha256(chunk) != name:
                    raise Failure(f"{file} changes while it is read")
                if name in needed:
                    self.api.call("PUT", f"{self.path}/chunks/{name}", chunk, BYTES)
                    needed.discard(name)
        if len(content.parts) > 1:
            manifest = {"size": content.size, "chunks": content.parts}
            self.api.json("PUT", f"{self.path}/manifests/{content.id}", manifest)

    def _parts(self, content):
        """The chunks of a content, from a manifest that hashes to its id."""
        try:
            manifest = self.api.json("GET", f"{self.path}/manifests/{content['id']}")
        except Failure as e:
            if e.code != "not_found":
                raise
            return [(content["id"], content["size"])]
        parts, size = manifest["chunks"], content["size"]
        if content_id(parts, size) != content["id"] or sum(length for _, length in parts) != size:
            raise Failure(f"the manifest {content['id']} is damaged")
        return parts

    def pieces(self, content):
        """Yields a content chunk by chunk, each of them verified before anyone sees it."""
        at = 0
        for name, length in self._parts(content) if content["size"] else ():
            header = {"Range": f"bytes={at}-{at + length - 1}"}
            data = self.api.call("GET", f"{self.path}/content/{content['id']}", headers=header)
            if len(data) != length or sha256(data) != name:
                raise Failure(f"the content {content['id']} is damaged")
            yield data
            at += length

    def fetch(self, ids):
        """Many small contents in one answer, by id. What is missing or does not hash to its id is left out."""
        found, wanted = {}, None
        body = json.dumps({"ids": ids}).encode()
        for kind, data in frames(self.api.call("POST", self.path + "/content/fetch", body)):
            if kind != 3:
                wanted = json.loads(data).get("content", {}).get("id")
            elif sha256(data) == wanted:
                found[wanted] = data
        return found


# ---------------------------------------------------------------------------------------------- waiting


class Closed(Exception):
    """The wake socket ended, with a close code or 0."""

    def __init__(self, code, reason=""):
        super().__init__(f"the wake socket closed: {code} {reason}")
        self.code = code


class WakeSocket:
    """As much of RFC 6455 as the wake needs, by hand: the standard library has no WebSocket.

    Its instance is any UUID, since this client never opens a session: its commands may run side by side.
    """

    def __init__(self, address, token):
        url = urllib.parse.urlsplit(address)
        secure = url.scheme == "wss"
        self.socket = socket.create_connection((url.hostname, url.port or (443 if secure else 80)), timeout=10)
        try:
            if secure:
                self.socket = ssl.create_default_context().wrap_socket(self.socket, server_hostname=url.hostname)
            self.input = self.socket.makefile("rb")
            self._shake_hands(url)
            self._send(1, json.dumps({"type": "auth", "token": token, "instance": str(uuid.uuid4())}).encode())
            self.socket.settimeout(75)
        except BaseException:
            self.socket.close()
            raise

    def _shake_hands(self, url):
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self.socket.sendall((f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nUpgrade: websocket\r\n"
                             f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Protocol: tinysync.v1\r\n\r\n").encode("ascii"))
        status = self.input.readline(1024).split()
        fields = http.client.parse_headers(self.input)
        accept = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        if status[1:2] != [b"101"] or fields["Sec-WebSocket-Accept"] != base64.b64encode(accept).decode():
            raise Closed(0, "no WebSocket")

    def _send(self, opcode, payload):
        """One masked frame; ours are all short."""
        mask = secrets.token_bytes(4)
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else struct.pack(">BH", 0xFE, len(payload))
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
        self.socket.sendall(bytes([0x80 | opcode]) + length + mask + masked)

    def _read(self, count):
        data = self.input.read(count)
        if len(data) < count:
            raise Closed(0, "broken off")
        return data

    def _frame(self):
        first, length = self._read(2)
        if length == 126:
            length = struct.unpack(">H", self._read(2))[0]
        elif length > 126:
            raise Closed(1009, "a frame is too long")
        return first & 0x80, first & 0x0F, self._read(length)

    def messages(self):
        """Yields the JSON objects that the server sends, until the socket closes."""
        text = b""
        while True:
            last, opcode, payload = self._frame()
            if opcode == 8:
                raise Closed(struct.unpack(">H", payload[:2])[0] if len(payload) > 1 else 0)
            if opcode == 9:
                self._send(10, payload)
            elif opcode in (0, 1):
                text += payload
                if last:
                    yield json.loads(text)
                    text = b""

    def close(self):
        self.input.close()
        self.socket.close()
