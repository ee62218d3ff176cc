"""What each page of the organisation tells: read for one person and one day, in words and rows; no page writes."""
