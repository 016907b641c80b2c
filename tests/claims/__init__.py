"""What the method claims of companies, held against invented ones of which the truth is known."""
