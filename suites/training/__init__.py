"""Trainings: does each model learn, and alike on every device?"""
