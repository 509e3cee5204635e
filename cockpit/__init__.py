"""A terminal cockpit for many environments in many AWS accounts: the engine room, without any screen."""
