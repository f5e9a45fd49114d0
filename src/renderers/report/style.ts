import {DARK, LIGHT, type Palette} from './palette.js';

const variables = (palette: Palette) =>
  Object.entries(palette)
    .map(([name, color]) => `--${name}:${color}`)
    .join(';');

const BASE = `
:root{color-scheme:light dark;${variables(LIGHT)}}
@media screen and (prefers-color-scheme:dark){:root{${variables(DARK)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
header,main,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
h1,h2,h3,h4{line-height:1.25;font-weight:650;text-wrap:balance}
h1{font-size:clamp(1.5rem,1.1rem + 2vw,2.125rem);margin:.25rem 0 .5rem;letter-spacing:-.015em}
h2{font-size:1.25rem;margin:3rem 0 1rem;padding-top:.5rem;scroll-margin-top:1rem}
h3{font-size:1rem;margin:0;display:inline}
h4{font-size:.8125rem;margin:1.25rem 0 .25rem;color:var(--soft);font-weight:600}
p{margin:.5rem 0}
a{color:var(--link);text-underline-offset:.2em}
code,pre,.m{font:.8125rem/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;unicode-bidi:isolate}
small,.q{color:var(--soft);font-size:.8125rem}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999rem;background:var(--ground);padding:.5rem 1rem}
.skip:focus{left:1rem;top:1rem}
.good{color:var(--good)}.changed{color:var(--changed)}.bad{color:var(--bad)}span.soft{color:var(--soft)}
footer{margin-top:4rem;padding-top:1rem;padding-bottom:3rem;color:var(--soft);font-size:.8125rem}
`;

const HEAD = `
.kind{color:var(--soft);margin:0}
.lead{font-size:1.0625rem;max-width:48rem}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.25rem 1.5rem;margin:1.5rem 0;font-size:.875rem}
.facts dt{color:var(--soft)}.facts dd{margin:0}
.counts{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.25rem,max-content));gap:.75rem 1.5rem;margin:1.5rem 0;padding:0;list-style:none}
.counts b{display:block;color:var(--text);font-size:1.5rem;line-height:1.2;font-weight:650}
.counts li{color:var(--soft);font-size:.8125rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:.75rem 0;margin:0;list-style:none;border-block:1px solid var(--edge);font-size:.875rem}
`;

const BODY = `
.note{border-left:3px solid var(--changed);padding:.25rem 1rem;margin:1rem 0;background:var(--panel)}
.failure{border:1px solid var(--edge);border-left:4px solid var(--bad);border-radius:8px;padding:1rem 1.25rem;margin:0 0 1rem;background:var(--panel)}
.failure.ignored{border-left-color:var(--changed)}
.failure h3{display:block;margin-bottom:.25rem}
.failure .facts{margin:.75rem 0 0}
.next{font-weight:600;white-space:pre-line}
pre{margin:.5rem 0 .75rem;padding:.625rem .75rem;background:var(--panel);border:1px solid var(--edge);border-radius:6px;overflow-x:auto;tab-size:4}
pre code{display:block;width:max-content;min-width:100%;overflow-wrap:normal}
pre i{font-style:normal}pre i.l{display:block;margin:0 -.75rem;padding:0 .75rem}
pre .a{color:var(--plus)}pre .a.l{background:var(--plusGround)}pre .a b{background:var(--plusWord)}
pre .d{color:var(--minus)}pre .d.l{background:var(--minusGround)}pre .d b{background:var(--minusWord)}
pre b{font-weight:inherit;border-radius:2px}
pre .h{color:var(--hunk)}pre .b{font-weight:600}pre .n{color:var(--soft)}
.axis,.keys{display:flex;flex-wrap:wrap;gap:.25rem 1rem;color:var(--soft);font-size:.8125rem}
.axis{justify-content:space-between;border-bottom:1px solid var(--edge);padding-bottom:.25rem}
.keys svg{width:1.5rem;height:.875rem;vertical-align:-.1rem;margin-right:.375rem}
.hosts{list-style:none;margin:0;padding:0}
.hosts li{padding:.75rem 0;border-bottom:1px solid var(--edge)}
.hosts p{margin:0;display:flex;flex-wrap:wrap;gap:0 .75rem;align-items:baseline}
.bar{display:block;width:100%;height:1rem;margin:.25rem 0;background:var(--panel);border-radius:3px}
${['connecting', 'reading', 'task', 'handler', 'verifying', 'waiting'].map((name) => `.k-${name}{fill:var(--${name})}`).join('')}
.k-end{fill:var(--bad)}
summary{cursor:pointer;padding:.25rem .5rem;border-radius:6px}
summary:hover{background:var(--panel)}
.host{border-top:1px solid var(--edge);padding:.5rem 0}
.host>summary{padding:.5rem}
.host>div{padding-left:.5rem}
.steps{list-style:none;margin:0;padding:0}
.steps li>p{margin:0;padding:.25rem .5rem .25rem 1.5rem}
.steps pre,.steps p.q{margin-left:1.5rem}
.sign{font-weight:700;display:inline-block;min-width:1ch}
.scroll{overflow-x:auto;border:1px solid var(--edge);border-radius:10px;background:var(--panel)}
.scroll svg{display:block;margin:0 auto;max-width:max(100%,36rem);height:auto}
.quiet>summary{color:var(--soft);font-size:.8125rem}
.skipped{font-size:.8125rem;columns:20rem;margin:.25rem 0;padding-left:1.5rem}
`;

const PRINT = `
@media (max-width:40rem){.facts{gap:.25rem .75rem}.failure{padding:.75rem 1rem}.steps pre,.steps p.q{margin-left:0}.steps li>p{padding-left:.5rem}}
@media print{
@page{margin:16mm}
:root{color-scheme:light}
body{font-size:10pt}
header,main,footer{max-width:none;padding:0}
.skip,nav{display:none}
a{color:inherit;text-decoration:none}
details:not(.quiet)::details-content{content-visibility:visible;display:block;height:auto}
details.quiet{display:none}
pre{overflow:visible}pre code{width:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.scroll{overflow:visible;border:0}.scroll svg{max-width:100%;height:auto}
.failure,.hosts li,.scroll{break-inside:avoid}
h2,h3,h4,summary{break-after:avoid}
pre i,pre b,.bar,.bar *,.keys *{print-color-adjust:exact}
}
`;

/** The style sheet of a report. It uses fonts that need not be loaded, and prints what is folded. */
export const STYLE = `${BASE}${HEAD}${BODY}${PRINT}`;
