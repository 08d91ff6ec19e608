from . import main, release_notes, sale_portal
