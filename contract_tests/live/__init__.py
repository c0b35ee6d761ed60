"""The contract against the service itself: opt-in, polite, read-only unless told otherwise."""
