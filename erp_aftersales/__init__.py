from . import bridge, controllers, models, report, wizards
