"""The servers of ScriptedServer.swift: scripted_server.py MODE DIRECTORY, where DIRECTORY holds their files."""

import base64
import hashlib
import os
import socket
import ssl
import struct
import sys
import threading

MODE, DIRECTORY = sys.argv[1:]
LET_IN = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nlet in\n"


def path(name):
    return os.path.join(DIRECTORY, name)


def tls_context():
    if "tls" not in MODE:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path("server.pem"))
    if os.path.exists(path("client-ca.pem")):
        context.load_verify_locations(path("client-ca.pem"))
        context.verify_mode = ssl.CERT_OPTIONAL if MODE == "silent-tls" else ssl.CERT_REQUIRED
    if MODE == "abrupt-tls12":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if MODE in ("abrupt-tls13", "lossy-tls13"):
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def receive_request(connection):
    """Reads to the end of the headers, or to the first sign that this is no HTTP; False when the client went away."""
    request = b""
    while b"\r\n\r\n" not in request:
        received = connection.recv(65536)
        if not received:
            return False
        request += received
        if not request[:1].isalpha():
            break
    return True


def answer(connection):
    if MODE == "endless-headers":
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-Filler: " + b"x" * 1000 + b"\r\n")
    if MODE == "endless-body":
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")
    connection.sendall(ANSWER)


def records(flight):
    count = 0
    while len(flight) >= 5:
        flight = flight[5 + int.from_bytes(flight[3:5], "big") :]
        count += 1
    return count


def lose_alert(connection):
    """Refuses a client certificate. A client that has sent a request by then gets a reset and no alert."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = CONTEXT.wrap_bio(incoming, outgoing, server_side=True)
    flight = b""
    while True:
        try:
            tls.do_handshake()
            return
        except ssl.SSLWantReadError:
            connection.sendall(outgoing.read())
            flight = connection.recv(65536)
            if not flight:
                return
            incoming.write(flight)
        except ssl.SSLError:
            break
    connection.settimeout(0.05)
    try:
        while received := connection.recv(65536):
            flight += received
    except TimeoutError:
        pass
    # The records of a TLS 1.3 client: change_cipher_spec, Certificate, CertificateVerify, Finished.
    if records(flight) > 4:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    else:
        connection.sendall(outgoing.read())


# The messages before TLS, in turn, the server first. None matches any message of the client.
PREAMBLES = {
    "smtp": [b"220-hello\r\n220 mail\r\n", None, b"250-mail\r\n250-SIZE 1\r\n250 STARTTLS\r\n", None, b"220 go\r\n"],
    "imap": [b"* OK hello\r\n", None, b"* CAPABILITY IMAP4\r\na1 OK go\r\n"],
    "pop3": [b"+OK hello\r\n", None, b"+OK go\r\n"],
    "ftp": [b"220-hello\r\n here\r\n220 ftp\r\n", None, b"234 go\r\n"],
    "ldap": [None, bytes.fromhex("300c02010178070a010004000400")],
    "mysql": [
        b"\x0a8.0.36\x00" + b"\x01\x00\x00\x00" + b"12345678\x00" + b"\xff\xff" + b"\x2d"
        + b"\x02\x00" + b"\xff\xdf" + b"\x15" + bytes(10) + b"123456789012\x00" + b"caching_sha2_password\x00",
        None,
    ],
}


PREAMBLES["mysql"][0] = len(PREAMBLES["mysql"][0]).to_bytes(3, "little") + b"\x00" + PREAMBLES["mysql"][0]


def start_tls(connection):
    for line in PREAMBLES[MODE.removeprefix("starttls-")]:
        if line is None:
            # MySQL's client starts TLS right after its request, without a response.
            connection.recv(36 if MODE == "starttls-mysql" else 4096)
        else:
            connection.sendall(line)
    tls = CONTEXT.wrap_socket(connection, server_side=True)
    while tls.recv(4096):
        pass


PRESUMPTIONS = {
    "websocket-subprotocol": b"Sec-WebSocket-Protocol: chat\r\n",
    "websocket-extension": b"Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n",
}


def web_socket(connection):
    request = b""
    while b"\r\n\r\n" not in request:
        received = connection.recv(4096)
        if not received:
            return
        request += received
    headers = dict(
        (name.lower(), value) for name, value in (line.split(b": ", 1) for line in request.split(b"\r\n")[1:] if b": " in line)
    )
    if headers.get(b"upgrade", b"").lower() != b"websocket":
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 11\r\nConnection: close\r\n\r\nno upgrade\n")
        return
    key = b"bm9ib2R5J3Mga2V5Li4uLg==" if MODE == "websocket-forged" else headers[b"sec-websocket-key"]
    accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    connection.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n" + PRESUMPTIONS.get(MODE, b"") + b"\r\n"
    )
    while frame := connection.recv(4096):
        if frame[0] & 0x0F == 0x9 and MODE != "websocket-deaf":
            length, mask = frame[1] & 0x7F, frame[2:6]
            payload = bytes(byte ^ mask[i % 4] for i, byte in enumerate(frame[6 : 6 + length]))
            connection.sendall(bytes([0x8A, length]) + payload)


LOCK = threading.Lock()
CONNECTIONS = REQUESTS = 0


def keep(connection):
    """Answers as many requests as the file `answer` says with the numbers of the connection and of the request; then reads
    one more and closes. Prints when the connection is closed."""
    global CONNECTIONS, REQUESTS
    with LOCK:
        CONNECTIONS += 1
        number = CONNECTIONS
    answers = int(ANSWER)
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
        head, end, rest = received.partition(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
        if not end or len(rest) < length:
            continue
        received = rest[length:]
        with LOCK:
            REQUESTS += 1
            body = b"%d %d" % (number, REQUESTS)
        if answers == 0:
            break
        answers -= 1
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    print("closed", number)


def serve(connection):
    try:
        with connection:
            if MODE.startswith("starttls-"):
                start_tls(connection)
                return
            if MODE.startswith("websocket"):
                web_socket(connection)
                return
            if MODE == "greeting":
                connection.sendall(ANSWER)
                while connection.recv(4096):
                    pass
                return
            if MODE == "lossy-tls13":
                lose_alert(connection)
                return
            if CONTEXT:
                connection = CONTEXT.wrap_socket(connection, server_side=True)
            if MODE.startswith("keeping"):
                keep(connection)
            elif MODE == "mute":
                while connection.recv(65536):
                    pass
            elif receive_request(connection) and MODE != "silent-tls":
                answer(connection)
                if CONTEXT:
                    connection.unwrap()
    except OSError:
        pass  # The client went away, or was refused.


CONTEXT = tls_context()
ANSWER = open(path("answer"), "rb").read() if os.path.exists(path("answer")) else LET_IN
listener = socket.create_server(("127.0.0.1", 0), backlog=128)
print("port", listener.getsockname()[1])
while True:
    client, _ = listener.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
