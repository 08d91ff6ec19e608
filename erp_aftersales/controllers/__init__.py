from . import main, sale_portal
