"""What editors show of the installed package, asked of real language servers and of IPython.

    cd tests_py && python -m editors

To add a question, write a line in `probes.py`.
"""
