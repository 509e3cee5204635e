"""The configuration: `profiles.toml`, `COCKPIT_*` and flags become frozen settings, or one clear sentence."""
