"""How a person proves who they are: passwords, the municipality's provider, second factor, sessions.

The library (allauth) carries the flows; what stands here is what this portal demands beyond it.
"""
