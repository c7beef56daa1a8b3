/** The look of every picture, here and in bench/report: colours light and dark, and letters. */

/** The series' begin as those of Okabe and Ito 2008, which are told apart with every kind of colour vision. */
const LIGHT =
  '--ground:#fff;--ink:#1f2328;--faint:#59636e;--grid:#d8dee4;--c0:#0072b2;--c1:#56b4e9;--c2:#59636e;--c3:#d55e00;--c4:#009e73;--c5:#b3659a;--c6:#9a7d00;--c7:#1f2328;--c8:#c4314b';
const DARK =
  '--ground:#0d1117;--ink:#e6edf3;--faint:#9198a1;--grid:#2f353d;--c0:#4ba3e3;--c1:#8fd0f5;--c2:#9198a1;--c3:#f0883e;--c4:#3fc79a;--c5:#d79bc2;--c6:#e3c13e;--c7:#e6edf3;--c8:#ff7b8f';
export const THEME = `:root{${LIGHT}}@media(prefers-color-scheme:dark){:root{${DARK}}}`;
export const FONT = `text{font:12px system-ui,'Segoe UI','DejaVu Sans',sans-serif;fill:var(--ink)}.faint{fill:var(--faint)}.title{font-size:15px;font-weight:600}`;
