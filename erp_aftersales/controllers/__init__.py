from . import main, release_notes
