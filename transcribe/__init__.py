"""Speech to text, cues, captions, chapters and question-and-answer segments."""
