"""Facts that pictures need and convlib does not: cells of a view, settings, what is spread."""
