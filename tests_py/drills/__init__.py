"""Drift drills: one change at a time in a copy of the project, which the gate must catch and name.

`make drift-drills` runs them all. To add one, write a row in a table of this folder.
"""
