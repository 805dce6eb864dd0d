"""Opinions on facts: `norms` reads the bands from ``norms.toml``, `scoring` applies them."""
