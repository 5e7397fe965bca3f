using System.Collections;
using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Notebooks.Display;
using DeepFM.Research.Generation;
using DeepFM.Research.Reporting;
using DeepFM.Research.Results;
using DeepFM.Training;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.FSharp.Collections;
using Plotly.NET;

namespace DeepFM.Notebooks;

/// <summary>Makes notebooks show the kit's types well.</summary>
public static class NotebookExtensions
{
    /// <summary>
    /// Registers the formatters. The kernel does so itself; in .NET Interactive a notebook calls it once. Twice does no harm.
    /// </summary>
    public static void Register()
    {
        Register<DataDescription>(DataViews.Of);
        Register<DataSplits>(DataViews.Of);
        Register<BestReachable>(DataViews.Of);
        Register<CtrModel>(ModelViews.Of);
        Register<ModelDefinition>(ModelViews.Of);
        Register<SavedModel>(ModelViews.Of);
        Register<TrainedModel>(ModelViews.Of);
        Register<TrainingHistory>(RunViews.Of);
        Register<RunReport>(RunViews.Of);
        Register<ComparisonTable>(RunViews.Of);
        Register<ResultTable>(TableViews.Of);
        Register<DataFrame>(TableViews.Of);
        Register<Research.Reporting.Figure>(ChartViews.Of);
        Register<GenericChart>(ChartViews.Of);
        Register<Report>(ReportViews.Of);
        Register<ReportBlock>(ReportViews.Of);
        Register<EmbeddingPicture>(picture => picture.ToView());
        Register<TrainingView>(view => view.ToView());
        Register<PlanView>(view => view.ToView());
        ValueViews.Register();
        foreach (string type in new[] { "text/html", Bundles.PlainText })   // F# lists look like other sequences
        {
            Formatter.Register(typeof(FSharpList<>), (value, writer) => writer.Write(AsArray(value).ToDisplayString(type)), type);
        }
    }

    static Array AsArray(object list)
    {
        Type element = list.GetType().GetGenericArguments()[0];
        object?[] items = [.. ((IEnumerable)list).Cast<object?>()];
        Array array = Array.CreateInstance(element, items.Length);
        items.CopyTo(array, 0);
        return array;
    }

    static void Register<T>(Func<T, View> view)
    {
        Formatter.Register<T>((value, writer) => writer.Write(view(value).Html()), "text/html");
        Formatter.Register<T>((value, writer) => writer.Write(view(value).Text), Bundles.PlainText);
        Formatter.SetPreferredMimeTypesFor(typeof(T), "text/html", Bundles.PlainText);
    }
}
