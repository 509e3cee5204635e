"""moto, made to behave as AWS does where the cockpit depends on it. Runs in the emulator's process only.

Each module extends one service of moto and says what moto lacks; `application` puts them together.
"""
