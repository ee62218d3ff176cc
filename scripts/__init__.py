"""What ``make`` runs. Standard library only, except where a module says otherwise: most of this
runs before the virtual environment exists."""
