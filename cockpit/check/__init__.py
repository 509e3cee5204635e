"""The one-shot check: one sweep over what was asked for, one report, one exit code. Never loads Textual."""
