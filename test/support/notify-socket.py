"""Prints each message that arrives at a unix socket, as systemd receives them. Argument: the socket's path."""

import socket
import sys

server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
server.bind(sys.argv[1])
print('listening', flush=True)
while True:
    # A file that comes with a message is closed at once, which is the answer to a barrier.
    print(server.recv(4096).decode(), flush=True)
