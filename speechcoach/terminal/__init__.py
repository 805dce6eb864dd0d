"""The live side of a terminal: keys, the line while recording, how far a long run is."""
