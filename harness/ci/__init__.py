"""What runs on other people's CI: the GitHub Action's steps and the pre-commit hook. Python's own library alone."""
