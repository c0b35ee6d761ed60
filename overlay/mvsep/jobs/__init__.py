"""One job's life: its form, its creation, its states and events.

It uses `pricing`, `downloads` and `transport`.
"""
