"""Template libraries: ``{% load portal %}`` holds every component of the portal's pages."""
