"""Options and arguments of commands: songs, types, jobs, tokens, and questions to a person."""
