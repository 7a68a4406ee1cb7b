"""How does a handout look on paper, in Word, on a slide, as plain text? One module a format: handout in, bytes out."""
