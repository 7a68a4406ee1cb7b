"""The door for programs of people who screen: with a token, each within what its person may do."""
