using System.Text;

namespace DeepFM.Research.Reporting;

/// <summary>A figure's values as text.</summary>
public static class FigureText
{
    /// <summary>CSV, one line a point: panel, series, published (true or false), x, category, y, deviation; all digits.</summary>
    /// <remarks>An empty y is a gap. <c>category</c> is the text at <c>x</c>, and empty on an axis of numbers.</remarks>
    /// <exception cref="ArgumentException">A series' lists differ in length, or a place is no category's index.</exception>
    public static string ToCsv(Figure figure)
    {
        ReportCheck.Figure(figure);
        StringBuilder text = new();
        Csv.AppendLine(text, ["panel", "series", "published", "x", "category", "y", "deviation"]);
        foreach (Panel panel in figure.Panels)
        {
            foreach (Series series in panel.Series)
            {
                for (int i = 0; i < series.X.Count; i++)
                {
                    Csv.AppendLine(text,
                    [
                        panel.Title, series.Name, series.Published ? "true" : "false", series.X[i],
                        panel.X.Categories?[(int)series.X[i]], series.Y[i], series.Deviations?[i],
                    ]);
                }
            }
        }
        return text.ToString();
    }
}
