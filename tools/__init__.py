"""Small typed programs behind the make targets; a program has the name of its target."""
