"""The servers of ScriptedServer.swift: scripted_server.py MODE DIRECTORY, where DIRECTORY holds their files."""

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
    # Of a TLS 1.3 client: change_cipher_spec, Certificate, CertificateVerify, Finished.
    if records(flight) > 4:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    else:
        connection.sendall(outgoing.read())


def serve(connection):
    try:
        with connection:
            if MODE == "lossy-tls13":
                lose_alert(connection)
                return
            if CONTEXT:
                connection = CONTEXT.wrap_socket(connection, server_side=True)
            if MODE == "mute":
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
