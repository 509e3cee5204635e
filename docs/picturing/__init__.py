"""How the pictures of the documentation are made: which there are, where they are taken, and when."""
