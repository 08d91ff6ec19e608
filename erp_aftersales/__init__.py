from . import bridge, controllers, models, wizards
