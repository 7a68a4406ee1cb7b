"""Practice guides: written by people, resting on results, asked about, approved, withdrawn; and packages of them."""
