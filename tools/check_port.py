"""Say in one sentence that a port is taken, before JupyterLab says it in thirty lines."""

import socket
import sys


def main(text: str) -> int:
    try:
        port = int(text)
        with socket.socket() as probe:
            # Without it a server stopped a moment ago would still count as running.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except OSError as error:
        why, other = str(error.strerror), port + 1
    except (ValueError, OverflowError):
        why, other = "a port is a number from 0 to 65535", 8889
    else:
        return 0
    print(
        f"Port {text} cannot be used ({why}): choose another, as in 'make lab PORT={other}'.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
