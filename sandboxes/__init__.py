"""Systems under test and the contract that they obey; nothing here imports curie."""
