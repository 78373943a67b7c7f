"""One module per group of vectors; each has a `make()`."""
