"""What our layout of the prompt saves: see its README."""
