"""Django's SQLite backend with a queue at the write lock, so that no writer starves while an import runs."""
