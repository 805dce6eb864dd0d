"""What every report in words says, in the same order and wording, free of layout."""
