"""Makes one yearly report and nothing else, so that its memory can be read: ``python -m bench.alone KEY``."""

import sys

import django


def main(key: str) -> None:
    """Make the edition under secrecy, which the bench has not made before."""
    django.setup()
    from bench.yearly import make_report
    from followup.models import Edition
    from organisation.models import Municipality

    make_report(Municipality.objects.get(key=key), Edition.SECRET)


if __name__ == "__main__":
    main(*sys.argv[1:])
