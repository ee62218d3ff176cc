"""Which kind of body may stand under which, and take over from which: one table for files, services and pages."""

from organisation.municipality_file.kinds import BodyKind

# Committees and companies are authorities beside the board: the board oversees them but stands not above them
# (kommunallagen 6:1). Kinds that are not named here may stand under any body.
PARENTS = {
    BodyKind.BOARD: (BodyKind.COUNCIL,),
    BodyKind.COMMITTEE: (BodyKind.COUNCIL,),
    BodyKind.CRISIS_COMMITTEE: (BodyKind.COUNCIL,),
    BodyKind.JOINT_COMMITTEE: (BodyKind.COUNCIL,),
    BodyKind.COMPANY: (BodyKind.COUNCIL, BodyKind.COMPANY),
    BodyKind.FEDERATION: (BodyKind.COUNCIL,),
    BodyKind.WORKING_COMMITTEE: (BodyKind.BOARD, BodyKind.COMMITTEE, BodyKind.JOINT_COMMITTEE),
}
MAY_STAND_ALONE = (BodyKind.COUNCIL, BodyKind.OUTSIDE_PARTY)
# Every municipality has one council and one board (kommunallagen 3:1, 3:3): they are renamed, never closed or merged.
ALWAYS_THERE = (BodyKind.COUNCIL, BodyKind.BOARD)

# Where people work and things happen: what such a body leaves goes to one of these.
WORKPLACES = (BodyKind.DEPARTMENT, BodyKind.UNIT, BodyKind.COMPANY, BodyKind.SAFETY_UNIT)
# Plans and minutes of an authority go to one that can decide about them.
DECIDING = (
    BodyKind.BOARD,
    BodyKind.COMMITTEE,
    BodyKind.CRISIS_COMMITTEE,
    BodyKind.JOINT_COMMITTEE,
    BodyKind.COMPANY,
    BodyKind.FEDERATION,
)


def parents_of(kind: str) -> tuple[BodyKind, ...]:
    """Return the kinds under which a body of ``kind`` may stand (none: it stands under nothing)."""
    if kind == BodyKind.COUNCIL:
        return ()
    everything = tuple(one for one in BodyKind if one != BodyKind.OUTSIDE_PARTY or kind == BodyKind.OUTSIDE_PARTY)
    return PARENTS.get(BodyKind(kind), everything)


def may_move(kind: str) -> bool:
    """Tell whether there is more than one place in the tree for a body of ``kind``."""
    return parents_of(kind) not in ((), (BodyKind.COUNCIL,))


def heirs_of(kind: str) -> tuple[BodyKind, ...]:
    """Return the kinds that may take over from a body of ``kind`` (none: it never closes)."""
    if kind in ALWAYS_THERE:
        return ()
    if kind in WORKPLACES:
        return (*WORKPLACES, *DECIDING) if kind == BodyKind.COMPANY else WORKPLACES
    if kind in DECIDING:
        return DECIDING
    return tuple(one for one in BodyKind if one != BodyKind.COUNCIL)
