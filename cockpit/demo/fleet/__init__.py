"""What is in the embedded fleet, as data: accounts, resources, how they behave, what they cost. No boto here."""
