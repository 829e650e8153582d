"""Shape of what people send on the way to Anki and back."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField
from wtforms.validators import DataRequired, Length


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it stood on a page of ours."""


class UploadForm(FlaskForm):  # type: ignore[misc]
    """A file from Anki."""

    file = FileField(
        _l("Anki 导出的文件"),
        description=_l(".apkg 或 .colpkg，最大 32 MB"),
        validators=[FileRequired(_l("请选择文件。"))],
    )


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """The file that was shown."""

    arrival = HiddenField(validators=[DataRequired(), Length(22, 22)])
