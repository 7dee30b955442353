"""What explorers and still pictures show: one scene a file, drawn from facts."""
