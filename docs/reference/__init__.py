"""What the generated parts of the documentation say, one module a page."""
