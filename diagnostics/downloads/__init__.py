"""Files of figures and answers that somebody asks for."""
