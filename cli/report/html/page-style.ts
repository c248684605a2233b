// The page's style: light and dark by the reader's own setting, one column on a phone, the graph beside the changes on a wide screen. Written for a strict
// Content-Security-Policy: nothing is loaded, no element carries a style of its own.

import { actionOrder, writeColors } from "./palette.ts";

export function writeStyle(): string {
  const tones = actionOrder
    .map(
      (action) =>
        `.sign.${action},.tile.${action} .number{color:var(--${action})}.sign.${action}{background:var(--${action}-soft)}.fill.${action}{fill:var(--${action})}.group.${action}{--tone:var(--${action})}.node.${action}{--tone:var(--${action});--soft:var(--${action}-soft)}`,
    )
    .join("");
  return `:root{color-scheme:light dark;${writeColors("light")}--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif;--mono:ui-monospace,"SF Mono","Cascadia Code",Menlo,Consolas,"DejaVu Sans Mono",monospace}@media (prefers-color-scheme:dark){:root{${writeColors("dark")}}}${rules}${tones}`;
}

/** Room for the place beside a summary, by its length in steps of six characters: an element may carry no style of its own. */
const reserved = [12, 18, 24, 30, 36]
  .map((length) => `.group:has(.place-${length}) summary{padding-right:min(44%,${(length * 0.44 + 2.6).toFixed(2)}rem)}`)
  .join("");

