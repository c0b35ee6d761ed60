"""What commands write: lines, tables, bars, JSON, results."""
