"""The consumer's web pages: server-rendered, usable without JavaScript; nothing is recorded by a GET (B-N2)."""
