// Icons are letters of a font here. The script of the theme, 540 kB as sent, would draw the same ones again.
