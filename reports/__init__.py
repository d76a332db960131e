"""Reports: what a run came to, aggregated and rendered. Plain data in, text out; nothing is run here."""
