"""Mail: addresses, messages, the outbox that sends them, and what comes back."""
