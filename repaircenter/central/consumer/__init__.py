"""The consumer's web pages: server-rendered, usable without JavaScript; a GET records a probe at most (B-N2)."""
