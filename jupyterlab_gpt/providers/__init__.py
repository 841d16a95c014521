"""Model endpoints: who can be asked, and how an answer is read off the wire."""
