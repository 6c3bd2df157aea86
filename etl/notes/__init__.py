"""What the charts say in words: Chinese clinical text to facts with a span and a certainty."""
