"""The work that goes on by itself: looking, importing, sending, asking, time-driven work."""
