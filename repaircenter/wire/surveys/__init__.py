"""What is asked of customers, by which programmes, in whose words, and what is contested of their answers."""
