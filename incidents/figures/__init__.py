"""What is counted about reported events: for whom, over what, and which counts are too small to show."""
