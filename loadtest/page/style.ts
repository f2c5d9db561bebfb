// How the page looks: the scales and colours of the viewer's pages, which pick light or dark by the reader's system.

export const style = `
:root {
  color-scheme: light dark;
  --s1: 4px; --s2: 8px; --s3: 12px; --s4: 16px; --s5: 24px; --s6: 40px;
  --t1: 0.75rem; --t2: 0.8125rem; --t3: 0.875rem; --t5: 1.25rem;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Open Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --page: light-dark(#f6f7f9, #0f141a);
  --card: light-dark(#ffffff, #161c24);
  --raised: light-dark(#eef1f5, #1e2630);
  --line: light-dark(#dfe4ea, #29323d);
  --ink: light-dark(#16202c, #e8edf2);
  --muted: light-dark(#4c5866, #a5b1be);
  --faint: light-dark(#5c6876, #8996a4);
  --accent: light-dark(#3448c5, #9db0ff);
  --good: light-dark(#5b7f9c, #6f9abb);
  --held: light-dark(#137a41, #43c57c);
  --slow: light-dark(#c2570c, #f0883e);
  --slow-ink: light-dark(#9a4408, #f5a469);
  --slow-soft: light-dark(#fbeadd, #35261a);
  --error: light-dark(#c4233a, #f4707f);
  font: 400 var(--t3) / 1.45 var(--sans);
  background: var(--page);
  color: var(--ink);
}
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; }
h1, h2, p, ol, ul, dl, dd, figure { margin: 0; padding: 0; }
ol, ul { list-style: none; }
h1 { font-size: var(--t5); font-weight: 600; line-height: 1.25; text-wrap: balance; }
h2 + .muted { margin: calc(-1 * var(--s2)) 0 var(--s3); font-size: var(--t1); }
h2 { margin-bottom: var(--s3); font-size: var(--t3); font-weight: 600; }
code { font: var(--t1) var(--mono); }
main { display: grid; gap: var(--s4); max-width: 1120px; margin: 0 auto; padding: var(--s5) var(--s4) var(--s6); }
main > * { min-width: 0; }
header { display: grid; gap: var(--s1); }
.lesson { color: var(--muted); font: var(--t2) var(--mono); }
.facts { color: var(--muted); font-size: var(--t2); overflow-wrap: anywhere; }
section { padding: var(--s4); border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
.muted { color: var(--muted); }
.faint { color: var(--faint); }
.is-slow { color: var(--slow-ink); font-weight: 600; }
.is-error { color: var(--error); font-weight: 600; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }

.tiles { display: grid; grid-template-columns: repeat(5, 1fr); gap: 1px; overflow: hidden; border: 1px solid var(--line); border-radius: 8px; background: var(--line); }
.tile { padding: var(--s3) var(--s4); background: var(--card); }
.tile dt { color: var(--muted); font-size: var(--t1); }
.tile dd { font-size: var(--t5); font-weight: 600; font-variant-numeric: tabular-nums; }

.limits { display: grid; gap: var(--s1); }
.limits li { display: grid; grid-template-columns: 20px 1fr; }
.is-held .mark { color: var(--held); font-weight: 700; }
.is-broken .mark { color: var(--error); font-weight: 700; }
.findings { display: grid; gap: var(--s1); margin-top: var(--s3); padding-left: var(--s3); border-left: 3px solid var(--accent); }

.plot { display: block; width: 100%; height: 100%; overflow: visible; }
.plot line, .plot path { vector-effect: non-scaling-stroke; }
.fast { fill: var(--good); }
.slow { fill: var(--slow); }
.came { fill: var(--line); }
.slo-line { stroke: var(--slow); stroke-dasharray: 4 4; }
.x-axis { position: relative; height: 18px; color: var(--faint); font: var(--t1) var(--mono); }
.x-axis span { position: absolute; top: 2px; white-space: nowrap; transform: translateX(-50%); }

.ridge { display: grid; grid-template-columns: 132px minmax(0, 1fr) 92px; gap: var(--s3); align-items: end; }
.ridge svg { height: 64px; border-bottom: 1px solid var(--line); }
.ridge + .ridge { margin-top: var(--s3); }
.ridge.axis-row { margin-top: 0; }
.many .ridge svg { height: 30px; }
.many .ridge + .ridge { margin-top: var(--s1); }
.ridge-name { overflow-wrap: anywhere; }
.ridge-slow { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }

.over-time { --gutter: 56px; padding: 0 var(--s3) 0 var(--gutter); }
.bands { position: relative; height: 20px; }
.bands:empty { display: none; }
.bands span { position: absolute; overflow: hidden; padding: 0 var(--s1); border-top: 2px solid var(--line); color: var(--muted); font-size: var(--t1); text-overflow: ellipsis; white-space: nowrap; }
.bands.many span { padding: 0 1px; text-overflow: clip; }
.chart { margin-bottom: var(--s3); }
.chart figcaption { margin: 0 0 var(--s1) calc(-1 * var(--gutter)); color: var(--muted); font-size: var(--t1); }
.plot-area { position: relative; border-bottom: 1px solid var(--line); }
.latency .plot-area { height: 180px; }
.bad .plot-area { height: 56px; }
.rate .plot-area { height: 36px; }
.chart.rate { margin-bottom: 0; }
.y-tick { position: absolute; right: calc(100% + var(--s2)); white-space: nowrap; color: var(--faint); font: 0.6875rem var(--mono); transform: translateY(-50%); pointer-events: none; }
.grid { stroke: var(--line); }
.shipped { fill: var(--slow-soft); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.dots { fill: none; stroke-width: 6; stroke-linecap: round; }
.line.p50, .dots.p50 { stroke: var(--good); }
.line.p99, .dots.p99 { stroke: var(--accent); }
.hover { fill: transparent; }
.hover:hover { fill: var(--ink); fill-opacity: 0.06; }
.legend { display: flex; flex-wrap: wrap; gap: var(--s1) var(--s4); margin: var(--s2) 0 0 calc(-1 * var(--gutter)); color: var(--muted); font-size: var(--t1); }
.key::before { content: ""; display: inline-block; width: 16px; margin-right: 6px; border-top: 2px solid var(--tone); vertical-align: middle; }
.key.p50 { --tone: var(--good); }
.key.p99 { --tone: var(--accent); }
.key.slo { --tone: var(--slow); }
.key.slo::before { border-top-style: dashed; }
.key.shipped::before { height: 12px; border: 0; background: var(--slow-soft); }

.scrolls { overflow-x: auto; }
.breakdown { width: 100%; border-collapse: collapse; font-size: var(--t2); font-variant-numeric: tabular-nums; }
.breakdown th, .breakdown td { padding: 5px var(--s2); text-align: right; white-space: nowrap; }
.breakdown th:first-child { padding-left: 0; text-align: left; }
.breakdown thead th { color: var(--faint); font-size: var(--t1); font-weight: 400; }
.breakdown tbody th { font-weight: 500; white-space: normal; overflow-wrap: anywhere; }
.breakdown tbody .cohort th { padding-left: var(--s4); }
.breakdown tbody .cohort-key th { padding-bottom: 0; color: var(--muted); font: var(--t1) var(--mono); }
.breakdown tbody .cohort-key + tr { border-top: 0; }
.breakdown tbody tr { border-top: 1px solid var(--line); }
.breakdown tbody tr.first { border-top: 2px solid var(--line); }
.breakdown .text { max-width: 240px; padding-right: 0; text-align: left; white-space: normal; overflow-wrap: anywhere; }
.bar-column { width: 150px; }
.bar { display: inline-block; width: 72px; height: 8px; margin-right: var(--s2); border-radius: 2px; background: var(--raised); }
.bar i { display: block; height: 100%; border-radius: 2px; background: var(--slow); }
.bar + span { display: inline-block; min-width: 52px; }

.slowest li + li { border-top: 1px solid var(--line); }
.slowest a { display: grid; grid-template-columns: 72px 72px minmax(0, 1fr) auto; gap: var(--s3); align-items: baseline; padding: 6px 0; color: inherit; text-decoration: none; font-variant-numeric: tabular-nums; }
.slowest a:hover { background: var(--raised); }
.slowest b { text-align: right; }
.slowest .when, .slowest .who { color: var(--muted); font-size: var(--t2); }
.slowest code { color: var(--accent); }

@media (max-width: 700px) {
  main { padding: var(--s4) var(--s3) var(--s5); }
  section { padding: var(--s3); }
  .tiles { grid-template-columns: 1fr 1fr; }
  .tile:first-child { grid-column: 1 / -1; }
  .ridge { grid-template-columns: minmax(0, 1fr) auto; gap: 2px var(--s2); }
  .ridge svg { grid-row: 2; grid-column: 1 / -1; height: 48px; }
  .ridge.axis-row > span { display: none; }
  .ridge.axis-row .x-axis { grid-column: 1 / -1; }
  .ridge .x-axis span:nth-child(3n + 1):not(.is-slow) { display: none; }
  .bands.many { display: none; }
  .wide { display: none; }
  .bar { display: none; }
  .bar-column { width: auto; }
  .slowest a { grid-template-columns: 64px 1fr auto; gap: 2px var(--s3); }
  .slowest .who { grid-row: 2; grid-column: 2 / -1; }
  .slowest code { max-width: 10ch; overflow: hidden; text-overflow: ellipsis; }
}
@media print {
  section { break-inside: avoid; }
}
`
