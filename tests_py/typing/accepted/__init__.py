"""Correct code, by topic: five checkers accept it, and it runs."""
