"""Clock, named threads, event hub, texts, logs and resources: what every part may use; knows no domain."""
