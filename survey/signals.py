"""What survey tells whoever sits above it, without knowing them."""

from django.dispatch import Signal

# Sent with campaign=Campaign inside the transaction that launches it; a receiver freezes what the
# campaign will be scored with, or raises to refuse the launch.
campaign_launching = Signal()

# Sent with campaign=Campaign inside the transaction that opened the ballots and froze the release.
campaign_released = Signal()

# Sent with campaign=Campaign inside the transaction that deletes its answers; whoever keeps
# anything of single answers deletes it too.
answers_deleted = Signal()
