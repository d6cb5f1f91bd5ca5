#!/usr/bin/env python3
"""A webhook receiver on loopback: verifies Standard Webhooks signatures and prints the messages.

usage: receiver.py SECRET_FILE PORT_FILE
"""

import base64
import hashlib
import hmac
import http.server
import json
import pathlib
import sys

SECRET = base64.b64decode(pathlib.Path(sys.argv[1]).read_text().strip().removeprefix("whsec_"))


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
        expected = "v1," + base64.b64encode(hmac.digest(SECRET, signed, hashlib.sha256)).decode()
        is_genuine = any(
            hmac.compare_digest(signature, expected) for signature in self.headers["webhook-signature"].split()
        )
        self.send_response(204 if is_genuine else 401)
        self.end_headers()
        message = json.loads(body)
        sign = "✔ signature verified" if is_genuine else "✘ FORGED"
        print(f"  {message['type']:<22} {sign}  {self.headers['webhook-id']}", flush=True)
        print(f"    {message['data']['text']}", flush=True)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
pathlib.Path(sys.argv[2]).write_text(str(server.server_address[1]))
server.serve_forever()
