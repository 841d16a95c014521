"""What is lost when a server is killed, a reader does not read, or two servers share a home."""
