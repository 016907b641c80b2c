"""Report files: asked for, rendered, written again."""
