"""What a survey can be expected to show, before anybody has answered."""
