"""What the three origins answer, by topic."""

from . import (
    account,
    admin,
    card,
    cas,
    cdn,
    collections,
    committing,
    discussions,
    gates,
    large_files,
    lfs,
    likes,
    preparing,
    reading,
    refs,
    repositories,
    resolving,
    xet_tokens,
)

HUB = (
    *account.OPERATIONS,
    *admin.OPERATIONS,
    *card.OPERATIONS,
    *collections.OPERATIONS,
    *committing.OPERATIONS,
    *discussions.OPERATIONS,
    *gates.OPERATIONS,
    *large_files.OPERATIONS,
    *lfs.OPERATIONS,
    *likes.OPERATIONS,
    *preparing.OPERATIONS,
    *reading.OPERATIONS,
    *refs.OPERATIONS,
    *repositories.OPERATIONS,
    *resolving.OPERATIONS,
    *xet_tokens.OPERATIONS,
)
CAS = cas.OPERATIONS
CDN = cdn.ROUTES
