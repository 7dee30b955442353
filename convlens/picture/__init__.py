"""Shapes, panels and strips, and the writers that turn them into SVG, PNG and text."""
