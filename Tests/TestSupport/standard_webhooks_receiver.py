"""The receiver of StandardWebhooksReceiver.swift: standard_webhooks_receiver.py LIBRARIES SECRET.

Verifies each message with the official library of Standard Webhooks, and answers 204 to what it takes and 401 to anything else."""

import http.server
import sys

sys.path.insert(0, sys.argv[1])
try:
    from standardwebhooks.webhooks import Webhook, WebhookVerificationError
except ImportError as error:
    print("missing", error, "(scripts/install-dependencies.sh test)", flush=True)
    sys.exit(1)

WEBHOOK = Webhook(sys.argv[2])


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            message = WEBHOOK.verify(body, dict(self.headers.items()))
            print("verified", message["type"], flush=True)
            self.send_response(204)
        except WebhookVerificationError as error:
            print("refused", error, flush=True)
            self.send_response(401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print("port", server.server_address[1], flush=True)
server.serve_forever()
