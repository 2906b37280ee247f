"""Opens the wake connections of a list (JSON on stdin) with Debian's python3-websockets, and says what comes of them."""

import asyncio
import json
import ssl
import sys

import websockets


def say(label, event):
    print(label, event, flush=True)


async def follow(label, url, auth):
    context = None
    if url.startswith("wss:"):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    # Its own pings are off: only the server's are to be answered.
    async with websockets.connect(
            url, ssl=context, subprotocols=["tinysync.v1"], ping_interval=None) as socket:
        say(label, "protocol " + str(socket.subprotocol))
        await socket.send(json.dumps(auth))
        try:
            while True:
                frame = json.loads(await socket.recv())
                kind = frame["type"]
                say(label, f"head {frame['head']['seq']}" if kind == "head" else kind)
        except websockets.ConnectionClosed:
            say(label, f"close {socket.close_code}")


async def main():
    connections = json.load(sys.stdin)
    await asyncio.gather(*(follow(one["label"], one["url"], one["auth"]) for one in connections))


asyncio.run(main())
