"""What all explorers share: controls, one picture that follows them, and a caption that tells what it shows."""

import base64
import html
import io
import numbers
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import ipywidgets as widgets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gmm_lab.explorers.controls import arrange
from gmm_lab.explorers.marks import DPI
from gmm_lab.explorers.naming import Names
from gmm_lab.explorers.stills import LINE_HEIGHT, Stills, lines
from gmm_lab.pictures.colours import few_colours
from gmm_lab.pictures.rendering import pixels
from gmm_lab.pictures.style import DRAWING, in_style

BEGINNING = "as it begins"
LARGEST = 50 * 1024  # bytes of a picture, 67 KiB as text, as long as fewer colours or pixels can help
ALERT = "color:var(--jp-error-color1,#a00000)"
ADVICE = "Move the last control back. If that does not help, run the cell again."


class Explorer(widgets.VBox):
    """Labelled controls, a picture of what they are set to, and its caption, which is its alternative text as well.

    figure : on whose axes `draw` draws; what stands there already stays.
    draw : called with a keyword for each control; returns the caption, always of as many lines.
    sections : heading -> name -> control.  extras : widgets that are no setting, shown above the controls.
    Where `draw` fails, the explorer says so and what to do, and the error goes on to the caller.
    """

    def __init__(
        self,
        figure: Figure,
        draw: Callable[..., str],
        sections: Mapping[str, Mapping],
        extras: Sequence[widgets.Widget] = (),
    ):
        self.controls = {name: control for section in sections.values() for name, control in section.items()}
        self._canvas, self._draw = FigureCanvasAgg(figure), draw
        self._fixed = {ax: set(ax.get_children()) for ax in figure.axes}
        self._background, self._background_of = None, None
        self._picture, self._text, self._message = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.caption, names = "", Names()
        super().__init__([arrange(sections, extras, [self._picture, self._text]), self._message, names])
        names.observe(lambda change: self._sharpen(change.new), "sharpness")
        self.add_class("gmm-explorer")
        self._text.add_class("gmm-caption")
        longest = max(len(control.description) for control in self.controls.values())
        for control in self.controls.values():
            control.style.description_width = f"{0.55 * longest + 1:.1f}em"
            control.observe(self._update, "value")
        self._update()
        self._text.layout.min_height = f"{LINE_HEIGHT * (self.caption.count(chr(10)) + 2)}px"

    def __repr__(self):
        return f"<Explorer with {len(self.controls)} controls: {self.caption.partition(chr(10))[0]}>"

    @property
    def settings(self) -> dict:
        """What each control is set to, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def stills(self, *settings: dict) -> Stills:
        """Return what the explorer would show, once for each dict of settings; what a dict leaves out stays as it is.

        The controls do not move. Raises ValueError for a setting that no control has or can take.
        """
        settings = settings or ({},)
        for changes in settings:
            self._check(changes)
        with DRAWING:
            shown = [self._render(self.settings | changes) for changes in settings]
        headings = tuple(
            ", ".join(f"{self.controls[name].description} {value}" for name, value in changes.items()) or BEGINNING
            for changes in settings
        )
        captions, pictures = zip(*shown, strict=True)
        return Stills(headings, captions, tuple(map(self._image, captions, pictures)))

    def _check(self, changes):
        for name, value in changes.items():
            if name not in self.controls:
                raise ValueError(f"there is no control {name}: choose from {', '.join(self.controls)}")
            control = self.controls[name]
            options = getattr(control, "options", None)
            kind = "whole number" if isinstance(control.value, int) else "number"
            if not (value in options if options else _fits(value, control)):
                expected = options or f"a {kind} from {control.min:g} to {control.max:g}"
                raise ValueError(f"{name} is {value!r}, but {expected} was expected, as its control allows")

    @contextmanager
    def reporting(self, advice: str = ADVICE) -> Iterator[None]:
        """Show in the explorer what goes wrong inside, with what to do, and clear the message when all went well."""
        try:
            yield
        except Exception as error:
            self._message.value = (
                f'<p role="alert" style="{ALERT}"><b>This did not work:</b> {html.escape(str(error))}<br>{advice}</p>'
            )
            raise
        self._message.value = ""

    def _update(self, change=None):
        with DRAWING, self.reporting():
            self.caption, picture = self._render(self.settings)
            self._picture.value = self._image(self.caption, picture)
            self._text.value = lines(self.caption)

    def _sharpen(self, sharpness):
        with DRAWING:
            self._canvas.figure.set_dpi(sharpness * DPI)
            self._background_of = None
            self._update()

    @in_style
    def _render(self, settings):
        """Return the caption, and the picture as the bytes of a PNG."""
        for ax in self._fixed:
            for artist in self._added(ax):
                artist.remove()
        caption, picture = self._draw(**settings), self._pixels()
        for sharp, n_colours in ((True, 64), (True, 40), (True, 24), (False, 64)):
            file = io.BytesIO()
            few_colours(picture if sharp else picture.reduce(2), n_colours).save(file, "png", compress_level=6)
            if file.tell() <= LARGEST:
                break
        return caption, file.getvalue()

    def _added(self, ax):
        return [artist for artist in ax.get_children() if artist not in self._fixed[ax]]

    def _pixels(self):
        """Return the picture as an image: the axes, drawn anew only where they changed, and what is on them."""
        added = [artist for ax in self._fixed for artist in sorted(self._added(ax), key=lambda artist: artist.zorder)]
        for artist in added:
            artist.set_animated(True)  # so that the canvas leaves it out
        axes = [(ax.get_xlim(), ax.get_ylim(), ax.get_xlabel()) for ax in self._fixed if ax.axison]
        if axes != self._background_of:
            self._canvas.draw()
            self._background = self._canvas.copy_from_bbox(self._canvas.figure.bbox)
            self._background_of = axes
        self._canvas.restore_region(self._background)
        for artist in added:
            artist.draw(self._canvas.get_renderer())
        return pixels(self._canvas)

    def _image(self, caption, picture):
        figure = self._canvas.figure
        width, height = (round(side * DPI / figure.dpi) for side in figure.bbox.size)
        return (
            f'<img alt="{html.escape(caption.replace(chr(10), " "))}" decoding="sync" width="{width}" height="{height}"'
            ' style="max-width:100%;height:auto"'
            f' src="data:image/png;base64,{base64.b64encode(picture).decode()}">'
        )

    def _repr_mimebundle_(self, **kwargs):
        """Add a still for pages on which nothing runs."""
        note = "<p>Run this notebook, and controls to move appear here.</p>"
        still = Stills((BEGINNING,), (self.caption,), (self._picture.value,))
        return super()._repr_mimebundle_(**kwargs) | {"text/html": still._repr_html_() + note}


def _fits(value, slider):
    """Say whether a slider can take a value."""
    kind = numbers.Integral if isinstance(slider.value, int) else numbers.Real
    return isinstance(value, kind) and slider.min <= value <= slider.max
