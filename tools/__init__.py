"""Small typed programs behind the make targets."""
