"""What stands on a case's pages: the first one, and the parts that it leads to."""
