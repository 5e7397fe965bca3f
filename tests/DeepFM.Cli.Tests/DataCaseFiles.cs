using System.Text;

namespace DeepFM.Cli.Tests;

/// <summary>The inputs of <see cref="DataCaseTests"/>, made by the tests themselves.</summary>
static class DataCaseFiles
{
    const string Csv = """ "format": "csv", "header": true """;
    const string TwoTexts = """{ "kind": "categorical", "columns": ["a", "b"], "minCount": 1 }""";

    /// <summary>Writes all of them into a folder, under the names that the cases have.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "damaged"));
        foreach ((string name, string text) in Schemas().Concat(Rows()).Concat(Damaged()))
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }
        File.WriteAllBytes(Path.Combine(folder, "utf16-no-bom.csv"), new UnicodeEncoding(bigEndian: false, byteOrderMark: false)
            .GetBytes("y,a,b\n1,u,v\n0,w,v\n"));
    }

    static IEnumerable<(string Name, string Text)> Schemas() =>
    [
        ("ab.json", Schema(Csv, TwoTexts)),
        ("ab-columns.json", Schema(""" "format": "csv", "columns": ["y", "a", "b"] """, TwoTexts)),
        ("x.json", Schema(Csv, """{ "kind": "value", "column": "x" }""")),
        ("ffm-repeat.json", Schema(""" "format": "libffm", "columns": ["f0", "f1"] """, """
            { "kind": "multiValued", "column": "f0", "pooling": "sum", "minCount": 1 }, { "kind": "categorical", "column": "f1", "minCount": 1 }
            """)),
        ("bag-columns.json", Schema(""" "format": "libffm", "columns": ["f0", "f1"] """,
            """{ "kind": "multiValued", "columns": ["f0..f1"], "pooling": "sum", "minCount": 1 }""")),
        ("libsvm.json", Schema(""" "format": "libsvm" """, """{ "kind": "multiValued", "column": "features", "pooling": "sum", "minCount": 1 }""")),
        ("bag-missing.json", Schema(Csv, """{ "kind": "multiValued", "column": "t", "separator": "|", "minCount": 1 }""")),
        ("pylist.json", Schema(Csv, """{ "kind": "multiValued", "column": "t", "separator": ",", "minCount": 1 }""")),
        ("time.json", Schema(Csv, """{ "kind": "time", "part": "hour", "minCount": 1 }""", """ "timestamp": { "column": "t" }, """)),
        ("time-strptime.json", Schema(Csv, """{ "kind": "time", "part": "hour", "minCount": 1 }""",
            """ "timestamp": { "column": "t", "format": "%Y-%m-%d %H:%M:%S" }, """)),
    ];

    static IEnumerable<(string Name, string Text)> Rows() =>
    [
        ("1e400.csv", "y,x\n0,7\n1,1e400\n"),
        ("bag-missing.csv", "y,t\n0,\n1,u|v|w\n1,w\n0,\n"),
        ("escape.csv", "y,a,b\n0,\u001b[31mred,k\n1,z\0z,l\n"),
        ("ffm-as-libsvm.ffm", "0 0:5:1 1:9:1\n1 0:6:1 1:8:1\n"),
        ("ffm-repeat.ffm", Lines(40, row => row % 2 == 0 ? "1 0:1:1 0:2:1 1:7:1" : "0 0:3:1 0:4:1 1:7:1")),
        ("ffm-repeat-lengths.ffm", Lines(20, row => $"{row % 2} 0:{row}:1 1:7:1 0:{row + 1000}:1")),
        ("has-header.csv", "y,a,b\n0,u,v\n1,w,v\n"),
        ("header-spaces.csv", "y, a , b\n0,u,v\n1,w,v\n"),
        ("libsvm-tabs.libsvm", Lines(70, row => $"{row % 2}\t{row % 7}:1\t{10 + row % 5}:1")),
        ("lone-cr.csv", "y,a,b\r0,u,v\r1,w,v\r"),
        ("long-id.csv", $"y,a,b\n0,{new string('k', 50_000)},v\n1,w,v\n"),
        ("no-header.csv", "0,u,u\n1,w,v\n"),
        ("pylist.csv", "y,t\n0,\"['a', 'b']\"\n1,\"['a']\"\n"),
        ("same.csv", "y,a,b\n" + Lines(200, row => $"{row % 3 % 2},a{row % 8},b{row % 5}")),
        ("space-label.csv", "y,a,b\n1,u,v\n 0,w,v\n"),
        ("time-negative.csv", "y,t\n0,100\n1,-1\n"),
        ("time-strptime.csv", "y,t\n0,2024-02-29 23:59:59\n1,2024-03-01 00:00:00\n"),
    ];

    static IEnumerable<(string Name, string Text)> Damaged() =>
    [
        ("damaged/config_options_null.json", """{ "model": "lr", "options": null, "training": { "optimizer": "ftrl" } }"""),
        ("damaged/metadata_list.ipynb", """{ "metadata": [], "cells": [], "nbformat": 4, "nbformat_minor": 4 }"""),
        ("damaged/cell_type_number.ipynb", """
            { "metadata": {}, "cells": [ { "cell_type": 7, "metadata": {}, "outputs": [], "source": "1" } ], "nbformat": 4, "nbformat_minor": 4 }
            """),
    ];

    static string Schema(string source, string fields, string more = "") => $$"""
        { "name": "case", "source": { {{source}} }, {{more}}
          "label": { {{(source.Contains("lib", StringComparison.Ordinal) ? "" : "\"column\": \"y\",")}} "positive": "1", "negative": "0" },
          "fields": [ {{fields}} ] }
        """;

    static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(row => line(row) + "\n"));
}
