"""`python -m app WORDS`: the site's own commands, without Flask's search for applications.

`./xueji serve` sets up this way: that search, and looking for garbage among all that was imported,
took a third of its time.
"""

import gc

gc.disable()  # nothing of what is imported is ever garbage

from flask.cli import ScriptInfo  # noqa: E402

from app.factory import create_app  # noqa: E402

site = create_app()
gc.freeze()  # nor at the end, which would cost half a second
gc.enable()
site.cli.main(obj=ScriptInfo(create_app=lambda: site), prog_name="xueji")
