"""What a person is told: in the inbox always, outside by e-mail and SMS as the person wants it."""
