"""The conversation's life on the server: sessions, turns, the prompt, the way of the text."""
