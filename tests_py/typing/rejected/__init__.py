"""What mypy must reject, by topic, each line with its exact code. Never imported."""
