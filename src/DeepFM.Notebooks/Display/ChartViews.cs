using System.Net;
using System.Text;
using DeepFM.Notebooks.Execution;
using DeepFM.Research.Reporting;
using Plotly.NET;
using Figure = DeepFM.Research.Reporting.Figure;

namespace DeepFM.Notebooks.Display;

/// <summary>How charts are shown: a picture that is there at once, and in its place the live chart where scripts run.</summary>
/// <remarks>
/// No network is needed. The first chart of a notebook carries plotly.js, 3.6 MB; the others wait for it, and keep their
/// picture when it does not come, as in a viewer that runs no scripts.
/// </remarks>
static class ChartViews
{
    const string Library = "plotly";
    static readonly Lazy<string> script = new(ReadScript);

    /// <summary>A figure of the kit.</summary>
    public static View Of(Figure figure) => new(Summary(figure.Title, figure.Caption), () =>
        Html(GenericChart.toJson(FigurePlotly.ToChart(figure)), FigureSvg.ToSvg(figure), figure.Title)
        + (figure.Caption.Length > 0 ? $"<p><small>{WebUtility.HtmlEncode(figure.Caption)}</small></p>" : ""));

    /// <summary>A chart of the user's own. Lines, marks and bars get a picture; other kinds need a script.</summary>
    public static View Of(GenericChart chart)
    {
        string json = GenericChart.toJson(chart);
        Figure? still = StillChart.Of(json);
        return new(Summary(still?.Title ?? "", ""), () =>
            Html(json, still is null ? null : FigureSvg.ToSvg(still), still?.Title ?? "chart"));
    }

    static string Summary(string title, string caption) =>
        $"(chart{(title.Length > 0 ? $": {title}" : "")}){(caption.Length > 0 ? $"\n{caption}" : "")}";

    static string Html(string json, string? svg, string title)
    {
        string id = $"chart-{Guid.NewGuid():N}";
        string picture = svg is null ? "<span>This chart needs a viewer that runs scripts.</span>" : View.Image(svg, title);
        StringBuilder html = new($"<div id=\"{id}\"><div class=\"chart-still\">{picture}</div><div class=\"chart-live\"></div></div>"
            + "<script type=\"text/javascript\">(function () {\n");
        if (CellContext.Current is not { } cell || cell.Session.MustCarry(Library, cell))
        {
            // Names that would lead the library to a module loader are hidden from it, so that it becomes window.Plotly.
            html.Append("if (!window.Plotly) { (function (define, module, exports) {\n").Append(script.Value).Append("\n})(); }\n");
        }
        html.Append($$"""
            var figure = {{json.Replace("</", "<\\/", StringComparison.Ordinal)}};
            function draw() {
              var host = document.getElementById("{{id}}");
              if (!host || host.dataset.drawn) { return; }
              host.dataset.drawn = "1";
              window.Plotly.newPlot(host.querySelector(".chart-live"), figure.data, figure.layout, figure.config || { responsive: true })
                .then(function () { host.querySelector(".chart-still").style.display = "none"; });
            }
            var tries = 0;
            (function wait() {
              if (window.Plotly) { draw(); }
              else if (tries++ < 200) { setTimeout(wait, 100); }
            })();
            })();</script>
            """);
        return html.ToString();
    }

    static string ReadScript()
    {
        System.Reflection.Assembly plotly = typeof(GenericChart).Assembly;
        string name = plotly.GetManifestResourceNames().First(name => name.EndsWith(".min.js", StringComparison.Ordinal));
        using StreamReader reader = new(plotly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd().Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);
    }
}
