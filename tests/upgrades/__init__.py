"""Databases as earlier versions left them, which every later version has to go on with.

One folder a version: dumps of both databases, the campaigns' keys, and what was there by numbers.
"""
