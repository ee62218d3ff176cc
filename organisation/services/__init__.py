"""What changes the organisation, one file per noun: each verb is one transaction."""
