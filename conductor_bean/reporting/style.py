"""How a report looks as a page: light, dark, and on paper."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root{--ink:#1c2128;--paper:#fff;--soft:#5b6470;--grid:#c9ced6;--band:#f4f6f8;--warn:#fff3d6;--edge:#b7791f;
--s0:#1565a8;--s1:#c2571a;--s2:#2f7d4f;--s3:#8a4fa3;--s4:#a8862a;--s5:#5b6470}
@media (prefers-color-scheme:dark){:root{--ink:#e4e8ee;--paper:#14181d;--soft:#9aa5b3;--grid:#3a434e;--band:#1c2229;
--warn:#3a2f14;--edge:#d69e2e;--s0:#6cb2eb;--s1:#f0935b;--s2:#6fc793;--s3:#c594dc;--s4:#dcbf62;--s5:#a9b3bf}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem;max-width:62rem;color:var(--ink);background:var(--paper);
font:1rem/1.5 system-ui,"DejaVu Sans",sans-serif}
header>p:first-child{margin:0;color:var(--soft);font-size:1.1rem}
h1{margin:0 0 1rem;font-size:2rem;line-height:1.2}
h2{margin:3rem 0 1rem;padding-bottom:.25rem;border-bottom:2px solid var(--grid);font-size:1.4rem}
a{color:var(--s0)}
nav ol{columns:2;max-width:40rem}
small{color:var(--soft);font-size:.8em;font-weight:normal}
.warning{padding:.5rem .75rem;border-left:.25rem solid var(--edge);background:var(--warn)}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.75rem;margin:1rem 0}
.figures div{padding:.5rem .75rem;background:var(--band);border-radius:.25rem}
.figures dt{color:var(--soft);font-size:.85rem}
.figures dd{margin:0;font-size:1.3rem;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;min-width:50%;font-size:.85rem}
caption{padding:.25rem 0;text-align:left;font-weight:bold}
th,td{padding:.2rem .5rem;border-bottom:1px solid var(--grid);text-align:left;vertical-align:top;
overflow-wrap:break-word}
thead th{vertical-align:bottom;border-bottom-width:2px}
tbody th{font-weight:normal}
tfoot th,tfoot td{border-top:2px solid var(--grid);font-weight:bold}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
th.number{white-space:normal}
.date{white-space:nowrap}
figure{margin:1.5rem 0;break-inside:avoid}
figcaption{font-weight:bold;font-size:.9rem}
.plot{display:block;width:100%;height:auto;stroke-linejoin:round;color:var(--ink)}
details{font-size:.85rem;color:var(--soft)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media print{@page{margin:15mm}
:root{--ink:#000;--paper:#fff;--soft:#444;--grid:#bbb;--band:#f4f4f4;--warn:#fff;--s0:#1565a8;--s1:#c2571a;
--s2:#2f7d4f;--s3:#8a4fa3;--s4:#a8862a;--s5:#5b6470}
body{padding:0;max-width:none;font-size:9pt}nav,details{display:none}.wide{overflow:visible}
table{font-size:7.5pt}th,td{padding:.1rem .25rem}tr{break-inside:avoid}thead{display:table-header-group}
tfoot{display:table-row-group}
h2,caption,figcaption{break-after:avoid}.figures,.figures div,.warning{break-inside:avoid}
.figures{grid-template-columns:repeat(5,1fr);gap:2mm}.figures div{padding:1mm 2mm;border:1px solid var(--grid)}
.figures dd{font-size:1.1rem}}
"""
