"""What a page says to a person: notices above it, what went well below it, how a thing stands, why there is nothing."""
