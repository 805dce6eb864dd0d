"""Words to times: how a word sounds, where it sounds, and the hesitations between the words.

``pronunciation`` says how a written token is spoken, ``aligner`` places every token of a
recogniser's text on the time line of the recording.
"""
