"""The server of SMTPServer.swift: smtp_server.py DIRECTORY OPTIONS, where OPTIONS is a JSON object.

Each mail that is taken becomes DIRECTORY/mail-N.json, as Python's email package reads it."""

import asyncio
import email
import email.policy
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

DIRECTORY, OPTIONS = sys.argv[1], json.loads(sys.argv[2])


class Handler:
    def __init__(self):
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in OPTIONS.get("refused", {}):
            return OPTIONS["refused"][address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if OPTIONS.get("vanish"):
            self.keep(server, session, envelope)
            server.transport.abort()
            return "250 never seen"
        if OPTIONS.get("answer"):
            return OPTIONS["answer"]
        self.keep(server, session, envelope)
        return "250 2.0.0 taken"

    def keep(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        kept = {
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "encrypted": server.transport.get_extra_info("ssl_object") is not None,
            "user": session.login_data,
            "hello": session.host_name,
            "headers": {name.lower(): str(value) for name, value in message.items()},
            "text": message.get_content(),
            "longest": max(len(line) for line in envelope.content.split(b"\r\n")),
        }
        place = os.path.join(DIRECTORY, f"mail-{self.count}.json")
        self.count += 1
        with open(place + ".new", "w") as file:
            json.dump(kept, file)
        os.rename(place + ".new", place)


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == b"notafter" and data.password.decode() == OPTIONS.get("password")
    # Not handled: the reply is left to aiosmtpd.
    return AuthResult(success=good, handled=False, auth_data=data.login.decode() if good else None)


async def main():
    context = None
    if os.path.exists(os.path.join(DIRECTORY, "server.pem")):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(DIRECTORY, "server.pem"))
    implicit = OPTIONS.get("implicit", False)
    handler = Handler()

    def session():
        return SMTP(
            handler,
            hostname="mail.example.com",
            tls_context=None if implicit else context,
            require_starttls=bool(context) and not implicit,
            authenticator=authenticate if OPTIONS.get("password") else None,
            auth_required=bool(OPTIONS.get("password")),
            auth_require_tls=not implicit,
        )

    server = await asyncio.get_running_loop().create_server(
        session, "127.0.0.1", 0, ssl=context if implicit else None
    )
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
