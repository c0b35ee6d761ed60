"""The output of commands: lines, tables, bars, JSON, results."""
