"""Models of what the package does: plain, slow and exact programs that share no code with it."""
