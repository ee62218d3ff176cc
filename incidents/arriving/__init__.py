"""Reports that arrive by other ways than the portal's own form: by phone, on paper, from another system."""
