"""The proxy of ConnectProxy.swift: connect_proxy.py [USER:PASSWORD]; tunnels CONNECT, and prints each request line."""

import base64
import socket
import sys
import threading


LOGIN = b"Basic " + base64.b64encode(sys.argv[1].encode()) if len(sys.argv) > 1 else None


def pipe(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        try:
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def serve(client):
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(65536)
        if not data:
            return
        head += data
    line = head.split(b"\r\n")[0].decode()
    print("request", line, flush=True)
    method, target, _ = line.split(" ")
    if method != "CONNECT":
        client.sendall(b"HTTP/1.1 405 Only CONNECT\r\nContent-Length: 0\r\n\r\n")
        client.close()
        return
    given = [line.split(b": ", 1)[1] for line in head.split(b"\r\n") if line.lower().startswith(b"proxy-authorization: ")]
    if LOGIN and given != [LOGIN]:
        client.sendall(
            b"HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=proxy\r\nContent-Length: 0\r\n\r\n"
        )
        client.close()
        return
    host, port = target.rsplit(":", 1)
    try:
        upstream = socket.create_connection((host, int(port)), timeout=10)
    except OSError:
        client.sendall(b"HTTP/1.1 502 No way\r\nContent-Length: 0\r\n\r\n")
        client.close()
        return
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    threading.Thread(target=pipe, args=(client, upstream), daemon=True).start()
    pipe(upstream, client)


listener = socket.create_server(("127.0.0.1", 0))
print("port", listener.getsockname()[1], flush=True)
while True:
    connection, _ = listener.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
