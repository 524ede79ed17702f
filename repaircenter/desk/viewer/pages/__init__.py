"""The pages of a report on the screen: laid out, painted, scrolled, searched for links."""
