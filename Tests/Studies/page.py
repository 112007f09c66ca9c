"""Whether a report opens, reads and prints well: size, requests, first paint, overflow at three widths, contrast light and dark,
pages on paper. Needs Chromium, and pdfinfo of poppler-utils."""

import pathlib
import re
import subprocess
import tempfile

import study

options = study.parser(__doc__)
options.add_argument("pages", nargs="+", type=pathlib.Path)
options.add_argument("--chromium", default="chromium")
given = options.parse_args()


def chromium(*words):
    return subprocess.run(
        [given.chromium, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", *words],
        capture_output=True, text=True, timeout=120).stdout


def probe(page, script, width, folder):
    """What a script says that runs in a frame of that width after the page has loaded."""
    frame = folder / "frame.html"
    frame.write_text(
        f"<body style='margin:0'><iframe id=f src='{page.resolve().as_uri()}' style='width:{width}px;height:900px;border:0'></iframe>"
        f"<pre id=out></pre><script>document.getElementById('f').onload=function(){{var w=this.contentWindow,d=w.document;"
        f"setTimeout(function(){{document.getElementById('out').textContent='<<'+({script})(w,d)+'>>'}},1500)}}</script>")
    found = re.search(r"&lt;&lt;(.*?)&gt;&gt;", chromium("--virtual-time-budget=8000", "--dump-dom", frame.as_uri()), re.S)
    return found.group(1) if found else "?"


OVERFLOW = "function(w,d){return d.documentElement.scrollWidth-w.innerWidth}"
REQUESTS = "function(w,d){return w.performance.getEntriesByType('resource').length}"
PAINT = "function(w,d){var p=w.performance.getEntriesByType('paint')[0];return p?Math.round(p.startTime):'?'}"
# The least contrast of visible text against the nearest background, by the formula of WCAG 2.2, 1.4.3.
CONTRAST = """function(w,d){function rgb(c){var m=c.match(/[\\d.]+/g).map(Number);return m}
function lum(c){return c.slice(0,3).map(function(v){v/=255;return v<=.03928?v/12.92:Math.pow((v+.055)/1.055,2.4)})
.reduce(function(s,v,i){return s+v*[.2126,.7152,.0722][i]},0)}
var least=99,who='';d.querySelectorAll('main *').forEach(function(e){if(!e.childNodes.length||!e.getClientRects().length)return;
var own=[].some.call(e.childNodes,function(n){return n.nodeType==3&&n.textContent.trim()});if(!own)return;
var s=w.getComputedStyle(e),svg=e.ownerSVGElement,fg=rgb(svg?s.fill:s.color),b=e,bg=null;
if(svg){if(e.tagName!='text')return;if(e.classList.contains('inside')){var r=e.previousElementSibling;while(r&&r.tagName!='rect')r=r.previousElementSibling;
bg=rgb(w.getComputedStyle(r).fill)}else{bg=rgb(w.getComputedStyle(svg.querySelector('.paper')).fill)}}
while(!bg&&b){var c=rgb(w.getComputedStyle(b).backgroundColor);if(c.length<4||c[3]>0)bg=c;b=b.parentElement}bg=bg||[255,255,255];
var l=[lum(fg),lum(bg)].sort(function(a,b){return b-a}),k=(l[0]+.05)/(l[1]+.05);if(k<least){least=k;who=e.tagName+'.'+(e.getAttribute('class')||'')}});
return least.toFixed(2)+' '+who}"""

rows = []
for page in given.pages:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        overflow = [probe(page, OVERFLOW, width, folder) for width in (360, 768, 1440)]
        light = probe(page, CONTRAST.replace("\n", " "), 1440, folder)
        dark_page = folder / "dark.html"
        dark_page.write_text(page.read_text().replace("@media(prefers-color-scheme:dark)", "@media all"))
        dark = probe(dark_page, CONTRAST.replace("\n", " "), 1440, folder)
        paper = folder / "page.pdf"
        chromium(f"--print-to-pdf={paper}", "--no-pdf-header-footer", page.resolve().as_uri())
        pages = re.search(r"Pages:\s+(\d+)", subprocess.run(["pdfinfo", str(paper)], capture_output=True, text=True).stdout)
        rows.append([
            page.parent.name + "/" + page.name, f"{page.stat().st_size / 1000:.0f} kB", probe(page, REQUESTS, 1440, folder),
            probe(page, PAINT, 1440, folder) + " ms", ", ".join(overflow) + " px", light, dark, pages.group(1) if pages else "?"])
study.report(
    given.binary, "A report in a browser",
    ["page", "size", "requests", "first paint", "overflow at 360, 768, 1440", "least contrast, light", "dark", "pages of A4"], rows, [])
