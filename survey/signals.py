"""What survey tells whoever sits above it, without knowing them."""

from django.dispatch import Signal

# Sent with campaign=Campaign inside the transaction that launches it; a receiver freezes what the
# campaign will be scored with, or raises to refuse the launch.
campaign_launching = Signal()

# Sent with campaign=Campaign inside the transaction that opened the ballots and froze the release.
campaign_released = Signal()

# Sent with campaign=Campaign before the files made of its answers are deleted: a receiver notes
# those that the register does not know. Nothing new can be written any more.
answers_ending = Signal()

# Sent with campaign=Campaign inside the transaction that deletes its answers; whoever keeps
# anything of single answers deletes it too.
answers_deleted = Signal()

# Sent with tables=list after that, each time the space of deleted answers is wiped: a receiver adds
# the models in whose tables it deleted something with them.
answers_wiping = Signal()
