"""How far does the answer hang on single studies? Every refit that a question needs, in one array computation."""
