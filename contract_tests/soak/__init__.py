"""Kill a run at random moments, go on, and count what was paid for."""