const rules = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:var(--tools,1rem)}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 var(--sans)}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}.group,button{transition:border-color .15s,background-color .15s}}
[hidden]{display:none!important}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
a{color:var(--accent);text-underline-offset:2px}
code,.mono,pre,.group b,.lowered b,th{font-family:var(--mono);font-size:.87em}
h1,h2,h3,p,ul,dl,dd{margin:0}ul{padding:0;list-style:none}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999rem}.skip:focus{position:static;display:inline-block;margin:.3rem 1.2rem}
.muted,.role,.place,.meta,.soft{color:var(--muted)}
.small{font-size:.85rem}
.wide{max-width:1720px;margin:0 auto;padding:0 clamp(1rem,3vw,2.5rem)}
.head{background:var(--card);border-bottom:1px solid var(--line);padding:1.6rem 0 1.3rem}
.eyebrow{color:var(--muted);font-size:.85rem;letter-spacing:.02em}
h1{font-size:clamp(1.7rem,4vw,2.4rem);line-height:1.15;letter-spacing:-.02em;font-weight:700;overflow-wrap:anywhere}
.env{display:inline-block;vertical-align:.22em;font-size:.95rem;line-height:1.4;letter-spacing:0;font-weight:600;padding:.1em .6em;border-radius:99px;background:var(--accent);color:var(--on-accent)}
.chips{display:flex;flex-wrap:wrap;gap:.4rem;margin-top:.7rem}
.chip{border:1px solid var(--line);border-radius:99px;padding:.1rem .7rem;font-size:.87rem;background:var(--sunken);overflow-wrap:anywhere}
.chip.mode{background:var(--warn-soft);color:var(--warn);border-color:transparent;font-weight:600}
.tiles{display:flex;flex-wrap:wrap;gap:.3rem 2rem;margin-top:1.2rem}
.tile{display:flex;flex-direction:column;font-size:.87rem;color:var(--muted)}
.tile .number{font-size:1.75rem;line-height:1.2;font-weight:700;font-variant-numeric:tabular-nums;display:flex;gap:.3rem}
.tile .sign{font-size:.8em;vertical-align:.05em}.tile.money{margin-left:.4rem;padding-left:2rem;border-left:1px solid var(--line)}.tile.money .number{font-weight:600;color:var(--ink)}
.tile.zero .number{color:var(--muted);font-weight:400}
.bar{display:block;width:100%;max-width:44rem;height:6px;margin-top:.9rem;border-radius:3px;background:var(--sunken)}
.facts{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin-top:1.2rem;font-size:.87rem}
.facts dt{color:var(--muted)}.facts dd{overflow-wrap:anywhere}
nav{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin-top:1rem;font-size:.9rem}
.notices{display:flex;flex-wrap:wrap;gap:.8rem;margin-top:1.2rem}.notices:empty{display:none}
.notice{flex:1 1 26rem;border-radius:10px;padding:.8rem 1rem;border:1px solid;background:var(--card)}
.notice h2{font-size:1rem;display:flex;gap:.6rem;align-items:center}
.notice h2 span{flex:none;display:grid;place-items:center;width:1.4rem;height:1.4rem;border-radius:50%;color:var(--card);font-weight:800;font-size:.9rem}
.notice.danger{flex-basis:100%;background:var(--danger-soft);border-color:var(--danger)}.notice.danger h2{color:var(--danger)}.notice.danger h2 span{background:var(--danger)}
.notice.warn{background:var(--warn-soft);border-color:var(--warn)}.notice.warn h2{color:var(--warn)}.notice.warn h2 span{background:var(--warn)}
.notice.note{border-color:var(--line)}.notice.note h2 span{background:var(--muted)}
.notice.fine h2{color:var(--create);font-weight:600}.notice.fine h2 span{background:var(--create)}.notice.fine{border-color:var(--line)}
.notice ul{margin-top:.4rem;padding-left:2rem}.notice li{margin:.25rem 0;overflow-wrap:anywhere;white-space:pre-wrap}
.notice .code{font-family:var(--mono);font-size:.87em;font-weight:700}.hint{display:block;color:var(--muted)}.notice.danger .hint,.notice.warn .hint{color:var(--ink);opacity:.85}
main{display:grid;gap:1.4rem;margin-top:1.4rem!important;padding-bottom:4rem!important}
main>*,.column>*{min-width:0}
.column{display:grid;gap:1.4rem;align-content:start}
.card,.changes{min-width:0}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.1rem 1.2rem}
h2{font-size:1.2rem;letter-spacing:-.01em}
h3{font-size:.95rem;margin:1.1rem 0 .5rem}h3.danger{color:var(--danger)}
.count{display:inline-block;min-width:1.7em;text-align:center;padding:0 .45em;border-radius:99px;background:var(--sunken);border:1px solid var(--line);color:var(--muted);font:600 .8rem/1.6 var(--sans);font-variant-numeric:tabular-nums}
.tools{position:sticky;top:0;z-index:2;background:var(--page);padding:.7rem 0 .6rem;border-bottom:1px solid var(--line);display:flex;flex-wrap:wrap;gap:.5rem}
input,select,button{font:inherit;font-size:.9rem;color:var(--ink);background:var(--card);border:1px solid var(--muted);border-radius:8px;padding:.35rem .7rem;min-height:2.3rem;max-width:100%}
button{cursor:pointer;font-weight:500}button:hover,select:hover{border-color:var(--ink)}
#search{flex:1 1 14rem;min-width:10rem}
select{max-width:11rem}
.chipset{display:flex;flex-wrap:wrap;gap:.35rem}
[data-chip]{display:inline-flex;align-items:center;gap:.4rem;border-color:var(--line)}
[data-chip][aria-pressed=true]{background:var(--ink);color:var(--card);border-color:var(--ink)}
[data-chip] [data-count]{font-variant-numeric:tabular-nums;font-weight:600}
.status{font-size:.87rem;color:var(--muted);align-self:center;margin-left:auto}
.sign{display:inline-grid;place-items:center;flex:none;width:1.5em;height:1.5em;border-radius:5px;font:700 .95em/1 var(--mono)}
.group{position:relative;background:var(--card);border:1px solid var(--line);border-left:4px solid var(--tone);border-radius:8px;margin-bottom:.4rem}.large .group{content-visibility:auto;contain-intrinsic-size:auto 3rem}.large .group:has([open]){contain-intrinsic-size:auto 9rem}
.group:target,.group:focus-within{border-color:var(--tone)}
.group:target{box-shadow:0 0 0 2px var(--tone)}
summary{cursor:pointer;list-style:none;border-radius:6px}summary::-webkit-details-marker{display:none}
.group summary,.lowered summary{display:flex;align-items:baseline;gap:.6rem;padding:.55rem .8rem;overflow-wrap:anywhere}
.group summary>span:last-of-type{flex:1;min-width:0}.group b{margin-right:.5em}
.group summary:after,.lowered summary:after{content:"";flex:none;order:9;width:.5em;height:.5em;margin-left:auto;align-self:center;border:solid var(--muted);border-width:0 2px 2px 0;transform:rotate(45deg) translate(-2px,-2px)}
[open]>summary:after{transform:rotate(-135deg) translate(-2px,-2px)!important}
.group summary:hover,.lowered summary:hover{background:var(--sunken)}
.about{color:var(--muted);font-size:.92rem;min-width:0}
.place{display:block;padding:0 .8rem .5rem 3rem;font-size:.85rem;overflow-wrap:anywhere}
.impact{font-size:.8rem;font-weight:700;padding:.05rem .55rem;border-radius:99px;background:var(--warn-soft);color:var(--warn);white-space:nowrap}
.impact.data-loss{background:var(--danger);color:var(--card)}
.body{padding:0 .8rem .8rem 2.9rem}
.meta{font-size:.85rem;overflow-wrap:anywhere}
.change{margin-top:.6rem;padding-top:.6rem;border-top:1px dashed var(--line)}
.object{display:flex;flex-wrap:wrap;align-items:center;gap:.1rem .5rem;overflow-wrap:anywhere}.object code{font-weight:600}
.object .sign{font-size:.85em}
.word,.forces,.cause{font-size:.82rem;padding:.02rem .5rem;border-radius:5px;background:var(--sunken);color:var(--muted);border:1px solid var(--line);overflow-wrap:anywhere}
.forces{background:var(--replace-soft);color:var(--replace);border-color:transparent;font-weight:600}
.secret{color:var(--muted);font-style:italic}
.note{font-size:.87rem;color:var(--muted);margin-top:.3rem;white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin-top:.3rem}
.change th,.outputs th{width:1%;min-width:8.5rem;text-align:left;font-weight:400;color:var(--muted);padding:.2rem 1rem .2rem 0;vertical-align:baseline;overflow-wrap:anywhere}
.change td,.outputs td{padding:.2rem 0;vertical-align:baseline;overflow-wrap:anywhere;font-size:.95rem}
.change tr+tr>*,.outputs tr+tr>*{border-top:1px solid var(--sunken)}
del,ins{font-family:var(--mono);font-size:.87em;text-decoration:none;border-radius:4px;padding:.05rem .3rem;box-decoration-break:clone;-webkit-box-decoration-break:clone}
del{background:var(--delete-soft);color:var(--delete)}
ins{background:var(--create-soft);color:var(--create)}
.to{color:var(--muted)}
pre{margin:.2rem 0;padding:.5rem .7rem;background:var(--sunken);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.55;tab-size:4}
pre del,pre ins{font-size:1em;padding:0}
.nothing{padding:2rem;text-align:center;color:var(--muted);background:var(--card);border:1px dashed var(--line);border-radius:10px;margin-top:.8rem}
.total{margin-top:.4rem}.total .number{font-size:1.5rem;font-weight:700;font-variant-numeric:tabular-nums}.total .muted{display:block;font-size:.87rem}
.scroll{overflow-x:auto}
.cost td,.cost thead th{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.cost th,.cost td{padding:.35rem 0 .35rem 1rem;border-top:1px solid var(--line);vertical-align:baseline;font-family:var(--sans);font-weight:400;font-size:.9rem}
.cost th:first-child{min-width:12rem;text-align:left;padding-left:0;overflow-wrap:anywhere}.cost thead th{border:0;color:var(--muted)}.cost .sum>*{font-weight:600}
.difference{font-weight:600}
.unpriced{margin-top:.8rem;font-size:.9rem}.unpriced summary{color:var(--muted);text-decoration:underline dotted}.unpriced li{margin:.3rem 0}
.lowered{border-top:1px solid var(--line)}.large .lowered{content-visibility:auto;contain-intrinsic-size:auto 2.6rem}.lowered .body{padding-left:.8rem}
.lowered .about{font-family:var(--mono);font-size:.8rem}
#lowering .muted{font-size:.9rem;margin-top:.2rem}
.graph-head{display:flex;flex-wrap:wrap;gap:.5rem;justify-content:space-between;align-items:center}
.graph-tools{display:flex;gap:.3rem}.graph-tools button{min-height:2rem;min-width:2.1rem;padding:.1rem .6rem}
.graph-card{padding-bottom:0;overflow:hidden}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1rem;margin:.5rem 0 .3rem;font-size:.85rem;color:var(--muted)}.key{display:inline-flex;gap:.4rem;align-items:center}.legend .sign{font-size:.8rem}
.canvas{margin:.8rem -1.2rem 0;overflow:auto;max-height:80vh;padding:1rem;background:var(--sunken);border-top:1px solid var(--line)}
.canvas.moving{overflow:hidden;max-height:min(70vh,680px);padding:0;cursor:grab;user-select:none;-webkit-user-select:none}.canvas.moving:active{cursor:grabbing}
.canvas:focus-visible{outline-offset:-3px}
.moving svg{display:block;width:100%;height:100%}
.graph text{fill:var(--ink);font:12.5px var(--mono)}.graph .soft{fill:var(--muted);font:11.5px var(--sans)}
.frame{fill:var(--page);stroke:var(--line)}.graph .cloud{font:600 14px var(--sans)}
.hit{fill:transparent}.cluster-head[role]{cursor:pointer}.cluster-head[role]:hover .hit{fill:var(--sunken)}.graph .arrow{font-size:13px}.moving .arrow+text{transform:translateX(14px)}
.folded .inside{display:none}
.box{fill:var(--card);stroke:var(--line)}
.same .box{stroke:var(--muted);stroke-opacity:.45}.node{--tone:var(--line);--soft:var(--card)}a.node{text-decoration:none}a.node .box{stroke:var(--tone);stroke-width:1.5}.stripe{fill:var(--soft)}
.graph .glyph{font:700 17px var(--mono);fill:var(--tone)}
a.node:hover .box{stroke-width:2.5}.node:focus{outline:none}.node:focus-visible .box,.cluster-head:focus-visible .hit{stroke:var(--accent);stroke-width:3.5}.cluster-head:focus{outline:none}
.picked .box{stroke-width:3.5;stroke:var(--accent)}
.edge{fill:none;stroke:var(--muted);stroke-width:1.3;opacity:.6}.far{stroke-dasharray:5 4}
.tracing .node:not(.near){opacity:.45}.tracing .edge:not(.near){opacity:.15}.edge.near{opacity:1;stroke:var(--accent);stroke-width:2}
dialog{border:1px solid var(--line);border-radius:12px;background:var(--card);color:var(--ink);padding:1.4rem 1.6rem;max-width:min(30rem,92vw)}dialog::backdrop{background:#0008}
dialog dl{display:grid;grid-template-columns:auto 1fr;gap:.4rem 1rem;margin:1rem 0}kbd{font:600 .85rem var(--mono);border:1px solid var(--line);border-bottom-width:2px;border-radius:5px;padding:.05rem .4rem;background:var(--sunken)}
.foot{color:var(--muted);font-size:.85rem;padding:0 0 2rem}
#copy{min-height:0;padding:0 .5rem;margin-left:.6rem;font-size:.8rem;font-family:var(--sans)}
@media (min-width:700px){.group .place{position:absolute;top:.6rem;right:2.2rem;padding:0;max-width:calc(44% - 2.6rem)}${reserved}.group:has(.place) summary:after{position:absolute;right:.9rem;top:1.1rem}}
@media (max-width:699px){.body{padding-left:.8rem}.change table,.change tbody,.change tr,.change td,.change th,.outputs table,.outputs tr,.outputs th,.outputs td,.outputs tbody{display:block;width:auto}.change th{padding-bottom:0}.change td{padding-top:0}.tiles{gap:.3rem 1.4rem}.tools{position:static}html{scroll-padding-top:1rem}.tile.money{margin:0;padding:0;border:0}.cost th,.cost td{padding-left:.5rem;font-size:.8rem}.cost th:first-child{min-width:6rem}.cost tr>:nth-child(2){display:none}.status{margin-left:0}.tools .chipset{flex-wrap:nowrap;overflow-x:auto;max-width:100%;padding:3px}.place{padding-left:.8rem}}
@media (min-width:1240px){main.split{grid-template-columns:minmax(0,1.08fr) minmax(0,1fr);align-items:start}main.split .side{align-self:stretch}main.split .graph-card{position:sticky;top:.8rem}main.split>#lowering{grid-column:1/-1}main.split .canvas.moving{max-height:calc(100vh - 12rem)}}
@media (forced-colors:active){.sign,.impact,del,ins{border:1px solid}}
@media print{nav,.tools,.graph-tools,.skip{display:none!important}.group,.lowered{content-visibility:visible;break-inside:avoid}body{background:#fff}main.split{display:block}}
`;
