"""What of a case may be shown to whom: the class of each field, provisions of secrecy, copies and refusals."""
