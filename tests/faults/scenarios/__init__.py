"""What is done to the running product, a module for each kind of fault."""
