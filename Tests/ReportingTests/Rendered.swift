import Analysis
import Reporting

func screen(_ summary: Summary, width: Int = 80, style: TextStyle = .plain) -> String {
  Terminal.text(ReportPage(summary), width: width, style: style)
}

func markdown(_ summary: Summary) -> String { Markdown.text(ReportPage(summary)) }
