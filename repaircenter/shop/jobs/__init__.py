"""Jobs: reading estimates into them, matching, versions, what a person does to one, erasure."""
