using System.Text.RegularExpressions;
using DeepFM.Research.Reporting.Drawing;

namespace DeepFM.Research.Reporting;

/// <summary>What a table, a figure and a report must be to be written. A fault here is one of the caller's code.</summary>
static partial class ReportCheck
{
    /// <summary>Refuses a table without columns, with two columns of one name, or with a row of another length.</summary>
    /// <exception cref="ArgumentException">It is such a table.</exception>
    public static void Table(ResultTable table)
    {
        FileName("table", table.Name);
        if (table.Columns.Count == 0) { throw new ArgumentException($"Table {table.Name} has no columns."); }
        if (table.Columns.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Table {table.Name} has more than one column {twice.Key}.");
        }
        for (int row = 0; row < table.Rows.Count; row++)
        {
            if (table.Rows[row].Count != table.Columns.Count)
            {
                throw new ArgumentException($"Table {table.Name}: row {row} has {table.Rows[row].Count} cells, "
                    + $"but there are {table.Columns.Count} columns.");
            }
        }
    }

    /// <summary>Refuses a figure without panels, or with a series whose lists differ in length or leave the axis.</summary>
    /// <exception cref="ArgumentException">It is such a figure.</exception>
    public static void Figure(Figure figure)
    {
        FileName("figure", figure.Name);
        if (figure.Panels.Count == 0) { throw new ArgumentException($"Figure {figure.Name} has no panels."); }
        foreach (Panel panel in figure.Panels)
        {
            foreach (Series series in panel.Series) { Series(figure, panel, series); }
            if (panel.X is { Logarithmic: true, Categories: null } && panel.Series.Any(FigureLegend.IsBar))
            {
                throw new ArgumentException($"Figure {figure.Name}, panel {panel.Title}: bars need an axis of categories or a linear one.");
            }
        }
    }

    /// <summary>Refuses a report with such a table or figure, or with two files of one name.</summary>
    /// <exception cref="ArgumentException">It is such a report.</exception>
    public static void Report(Report report)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (ReportBlock block in report.Blocks)
        {
            string? name = null;
            if (block is TableBlock { Table: var table })
            {
                Table(table);
                name = table.Name;
            }
            if (block is FigureBlock { Figure: var figure })
            {
                Figure(figure);
                name = figure.Name;
            }
            if (name is not null && !names.Add(name))
            {
                throw new ArgumentException($"The report has two tables or figures called {name}: "
                    + $"both would be written to {name}.csv.");
            }
        }
    }

    static void Series(Figure figure, Panel panel, Series series)
    {
        string where = $"Figure {figure.Name}, series {series.Name}";
        if (series.X.Count != series.Y.Count)
        {
            throw new ArgumentException($"{where}: {series.X.Count} places, but {series.Y.Count} values.");
        }
        if (series.Deviations is { } deviations && deviations.Count != series.Y.Count)
        {
            throw new ArgumentException($"{where}: {deviations.Count} deviations, but {series.Y.Count} values.");
        }
        if (panel.X.Categories is { } categories
            && series.X.Cast<double?>().FirstOrDefault(x => !(x >= 0 && x < categories.Count && x == Math.Floor(x.Value))) is { } outside)
        {
            throw new ArgumentException($"{where}: the place {outside} is no index of the {categories.Count} categories.");
        }
    }

    static void FileName(string what, string name)
    {
        if (!SafeName().IsMatch(name))
        {
            throw new ArgumentException($"The {what}'s name \"{name}\" is not the name of a file: "
                + "it must begin with a letter or digit, and hold letters, digits, '-' and '_' alone.");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]*$")]
    private static partial Regex SafeName();
}
