import Records

/// A page as one HTML file that needs nothing else: no network, no script to be read, light or dark as the reader has it.
package enum HTML {
  package static func text(_ page: ReportPage) -> String {
    let blocks = page.blocks(.full)
    let title = blocks.lazy.compactMap { if case .heading(let title, _) = $0 { title } else { nil } }.first ?? "Report"
    var writer = Writer(warnings: warnings(of: blocks))
    for (index, item) in page.items.enumerated() { writer.add(item.block, index, isDetail: item.isDetail) }
    writer.close()
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(title.xmlText)</title>
      <style>
      \(style)
      \(SVG.style)
      </style>
      </head>
      <body>
      <main>
      \(writer.lines.joined(separator: "\n"))
      </main>
      <div id="tip" role="status" hidden></div>
      <script>\(script)</script>
      </body>
      </html>

      """
  }

  /// What speaks against figures stands beside them: the warnings up to the next figures that stand out, by the place of these.
  private static func warnings(of blocks: [ReportPage.Block]) -> [Int: [String]] {
    var found: [Int: [String]] = [:]
    var place: Int?
    for (index, block) in blocks.enumerated() {
      if case .headlines = block { place = index }
      if case .warning(let warning) = block, let place { found[place, default: []].append(warning.message) }
    }
    return found
  }

  private struct Writer {
    let warnings: [Int: [String]]
    private(set) var lines: [String] = []
    private var open: Tag?
    private var isBesideFigures = false

    init(warnings: [Int: [String]]) { self.warnings = warnings }

    /// Blocks of one kind that follow one another share an element.
    private enum Tag: String {
      case facts = "dl"
      case list = "ul"
      case pictures = "section"
    }

    private mutating func within(_ tag: Tag?, class name: String = "") {
      guard open != tag else { return }
      close()
      if let tag { lines.append(name.isEmpty ? "<\(tag.rawValue)>" : "<\(tag.rawValue) class=\"\(name)\">") }
      open = tag
    }

    mutating func close() {
      if let open { lines.append("</\(open.rawValue)>") }
      open = nil
    }

    mutating func add(_ block: ReportPage.Block, _ index: Int, isDetail: Bool) {
      switch block {
      case .heading(let title, let level):
        within(nil)
        lines.append("<h\(level)>\(title.xmlText)</h\(level)>")
      case .headlines(let figures):
        within(nil)
        lines.append("<section class=\"headlines\">")
        for figure in figures {
          lines.append(
            "<div><p>\(figure.name.xmlText)</p><p class=\"figure\">\(figure.figure.xmlText)</p><p class=\"note\">\(figure.note.xmlText)</p></div>"
          )
        }
        lines.append("</section>")
        isBesideFigures = true
        if let doubts = warnings[index] {
          lines.append("<section class=\"doubts\"><h3>What makes these figures doubtful</h3><ul>")
          lines += doubts.map { "<li>\($0.xmlText)</li>" }
          lines.append("</ul></section>")
        } else {
          lines.append("<p class=\"note\">Nothing that was watched speaks against these figures.</p>")
        }
      case .field(let label, let text), .entry(let label, let text): fact(label, text.xmlText)
      case .names(let label, let names): fact(label, names.map { "<code>\($0.xmlText)</code>" }.joined(separator: " "))
      case .section(let title):
        within(nil)
        lines.append("<h3>\(title.xmlText)</h3>")
      case .table(let title, let table, let notes):
        within(nil)
        if let title {
          lines.append(isDetail ? "<details><summary>\(title.xmlText)</summary>" : "<h3>\(title.xmlText)</h3>")
        }
        lines += Self.table(table)
        if isDetail, title != nil { lines.append("</details>") }
        if !notes.isEmpty {
          lines.append("<ul class=\"note\">" + notes.map { "<li>\($0.xmlText)</li>" }.joined() + "</ul>")
        }
      case .footnotes(let notes):
        within(nil)
        lines += notes.map { "<p class=\"note\">\($0.xmlText)</p>" }
      case .chart(let chart):
        within(.pictures, class: "pictures")
        lines.append("<figure><figcaption><h3>\(chart.title.xmlText)</h3><p>\(chart.sentence.xmlText)</p></figcaption>")
        lines.append(chart.svg.replacing("<style>\(SVG.style)</style>\n", with: ""))
        lines.append("<details><summary>The picture in figures</summary>")
        lines += Self.table(chart.table)
        lines.append("</details></figure>")
      case .paragraph(let text), .remark(let text):
        within(nil)
        lines.append("<p>\(text.xmlText)</p>")
      case .note(let text):
        within(nil)
        lines.append("<p class=\"note\">\(text.xmlText)</p>")
      case .line(let text):
        within(.list)
        lines.append("<li>\(text.xmlText)</li>")
      case .warning(let warning):
        if isBesideFigures { return }
        within(.list)
        lines.append("<li class=\"warning\">Warning: \(warning.message.xmlText)</li>")
      case .command(let text):
        within(nil)
        lines.append("<pre>\(text.xmlText)</pre>")
      case .space: break
      }
    }

    private mutating func fact(_ label: String, _ text: String) {
      within(.facts)
      if !label.isEmpty { lines.append("<dt>\(label.xmlText)</dt>") }
      lines.append("<dd>\(text)</dd>")
    }

    private static func table(_ table: TextTable) -> [String] {
      let (columns, rows) = table.fullView
      func cells(_ texts: [String], _ tag: String) -> String {
        zip(texts, columns).enumerated().map { index, cell in
          // The first cell of a row names it.
          let isName = tag == "td" && index == 0
          let kind = cell.1.isText ? " class=\"text\"" : ""
          let name = isName ? "th scope=\"row\"" : tag == "th" ? "th scope=\"col\"" : tag
          return "<\(name)\(kind)>\(cell.0.xmlText)</\(isName ? "th" : tag)>"
        }.joined()
      }
      return [
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table><thead><tr>\(cells(columns.map(\.title), "th"))</tr></thead><tbody>"
      ] + rows.map { "<tr>\(cells($0, "td"))</tr>" } + ["</tbody></table></div>"]
    }
  }

  private static let style = """
    :root{--ink:#24292f;--faint:#57606a;--paper:#fff;--line:#d0d7de;--box:#f6f8fa;--doubt:#7d4e00;--doubtbox:#fff8e5;--accent:#0550ae}
    @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--faint:#9aa4af;--paper:#0d1117;--line:#30363d;--box:#161b22;--doubt:#e3b341;
    --doubtbox:#272115;--accent:#79c0ff}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
    main{max-width:1180px;margin:0 auto;padding:24px 16px 48px}
    h1{font-size:1.7rem;margin:0 0 .4rem}h2{font-size:1.3rem;margin:2rem 0 .6rem;border-bottom:1px solid var(--line);padding-bottom:.2rem}
    h3{font-size:1rem;margin:1.2rem 0 .3rem}p{margin:.3rem 0}
    .headlines{display:grid;grid-template-columns:repeat(auto-fit,minmax(230px,1fr));gap:12px;margin:.8rem 0}
    .headlines div{background:var(--box);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
    .figure{font-size:1.55rem;font-weight:650;color:var(--accent);font-variant-numeric:tabular-nums}
    .note{color:var(--faint);font-size:.86rem}.warning{color:var(--doubt)}
    .doubts{background:var(--doubtbox);border-left:4px solid var(--doubt);padding:6px 14px;margin:.6rem 0;font-size:.92rem}
    .doubts h3{margin:.2rem 0;color:var(--doubt)}.doubts ul{margin:.2rem 0;padding-left:1.2rem}
    dl{display:grid;grid-template-columns:minmax(5.5rem,max-content) 1fr;gap:2px 14px;margin:.5rem 0;font-size:.92rem}
    dt{font-weight:600;grid-column:1}dd{margin:0;grid-column:2;overflow-wrap:anywhere}
    code,pre{font:.85em ui-monospace,monospace}pre{background:var(--box);padding:10px;overflow-wrap:anywhere;white-space:pre-wrap}
    .pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,470px),1fr));gap:16px 26px;margin:1rem 0}
    figure{margin:0;min-width:0;break-inside:avoid}figcaption p{font-size:.9rem}figcaption h3{margin:.3rem 0}
    svg{width:100%;height:auto;display:block;margin-top:6px}.paper{fill:var(--paper)!important}
    details{font-size:.86rem}summary{cursor:pointer;color:var(--accent);padding:2px 0}
    .scroll{overflow-x:auto;max-width:100%}
    table{border-collapse:collapse;font-size:.84rem;font-variant-numeric:tabular-nums;margin:.3rem 0}
    th,td{padding:3px 9px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap;font-weight:400}
    thead th{font-weight:600;vertical-align:bottom}th.text,td.text{text-align:left}
    td.text{white-space:normal;min-width:8rem}
    #tip{position:fixed;background:var(--ink);color:var(--paper);padding:4px 8px;border-radius:4px;font-size:.85rem;pointer-events:none;max-width:320px;z-index:9}
    :focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    @media print{:root{--ink:#24292f;--faint:#57606a;--paper:#fff;--line:#d0d7de;--box:#f6f8fa;--doubt:#7d4e00;--doubtbox:#fff8e5;--accent:#0550ae}
    @page{size:A4;margin:12mm}body{font-size:9.5px}main{max-width:none;padding:0}.pictures{grid-template-columns:1fr 1fr;gap:8px 14px}
    .headlines{grid-template-columns:repeat(3,1fr)}details,#tip{display:none}h1{font-size:18px}h2{font-size:14px;margin:10px 0 4px}
    h3{font-size:11px;margin:6px 0 2px}th,td{padding:1px 5px}.scroll{overflow:visible}table{font-size:7.6px}th,td{white-space:normal}
    .figure{font-size:18px}p{margin:2px 0}}
    """

  /// Shows what pointing at a mark says without the wait that browsers make; the same stands in the tables.
  private static let script = """
    (function(){var t=document.getElementById('tip');document.addEventListener('pointermove',function(e){
    var n=e.target.closest&&e.target.closest('svg *'),s=null;while(n&&n.tagName!=='svg'){s=n.querySelector(':scope>title');if(s)break;n=n.parentElement}
    if(!s){t.hidden=true;return}t.textContent=s.textContent;t.hidden=false;
    var x=Math.min(e.clientX+12,innerWidth-t.offsetWidth-8),y=e.clientY+16;if(y+t.offsetHeight>innerHeight)y=e.clientY-t.offsetHeight-10;
    t.style.left=Math.max(4,x)+'px';t.style.top=y+'px'})})()
    """
}
